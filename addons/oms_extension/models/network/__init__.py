from . import lane
from . import res_company
from . import res_partner
from . import safety_buffer
from . import stock_warehouse
from . import zone
