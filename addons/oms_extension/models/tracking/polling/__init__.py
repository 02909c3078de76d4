from . import connection
from . import ask
from . import shipment
