from . import test_lane, test_res_partner, test_safety_buffer, test_stock_warehouse, test_zone
