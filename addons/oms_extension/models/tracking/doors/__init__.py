from . import source
from . import receive
from . import keys
from . import message
from . import work
from . import file_work
