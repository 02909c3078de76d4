from . import awaited
from . import receive
from . import warehouse
from . import slip
from . import underway
