from . import exception
from . import sale_order
