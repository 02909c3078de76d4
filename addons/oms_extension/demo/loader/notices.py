"""What customers were told about their parcels, written down without telling anybody."""

from datetime import UTC, timedelta

from odoo.fields import Datetime

from ...engine.tracking.tell import send_at

READ_AFTER = timedelta(minutes=6)
"""From the news to the message."""


def told_before(books):
    """The messages that went out as the parcels went their way, as sent."""
    shipments = books.env["oms.shipment"].search(
        [
            ("company_id", "=", books.company.id),
            ("order_id", "!=", False),
            ("direction", "=", "outbound"),
        ]
    )
    untold = books.company._oms_untold()
    values = []
    for shipment in shipments:
        partner = shipment._notice_partner()
        for kind, at in _news(shipment):
            if at and kind not in untold and partner.email_normalized:
                values.append(_sent(shipment, partner, kind, at))
    books.env["oms.shipment.notice"].create(values)


def queue_nothing(books):
    """What has just come up was told a moment ago: the demo writes to nobody by itself."""
    notices = books.env["oms.shipment.notice"].search(
        [("company_id", "=", books.company.id), ("state", "=", "queued")]
    )
    now = Datetime.now()
    for notice in notices:
        at = min(notice.planned_at, now)
        notice.write(
            {
                "state": "sent",
                "planned_at": at,
                "written_at": at,
                "sent_at": at,
                "told_until": notice.shipment_id._tellable_until(),
            }
        )


def _news(shipment):
    """(kind, moment or False) of everything that was news to a customer."""
    state, since = shipment.state, shipment.state_at
    yield "shipped", shipment.first_scan_at and shipment.shipped_at
    yield "out_for_delivery", shipment.out_at
    yield "attempt_failed", shipment.last_attempt_at
    yield "ready_for_pickup", shipment.ready_at
    yield "delivered", shipment.delivered_at
    yield "returning", state == "returning" and since
    yield "lost", state == "lost" and since


def _sent(shipment, partner, kind, happened_at):
    company = shipment.company_id
    planned_at = send_at(
        (happened_at + READ_AFTER).replace(tzinfo=UTC),
        shipment._customer_zone(),
        company.oms_quiet_from,
        company.oms_quiet_until,
    ).replace(tzinfo=None)
    at = min(planned_at, Datetime.now())
    return {
        "shipment_id": shipment.id,
        "company_id": company.id,
        "kind": kind,
        "state": "sent",
        "happened_at": happened_at,
        "planned_at": at,
        "written_at": at,
        "sent_at": at,
        "partner_id": partner.id,
        "email": partner.email_formatted,
        "told_until": kind == "shipped" and shipment.promised_at,
    }
