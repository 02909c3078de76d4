from . import tracking
from . import returns
