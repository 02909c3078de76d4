from . import res_company
from . import threshold
from . import exception
from . import shipment
