"""Brings Olist's orders into Odoo: network, goods, stock, orders, and allocates the open ones.

Everything goes through RPC, nothing is imported from Odoo, and everything can be repeated: what is
there already is found by its key and left alone, so that a load that was cut off goes on where it
was. What becomes of an order depends on its state in the source:

===================================  ==============================================================
delivered, shipped                   history: confirmed, delivered and locked, without transfers
canceled                             a cancelled order
approved, processing, invoiced, ...  open: confirmed and allocated, one by one, by the real engine
any, but without lines               an empty order: cancelled, or a quotation if still ``created``
===================================  ==============================================================

What was handed to a carrier becomes a shipment with its events; see :mod:`.shipments`.

The times of the source are moved by whole weeks, so that its last purchase lies in the last week.
The date that Olist had estimated is passed on for open orders only if it is still to come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ..reading import Olist
from ..rpc import Odoo
from .goods import make_products, make_stock
from .network import make_company, make_network
from .orders import SOURCE, make_orders
from .shipments import make_shipments
from .target import Target

__all__ = ["load"]


def load(odoo: Odoo, olist: Olist, say: Callable[[str], None] = print) -> dict[str, Any]:
    """Load all, and give the figures of :func:`summary`."""
    last = max(order.purchased for order in olist.orders)
    target = Target(odoo, olist, say, timedelta(weeks=(datetime.now() - last).days // 7))
    make_company(target)
    sites = make_network(target)
    make_stock(target, sites, make_products(target))
    make_orders(target)
    make_shipments(target)
    return summary(target)


def summary(target: Target) -> dict[str, Any]:
    """Numbers of orders by state, and of the allocations in force, counted in the database."""
    odoo = target.odoo
    mine = [["company_id", "=", target.company], ["oms_source", "=", SOURCE]]
    count = {
        state: odoo.call("sale.order", "search_count", [*mine, ["state", "=", state]])
        for state in ("draft", "sale", "cancel")
    }
    allocations = odoo.find(
        "oms.allocation",
        [["company_id", "=", target.company], ["state", "=", "committed"]],
        ["parcel_count", "missing", "total"],
    )
    parcels = [["company_id", "=", target.company]]
    return {
        "shipments": odoo.call("oms.shipment", "search_count", parcels),
        "delivered": odoo.call(
            "oms.shipment", "search_count", [*parcels, ["state", "=", "delivered"]]
        ),
        "orders": count,
        "allocated": len(allocations),
        "parcels": dict(sorted(Counter(one["parcel_count"] for one in allocations).items())),
        "units_missing": sum(one["missing"] for one in allocations),
        "cost": round(sum(one["total"] for one in allocations), 2),
        "exceptions": odoo.call(
            "oms.exception",
            "search_count",
            [["company_id", "=", target.company], ["state", "!=", "closed"]],
        ),
    }
