from . import test_confirm, test_change_order, test_special_products
