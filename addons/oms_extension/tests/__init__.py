from . import allocation, exceptions, network, returns, tracking
from . import (
    test_demo_generator,
    test_demo_parcels,
    test_demo_returns,
    test_javascript,
    test_translations,
)
