from . import exception
from . import res_company
from . import sale_order
