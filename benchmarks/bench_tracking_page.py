"""The customer's pages against the portal's order page of Odoo alone, with many events stored.

    ./oms bench tracking_page [--events 1000000] [--rounds 60] [--quick] [--save]

Both servers run side by side and answer in turns: a page of plain Odoo, then ours. The order is
the same: three lines, delivered in two parcels of eight events each; the table of events holds a
million others of 200,000 parcels.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

from .harness import document, platform
from .harness.server import Served, served
from .harness.side import sides

HEAD = ("page", "median, ms", "÷ order page of plain Odoo")
EVENTS_PER_PARCEL = 5
WAY = ("label_created", "picked_up", "in_transit", "in_transit", "in_transit", "in_transit",
       "out_for_delivery", "delivered")  # fmt: skip


def order(env: Any) -> dict[str, Any]:
    """A delivered order with a link for its customer; on both sides."""
    partner = env["res.partner"].create(
        {"name": "Ada Neri", "email": "ada@example.com", "city": "Torino", "zip": "10121",
         "country_id": env.ref("base.it").id}
    )  # fmt: skip
    warehouse = env["stock.warehouse"].search([], limit=1)
    products = env["product.product"].create(
        [{"name": f"Thing {n}", "is_storable": True, "list_price": 20.0} for n in range(3)]
    )
    for product in products:
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 10)
    made = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "warehouse_id": warehouse.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "product_uom_qty": 2}) for product in products
            ],
        }
    )
    made.action_confirm()
    for picking in made.picking_ids:
        picking.move_ids.picked = True
        picking._action_done()
    return {"path": made.get_portal_url(), "id": made.id}


def story(env: Any, order_id: int, events: int) -> dict[str, Any]:
    """The order's parcels with their way, and ``events`` of other parcels."""
    shipments = env["oms.shipment"]
    transfer = env["sale.order"].browse(order_id).oms_shipment_ids[:1]
    transfer.tracking_number = "1Z999AA10123456784"
    second = transfer.copy({"name": "Second", "tracking_number": "1Z999AA10123456793"})
    shipments.ingest_events(
        [
            {"tracking_number": one.tracking_number, "status": state, "location": "Milano",
             "occurred_at": f"2026-03-{day:02d}T10:00:00Z", "description": "On its way"}
            for one in (transfer, second)
            for day, state in enumerate(WAY, start=1)
        ]
    )  # fmt: skip
    parcels = events // EVENTS_PER_PARCEL
    env.cr.execute(
        """
        INSERT INTO oms_shipment (name, active, company_id, direction, tracking_number,
            tracking_key, state, access_token, event_count, city)
        SELECT 'T' || n, true, %(company)s, 'outbound', 'T' || n, 'T' || n, 'delivered',
            md5('token' || n), %(each)s, 'Roma'
        FROM generate_series(1, %(parcels)s) n;
        INSERT INTO oms_shipment_event (shipment_id, company_id, tracking_key, text, state,
            occurred_at, place, city, door, event_key, received_at)
        SELECT one.id, one.company_id, one.tracking_key, 'On its way', 'in_transit',
            '2026-03-01'::timestamp + k * interval '1 day', 'Roma', 'Roma', 'rpc',
            md5(one.id || '-' || k), now()
        FROM oms_shipment one, generate_series(1, %(each)s) k WHERE one.name LIKE 'T%%';
        """,
        {"company": env.company.id, "each": EVENTS_PER_PARCEL, "parcels": parcels},
    )
    env.cr.execute("ANALYZE oms_shipment; ANALYZE oms_shipment_event")
    env.cr.execute("SELECT count(*) FROM oms_shipment_event")
    [(stored,)] = env.cr.fetchall()
    key = env["oms.tracking.page"]._link_to_order(env["sale.order"].browse(order_id))
    return {"parcel": f"/track/{transfer.access_token}", "order": f"/track/order/{key}",
            "events": stored}  # fmt: skip


class Reader:
    """One visitor, on a connection that stays open."""

    def __init__(self, server: Served, path: str) -> None:
        parts = urlsplit(server.url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.path = path
        self.times: list[float] = []

    def read(self, counts: bool) -> None:
        """Ask for the page. Raises ``RuntimeError`` where it is not there."""
        start = time.perf_counter()
        self.connection.request("GET", self.path, headers={"Accept-Language": "en"})
        response = self.connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{self.path}: {response.status}")
        if counts:
            self.times.append((time.perf_counter() - start) * 1e3)

    @property
    def median(self) -> float:
        return statistics.median(self.times)


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--quick", action="store_true", help="few events, few rounds")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    events, rounds = (20_000, 10) if options.quick else (options.events, options.rounds)
    table = document.Table("tracking-page", HEAD)
    with sides("plain", "addon") as (plain, addon):
        theirs, ours = plain.run(order).result, addon.run(order).result
        told = addon.run(story, order_id=ours["id"], events=events).result
        with served(platform.copied("plain")) as one, served(platform.copied("addon")) as other:
            readers = {
                "order page of the portal, Odoo alone": Reader(one, theirs["path"]),
                "order page of the portal, with the addon": Reader(other, ours["path"]),
                "tracking page of the order": Reader(other, told["order"]),
                "tracking page of a parcel": Reader(other, told["parcel"]),
            }
            for turn in range(rounds + 5):
                for reader in readers.values():
                    reader.read(counts=turn >= 5)
    yardstick = next(iter(readers.values())).median
    for name, reader in readers.items():
        table.add((name, f"{reader.median:.1f}", f"{reader.median / yardstick:.2f}"))
    table.note(
        f"{rounds} rounds in turns, {told['events']:,} events of {events // EVENTS_PER_PARCEL:,} "
        "parcels stored; one server process with threads for each side."
    )
    table.finish(options.save)


if __name__ == "__main__":
    main()
