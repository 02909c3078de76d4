from . import rule
from . import put_away
from . import sent_back
