from . import allocation, exceptions, network
from . import test_demo_generator, test_javascript, test_translations
