"""What happens to parcels between the warehouse's door and the customer's: pure, and by seed.

``dispatch.py`` says what leaves, ``journey.py`` where it is scanned and when, ``plots.py`` what
happens to those that a visitor is shown, ``telling.py`` puts it into the carriers' words, and
``outlet.py`` sends the parcels of the shop that is not in Odoo.
"""

from .dispatch import Dispatch, Place
from .outlet import OutletParcel, outlet
from .telling import events

__all__ = ["Dispatch", "OutletParcel", "Place", "events", "outlet"]
