"""What the jobs of the past months would have done: learning, judging, and people's work on it."""

from datetime import timedelta

from odoo.fields import Datetime

from . import notices

LEARNING = (
    ("oms.watch.threshold", "_cron_learn"),
    ("oms.eta.model", "_cron_learn"),
    ("oms.lane", "_cron_learn"),
)
FOLLOWED_AT_ONCE = 200
CLAIM = "Claim filed with BRT, reference RC-20417; the contents are sent anew."


def build(books):
    """Learn from the parcels, work out what follows from their news, then act on some of it."""
    for model, method in LEARNING:
        if model in books.env and hasattr(books.env[model], method):
            getattr(books.env[model].sudo(), method)()
    notices.told_before(books)
    _follow(books)
    notices.queue_nothing(books)
    _exceptions(books)


def _follow(books):
    """The consequences of all news, as the jobs work them out."""
    shipments = books.env["oms.shipment"].search(
        [("company_id", "=", books.company.id), ("follow_pending", "=", True)], order="id"
    )
    for start in range(0, len(shipments), FOLLOWED_AT_ONCE):
        shipments[start : start + FOLLOWED_AT_ONCE]._follow_safely()


def _exceptions(books):
    """Somebody has begun to work on what is wrong with parcels."""
    raised = books.env["oms.exception"].search(
        [
            ("company_id", "=", books.company.id),
            ("state", "=", "open"),
            ("shipment_id", "!=", False),
        ],
        order="severity desc, id",
    )
    _as_of_their_cause(books, raised)
    service, warehouse = books.users["service"], books.users["warehouse"]
    now = Datetime.now()
    for place, one in enumerate(raised):
        if one.kind == "lost":
            one.write({"user_id": service.id, "resolution": CLAIM})
        elif one.kind in ("damaged", "attempt"):
            one.user_id = service
        elif one.kind == "no_scan":
            one.user_id = warehouse
        elif one.kind == "silent" and place % 3 == 0:
            one.write({"state": "snoozed", "snoozed_until": now + timedelta(days=1)})


def _as_of_their_cause(books, raised):
    """They were opened when it happened, not when the demo was made, and some are overdue."""
    opened, overdue = [], []
    for place, one in enumerate(raised):
        shipment = one.shipment_id
        since = shipment.promised_at if one.kind == "late" else shipment.state_at
        at = min(since or shipment.shipped_at or one.create_date, one.create_date)
        opened.append((one.id, at + timedelta(minutes=4)))
        if one.create_date - at > timedelta(days=1) and place % 4 == 0:
            overdue.append((one.id, at + timedelta(days=1)))
    books.backdate("oms.exception", ("create_date",), opened)
    books.backdate("oms.exception", ("deadline",), overdue)
