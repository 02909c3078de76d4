from . import attempt
from . import page
from . import sale_order
