from . import connection
from . import ask
from . import message
from . import shipment
