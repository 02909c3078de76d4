from . import res_company
from . import notice
from . import order_return
from . import shipment
