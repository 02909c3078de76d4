"""EasyPost: ``tracker.created`` and ``tracker.updated`` events, or a tracker alone.

https://docs.easypost.com/docs/trackers. Times are UTC. The whole history comes each time.
"""

from __future__ import annotations

from collections.abc import Mapping

from .base import Event, Format, Node, event, load, pair
from .names import carrier, country


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    message = load(body).must_be(dict)
    tracker = message["result"] if message["result"] else message
    if tracker["object"].text() not in ("Tracker", ""):
        return []  # of a batch, a payment, …
    shared = {
        "tracking_number": tracker["tracking_code"].required(),
        "carrier": carrier(tracker["carrier"].text()),
        "vocabulary": "easypost",
    }
    events = [_scan(one, shared) for one in tracker["tracking_details"]]
    delivered = [one for one in events if one.get("code", "").startswith("delivered")]
    if delivered and (signer := tracker["signed_by"].text()):
        delivered[-1]["signed_by"] = signer
    # The local day is what was promised; the other is its midnight in UTC.
    estimate = (
        tracker.at("carrier_detail.est_delivery_date_local").text()
        or tracker["est_delivery_date"].text()
    )
    if estimate and not delivered:
        events.append(event(**shared, estimated_delivery=estimate))
    return events


def _scan(scan: Node, shared: Event) -> Event:
    place = scan["tracking_location"]
    return event(
        **shared,
        code=pair(scan["status"].text(), scan["status_detail"].text()),
        occurred_at=scan["datetime"].text(),
        description=scan["message"].text() or scan["description"].text(),
        location={
            "city": place["city"].text(),
            "state": place["state"].text(),
            "postcode": place["zip"].text(),
            "country": country(place["country"].text()),
        },
    )


FORMAT = Format("easypost", "EasyPost", read, vocabulary="easypost")
