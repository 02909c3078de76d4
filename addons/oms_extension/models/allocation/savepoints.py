"""Which savepoints of a connection are open.

Whoever rolls a whole transaction back ends the savepoints of the code that called it, which fails
when it comes to release them. Neither PostgreSQL nor Odoo tells whether one is open, so Odoo's
savepoints are noted here as they are made.
"""

from functools import wraps
from weakref import WeakKeyDictionary, WeakSet

from odoo.sql_db import Savepoint

_made = WeakKeyDictionary()


def is_open(cr):
    """Whether the transaction of a cursor is inside a savepoint."""
    return any(not savepoint.closed for savepoint in _made.get(cr.connection, ()))


def _noting(init):
    @wraps(init)
    def __init__(self, cr):
        init(self, cr)
        _made.setdefault(cr.connection, WeakSet()).add(self)

    return __init__


Savepoint.__init__ = _noting(Savepoint.__init__)
