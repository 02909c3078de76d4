from . import company
from . import fact
from . import change
from . import figures
from . import analyze
