"""The sudden end of a process, at a moment that can be had again."""

import os
import signal
from collections.abc import Callable
from itertools import count
from typing import Any

from odoo import sql_db


def die_at(moment: int) -> None:
    """Let SIGKILL end this process when it has passed ``moment`` moments.

    Moments lie before every SQL statement, and before and after every COMMIT: between any two of
    them the database cannot tell the difference.
    """
    passed = count(1)

    def pass_moment() -> None:
        if next(passed) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(work: Callable[..., Any], after: bool) -> Callable[..., Any]:
        def carry_out(*args: Any, **kwargs: Any) -> Any:
            pass_moment()
            result = work(*args, **kwargs)
            if after:
                pass_moment()
            return result

        return carry_out

    for owner, name in ((sql_db.Cursor, "execute"), (sql_db.PsycoConnection, "commit")):
        setattr(owner, name, watched(getattr(owner, name), after=name == "commit"))
