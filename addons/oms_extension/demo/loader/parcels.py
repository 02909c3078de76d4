"""What carriers said about the parcels, through the one door that the addon has for it."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

from odoo.tools import split_every

from ..story.carriers import OWN_CODES, number
from ..story.network import DHL_PAKET, EXPRESS
from ..story.parcels import Dispatch, events
from ..story.parcels.dispatch import town_place, warehouse_place
from . import after_parcels, doors
from .labels import CARRIER_OF, dispatch_of, place_of

BATCH = 2000
CUSTOMS_SERIAL, RETURN_SERIAL = 499_001, 499_002
UNMATCHED = (
    ("72104990031", "gls", "INTRANSIT", "Das Paket ist am GLS Standort eingetroffen.", "DE"),
    ("1Z8W41236899003427", "ups", "AR", "Arrived at Facility", "DE"),
    ("JJD000390007883412345", "dhl_parcel_de", "EE",
     "Die Sendung wurde im Ziel-Paketzentrum bearbeitet.", "DE"),
)  # fmt: skip
"""News of parcels that nobody has registered: (number, carrier, code, text, country)."""


def build(books):
    """Parcels of the orders, of the outlet and of nobody; then what follows from their news."""
    now = datetime.now(UTC).replace(microsecond=0)
    _teach_codes(books)
    doors.build(books)
    told = defaultdict(list)
    for dispatch in (
        *_of_orders(books),
        *_of_the_outlet(books, now),
        _return(books, now),
        _customs(books, now),
    ):
        told[dispatch.carrier.door] += events(dispatch, now)
    told["webhook"] += _of_nobody(now)
    for door, news in told.items():
        _take(books, door, news)
    _heard_in_time(books)
    after_parcels.build(books)


def _take(books, door, news):
    ingest = books.env["oms.tracking.ingest"]
    for batch in split_every(BATCH, news, list):
        answer = ingest._take(batch, door, company=books.company)
        if answer["errors"]:
            raise ValueError(answer["errors"][0])


def _teach_codes(books):
    """A manager has said what the codes of a carrier mean that no table knows."""
    codes = books.env["oms.tracking.code"].with_user(books.users["manager"]).sudo()
    codes.create(
        [
            {"vocabulary": carrier, "code": code, "state": state, "reason": reason or False}
            for carrier, known in OWN_CODES.items()
            for code, state, reason in known
        ]
    )


# --- whose parcels ----------------------------------------------------------------------------


def _of_orders(books):
    """Those that Odoo's transfers have become, set back to the day on which they left."""
    shipments = books.env["oms.shipment"].search([("tracking_number", "in", list(books.labels))])
    rows, dispatches = [], []
    for shipment in shipments:
        label = books.labels[shipment.tracking_number]
        rows.append((shipment.id, label.order.placed_at, label.left_at, label.left_at))
        dispatches.append(dispatch_of(books, shipment, label))
    books.backdate("oms.shipment", ("ordered_at", "shipped_at", "create_date"), rows)
    return dispatches


def _of_the_outlet(books, now):
    """Registered by the outlet's system, as any program may do it."""
    sent = [one for one in books.story.outlet if one.dispatch.left_at <= now.replace(tzinfo=None)]
    shipments = books.env["oms.shipment"].with_user(books.users["integration"])
    for parcels in split_every(BATCH, sent, list):
        answers = shipments.register([_registered(one, books) for one in parcels])
        refused = [one["errors"] for one in answers if one["errors"]]
        if refused:
            raise ValueError(refused[0])
        books.backdate(
            "oms.shipment",
            ("create_date",),
            [
                (answer["id"], one.dispatch.left_at)
                for answer, one in zip(answers, parcels, strict=True)
            ],
        )
    return [one.dispatch for one in sent]


def _registered(one, books):
    town = one.town
    return {
        "tracking_number": one.dispatch.number,
        "carrier": one.dispatch.carrier_key,
        "service": books.services[one.service].name,
        "warehouse": one.warehouse,
        "shipped_at": one.dispatch.left_at.isoformat(),
        "promised_at": f"{one.promised}T17:00:00",
        "weight": one.weight,
        "cost": one.cost,
        "recipient": {
            "city": town.city,
            "postcode": town.postcode,
            "state": town.state,
            "country": town.country,
        },
    }


