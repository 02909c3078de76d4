from . import test_ingest
from . import test_shipment
from . import test_polling
from . import test_archive
from . import test_inbox
from . import test_webhook
from . import test_file_import
from . import test_eta
