from . import test_lane, test_safety_buffer, test_stock_warehouse, test_zone