def _return(books, now):
    """A customer sends something back: Odoo's own return, with the label that was enclosed."""
    order = books.env.ref("oms_extension.demo_order_parcel_return")
    picking = order.picking_ids.filtered(lambda one: one.state == "done")[:1]
    wizard = (
        books.env["stock.return.picking"]
        .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
        .create({"picking_id": picking.id})
    )
    wizard.product_return_moves[:1].quantity = 1
    back = books.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
    tracking_number = number(CARRIER_OF[DHL_PAKET], RETURN_SERIAL)
    left_at = _afternoon(now, 3)
    back.write(
        {
            "carrier_id": books.services[DHL_PAKET].id,
            "carrier_tracking_ref": tracking_number,
        }
    )
    shipment = back.oms_shipment_ids
    books.backdate("oms.shipment", ("shipped_at", "create_date"), [(shipment.id, left_at, left_at)])
    return Dispatch(
        key="return",
        number=tracking_number,
        carrier_key=CARRIER_OF[DHL_PAKET],
        origin=place_of(order.partner_shipping_id),
        target=warehouse_place(picking.picking_type_id.warehouse_id.code),
        left_at=left_at,
        days=3,
        plot="under_way",
    )


def _customs(books, now):
    """A sample that sales sent to Switzerland without an order, written down by hand."""
    customer = books.customers[books.story.customs.key]
    left_at = _afternoon(now, 7)
    tracking_number = number(CARRIER_OF[EXPRESS], CUSTOMS_SERIAL)
    shipment = books.env["oms.shipment"].create(
        {
            "name": "DEMO-CH",
            "company_id": books.company.id,
            "partner_id": customer.id,
            "warehouse_id": books.warehouses["PIA"].id,
            "carrier_id": books.services[EXPRESS].id,
            "tracking_number": tracking_number,
            "city": customer.city,
            "zip": customer.zip,
            "country_id": customer.country_id.id,
            "ordered_at": left_at - timedelta(hours=5),
            "shipped_at": left_at,
            "promised_at": left_at + timedelta(days=7),
            "weight": 1.2,
            "cost": 31.4,
        }
    )
    books.name(shipment, "shipment_customs")
    return Dispatch(
        key="customs",
        number=tracking_number,
        carrier_key=CARRIER_OF[EXPRESS],
        origin=warehouse_place("PIA"),
        target=town_place(books.story.customs.town),
        left_at=left_at,
        days=2,
        plot="customs",
    )


def _of_nobody(now):
    return [
        {
            "tracking_number": tracking_number,
            "carrier": carrier,
            "code": code,
            "description": text,
            "occurred_at": (now - timedelta(hours=9 * place, minutes=20)).isoformat(),
            "location": {"country": country},
        }
        for place, (tracking_number, carrier, code, text, country) in enumerate(UNMATCHED, 1)
    ]


def _afternoon(now, days_ago):
    """The afternoon of a working day, UTC as Odoo stores it."""
    day = now - timedelta(days=days_ago)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day.replace(hour=15, minute=10, second=0, tzinfo=None)


# --- as if it had been heard when it happened ---------------------------------------------------


def _heard_in_time(books):
    """Events came some minutes after they happened, files in the evening."""
    books.env.flush_all()
    books.env.cr.execute(
        """
        UPDATE oms_shipment_event
        SET received_at = LEAST(received_at, occurred_at + (3 + id %% 50) * interval '1 minute')
        WHERE company_id = %s
        """,
        [books.company.id],
    )
    books.env.cr.execute(
        """
        UPDATE oms_tracking_code code
        SET count = seen.count, last_text = seen.text, first_seen_at = seen.first,
            last_seen_at = seen.last
        FROM (
            SELECT vocabulary, lower(code) AS code, count(*), max(text) AS text,
                   min(received_at) AS first, max(received_at) AS last
            FROM oms_shipment_event WHERE company_id = %s GROUP BY 1, 2
        ) seen
        WHERE seen.vocabulary = code.vocabulary AND seen.code = code.code
        """,
        [books.company.id],
    )
    books.env.invalidate_all(flush=False)
