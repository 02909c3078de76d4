from . import webhook
from . import notices
from . import page
