from . import test_request
from . import test_money
from . import test_money_properties
from . import test_pay_back
from . import test_ask
from . import test_rpc
from . import test_return_page
