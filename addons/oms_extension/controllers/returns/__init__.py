from . import request
from . import status
from . import portal
