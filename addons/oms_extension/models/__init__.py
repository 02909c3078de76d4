from . import network
from . import exceptions
from . import allocation
from . import tracking
from . import returns
