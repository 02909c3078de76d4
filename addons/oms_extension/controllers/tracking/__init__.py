from . import webhook
from . import page
