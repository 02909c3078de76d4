from . import worth
from . import return_money
from . import refund
from . import pay_back
from . import by_hand
from . import exchange
from . import credit
