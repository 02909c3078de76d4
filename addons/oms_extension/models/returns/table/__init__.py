from . import find
from . import show
from . import take
from . import strange
from . import undo
from . import unannounced
