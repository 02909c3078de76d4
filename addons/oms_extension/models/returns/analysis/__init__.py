from . import company
from . import fact
from . import change
from . import figures
from . import analyze
from . import finding
from . import finding_words
from . import look
