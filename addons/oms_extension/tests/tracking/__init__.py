from . import test_ingest
from . import test_shipment
from . import test_polling
from . import test_archive
