from . import draft
from . import page
from . import goods
from . import questions
from . import status
from . import own
from . import tracking_page
