from . import test_access, test_change_by_hand, test_change_order, test_confirm
from . import test_policy, test_presentation, test_reallocate
from . import test_delivery_invoice_return, test_special_products
from . import test_order_import, test_order_import_hostile
from . import test_availability_promise, test_portal_delivery, test_preview, test_settings
from . import test_audit, test_held
