from . import allocation, exceptions, network, test_javascript, test_translations
