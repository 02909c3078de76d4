"""Orders from other programs: read, looked up, stored one by one.

``reader`` (what was sent) → ``lookup`` (what it names) → ``customers`` (whom it is for) →
``oms_order`` (stored, confirmed and allocated), each order in a transaction of ``work``.
"""

from . import payment
from . import sale_order
from . import oms_order
