from . import allocation_change
from . import notice_preview
from . import return_policy_preview
from . import return_request
from . import shipment_event
from . import stock_backorder_confirmation
from . import stock_return_picking
from . import tracking_file
