from . import eta_mixin
from . import eta_score
from . import eta_model
from . import shipment
from . import allocation_parcel
from . import sale_order
