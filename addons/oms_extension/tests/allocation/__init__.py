from . import test_access, test_change_by_hand, test_change_order, test_confirm
from . import test_policy, test_presentation, test_reallocate
from . import test_delivery_invoice_return, test_special_products
