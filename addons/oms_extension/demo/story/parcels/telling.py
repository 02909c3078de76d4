"""A parcel's scans in its carrier's words, as the doors of the addon take them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..carriers import says
from .dispatch import Dispatch, Place
from .journey import Scan
from .plots import scans


def events(dispatch: Dispatch, now: datetime) -> list[dict[str, Any]]:
    """Event dicts of everything that has happened to a parcel until ``now`` (UTC)."""
    if now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    return [event(dispatch, scan) for scan in scans(dispatch, now)]


def event(dispatch: Dispatch, scan: Scan) -> dict[str, Any]:
    """One scan. Its time is the place's own, without saying so, as carriers report it."""
    said = says(dispatch.carrier_key, dispatch.target.country, scan.step)
    if said is None:
        raise ValueError(f"{dispatch.carrier_key} has no words for {scan.step}")
    code, text = said
    told: dict[str, Any] = {
        "tracking_number": dispatch.number,
        "carrier": dispatch.carrier_key,
        "code": code,
        "description": text,
        "occurred_at": scan.at.astimezone(scan.place.zone).replace(tzinfo=None).isoformat(),
        "location": _location(scan.place),
    }
    if dispatch.carrier.vocabulary:
        told["vocabulary"] = dispatch.carrier.vocabulary
    if scan.estimate:
        told["estimated_delivery"] = scan.estimate.isoformat()
    return told


def _location(place: Place) -> dict[str, Any]:
    return {
        "city": place.city,
        "postcode": place.postcode,
        "country": place.country,
        "latitude": round(place.latitude, 4),
        "longitude": round(place.longitude, 4),
    }
