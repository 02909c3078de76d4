from . import test_access, test_change_order, test_confirm, test_policy, test_special_products
