"""What happens to the parcels that a visitor is shown, reckoned back from now.

A plot is the end of a way: steps, each so many days ago at some hour of the place where it happens.
Before it the parcel travels as parcels usually do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from ..carriers import says
from .dispatch import Dispatch, Place, depot_of, hubs_between
from .journey import Scan, local, local_day, usual


@dataclass(frozen=True, slots=True)
class Ending:
    """A step ``days_ago`` at ``hour``; ``where``: at the ``hub``, the ``depot``, the ``door``."""

    step: str
    days_ago: int
    hour: float
    where: str = "depot"


@dataclass(frozen=True, slots=True)
class Plot:
    """How a way ends. ``last_usual``: the last step before that, or ``nothing``; empty: all is as
    usual.
    """

    endings: tuple[Ending, ...]
    last_usual: str = "hub"


PLOTS = {
    "out_today": Plot((Ending("arrived", 0, 5.6), Ending("out", 0, 7.7))),
    "delivered_yesterday": Plot(
        (Ending("arrived", 1, 5.4), Ending("out", 1, 7.9), Ending("delivered", 1, 11.4, "door"))
    ),
    "ready_now": Plot(
        (
            Ending("arrived", 2, 5.7),
            Ending("out", 2, 8.1),
            Ending("absent", 2, 12.6, "door"),
            Ending("ready", 2, 16.8, "door"),
        )
    ),
    "ready_yesterday": Plot((Ending("arrived", 1, 5.9), Ending("ready", 1, 13.2, "door"))),
    "absent_now": Plot(
        (Ending("arrived", 1, 5.5), Ending("out", 1, 8.2), Ending("absent", 1, 12.7, "door"))
    ),
    "address": Plot((Ending("arrived", 1, 6.8), Ending("out", 1, 8.6), Ending("address", 1, 11.9))),
    "returning": Plot(
        (
            Ending("arrived", 12, 5.6),
            Ending("out", 12, 8.4),
            Ending("absent", 12, 13.1, "door"),
            Ending("ready", 12, 17.4, "door"),
            Ending("unclaimed", 3, 9.3, "door"),
            Ending("returning", 2, 15.2),
        )
    ),
    "refused": Plot(
        (Ending("arrived", 1, 6.3), Ending("out", 1, 8.0), Ending("refused", 1, 14.4, "door"))
    ),
    "lost": Plot((Ending("lost", 2, 10.4),)),
    "damaged": Plot((Ending("arrived", 2, 5.2), Ending("damaged", 2, 7.4))),
    "silent": Plot((Ending("hub", 6, 21.3, "hub"),), "depot"),
    "not_scanned": Plot((), "label"),
    "delayed": Plot((Ending("delayed", 1, 13.5, "hub"),)),
    "under_way": Plot((Ending("hub", 1, 20.6, "hub"),), "depot"),
    "customs": Plot((Ending("customs", 5, 9.2), Ending("customs_stop", 4, 15.6))),
    "returned": Plot(
        (
            Ending("arrived", 26, 5.6),
            Ending("absent", 26, 13.1, "door"),
            Ending("ready", 26, 17.4, "door"),
            Ending("unclaimed", 15, 9.3, "door"),
            Ending("returning", 14, 15.2),
            Ending("returned", 10, 12.2),
        )
    ),
    "cancelled": Plot((Ending("cancelled", 2, 10.4),), "label"),
    "expired": Plot((Ending("expired", 2, 4.0),), "label"),
    "picked_up": Plot((), "picked_up"),
    "nothing_yet": Plot((), "nothing"),
    "strike": Plot((), ""),
}
"""Ways by their key."""
_BEFORE = ("label", "picked_up", "depot", "hub")


def scans(dispatch: Dispatch, now: datetime) -> list[Scan]:
    """The scans of a parcel until ``now`` (UTC, with zone)."""
    plot = PLOTS.get(dispatch.plot)
    way = usual(dispatch)
    if plot and plot.last_usual:
        way = _with_ending(dispatch, way, plot, now)
    return [scan for scan in way if scan.at <= now]


def _with_ending(dispatch: Dispatch, way: list[Scan], plot: Plot, now: datetime) -> list[Scan]:
    kept = _BEFORE[: _BEFORE.index(plot.last_usual) + 1] if plot.last_usual in _BEFORE else ()
    before = [scan for scan in way if scan.step in kept]
    luck = Random(f"{dispatch.key} ending")
    ends: list[Scan] = []
    for number, end in enumerate(plot.endings):
        place = _where(dispatch, end.where)
        day = _working_day(local_day(place, now) - timedelta(days=end.days_ago), dispatch)
        at = local(place, day, end.hour + luck.uniform(-0.3, 0.3))
        # A demo made at night: what is to have happened today happened just now.
        latest = now - timedelta(minutes=25 * (len(plot.endings) - number))
        ends.append(Scan(end.step, min(at, latest), place))
    ends = [scan for scan in ends if says(dispatch.carrier_key, dispatch.target.country, scan.step)]
    if ends:
        before = [scan for scan in before if scan.at < ends[0].at]
    return [*before, *ends]


def _working_day(day: date, dispatch: Dispatch) -> date:
    while day.weekday() not in dispatch.carrier.days:
        day -= timedelta(days=1)
    return day


def _where(dispatch: Dispatch, where: str) -> Place:
    if where == "door":
        return dispatch.target
    if where == "hub":
        return hubs_between(dispatch)[-1]
    return depot_of(dispatch.target)
