from . import stock_move
from . import lane
from . import shipment
from . import carrier_score
from . import scorecard
from . import lateness
from . import suggestion
