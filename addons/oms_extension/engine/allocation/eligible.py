"""Step 1: which warehouses may ship this order, and why the others may not."""

from __future__ import annotations

from . import reasons
from .plan import Reason
from .snapshot import Snapshot, Warehouse


def ruled_out(snapshot: Snapshot, warehouse: Warehouse) -> Reason | None:
    """The first reason why ``warehouse`` serves no order of this kind, or None."""
    if snapshot.online and not warehouse.accepts_online:
        return Reason(reasons.NOT_ONLINE)
    country = snapshot.destination.country
    if warehouse.countries_served and country not in warehouse.countries_served:
        return Reason(reasons.COUNTRY_NOT_SERVED, {"country": country})
    if (
        snapshot.channel is not None
        and warehouse.channels_served
        and snapshot.channel not in warehouse.channels_served
    ):
        return Reason(reasons.CHANNEL_NOT_SERVED, {"channel": snapshot.channel})
    return None
