from . import draft
from . import page
from . import status
from . import tracking_page
