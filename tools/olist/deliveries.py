"""Olist's orders as the parcels of which the addon learns arrival times.

Two stages: from the order, and from the hand-over to the carrier. Rows that contradict themselves
are left out and counted. Needs numpy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zlib import crc32

import numpy as np

from .network import great_circle_km
from .reading import Olist, Point

# network.py makes the addon's engine importable
from engine.tracking.eta.parcels import Feature, Floats, Parcels  # isort: skip

ZERO = datetime(1970, 1, 1)
DAY = 86_400.0
GIVEN_UP = ("canceled", "unavailable")
NATURAL = 0.03
"""Share of orders without a delivery in the full set, about. Samples of it keep far more."""
COLUMNS = {
    "state": "customer_state",
    "lane": "lane",
    "zip2": "zip2",
    "zip3": "zip3",
    "origin_zip": "seller_zip",
    "origin": "seller",
}


@dataclass
class Deliveries:
    """Parcels of both stages, and what was left out.

    :ivar order: from the purchase on. ``handover``: from the hand-over to the carrier.
    :ivar left_out: rows by reason, for both stages. ``open``: parcels without a delivery in each.
    :ivar orders: rows of the orders' file.
    """

    order: Parcels
    handover: Parcels
    left_out: Counter[str] = field(default_factory=Counter)
    open: dict[str, int] = field(default_factory=dict)
    orders: int = 0


def read(folder: Path, undelivered: float = NATURAL) -> Deliveries:
    """Read Olist's files. Raises ``FileNotFoundError`` where the orders are not in ``folder``.

    :param undelivered: parcels without a delivery to keep, as a share of those with one. They serve
        the pace alone; a sample that keeps too many of them says nothing about how many there are.
    """
    olist = Olist(folder)
    left_out: Counter[str] = Counter()
    rows = list(_rows(olist, left_out))
    table = {name: [row[name] for row in rows] for name in rows[0]} if rows else {}
    columns = {name: np.array(table.get(name, ()), dtype=np.float64) for name in NUMBERS}
    features = {name: Feature.of(table.get(column, ())) for name, column in COLUMNS.items()}
    parcels = {
        stage: Parcels(
            columns[start], columns["delivered"], columns["km"], features, columns["due"]
        )
        for stage, start in (("order", "bought"), ("handover", "shipped"))
    }
    names = np.array(table.get("id", ()), dtype=np.str_)
    kept = {stage: _kept(one, names, undelivered) for stage, one in parcels.items()}
    chosen = {stage: parcels[stage].take(rows) for stage, rows in kept.items()}
    without = {stage: int(np.isnan(one.end).sum()) for stage, one in chosen.items()}
    return Deliveries(chosen["order"], chosen["handover"], left_out, without, left_out["rows"])


NUMBERS = ("bought", "shipped", "delivered", "due", "km")


def _kept(parcels: Parcels, names: np.ndarray, undelivered: float) -> np.ndarray:
    """Positions of those with a start: all that were delivered, and a part of the others."""
    begun = ~np.isnan(parcels.start)
    done = begun & ~np.isnan(parcels.end)
    without = np.flatnonzero(begun & ~done)
    most = int(undelivered * done.sum())
    if without.size > most:
        marks = np.array([crc32(name.encode()) for name in names[without]], dtype=np.int64)
        without = without[np.argsort(marks, kind="stable")[:most]]
    return np.sort(np.concatenate((np.flatnonzero(done), without)))


def _rows(olist: Olist, left_out: Counter[str]) -> Iterator[dict[str, object]]:
    """One row per order that says enough; counts the others by reason in ``left_out``."""
    customers = _customers(olist)
    sellers = _sellers(olist)
    origins = _origins(olist)
    seen: set[str] = set()
    for row in olist._rows("olist_orders_dataset.csv"):
        left_out["rows"] += 1
        order = row.get("order_id") or ""
        status = row.get("order_status") or ""
        bought = _days(row.get("order_purchase_timestamp"))
        shipped = _days(row.get("order_delivered_carrier_date"))
        delivered = _days(row.get("order_delivered_customer_date"))
        if not order or order in seen:
            left_out["no order number, or one that was there already"] += 1
            continue
        seen.add(order)
        if np.isnan(bought):
            left_out["no time of purchase"] += 1
            continue
        if status in GIVEN_UP:
            left_out["cancelled or unavailable: nobody waits for them"] += 1
            continue
        if (status == "delivered") != (not np.isnan(delivered)):
            left_out["delivered without a time, or a time without being delivered"] += 1
            continue
        if np.floor(delivered) < np.floor(shipped) or np.floor(delivered) < np.floor(bought):
            left_out["delivered before the hand-over or the purchase"] += 1
            continue
        if np.isnan(shipped) and not np.isnan(delivered):
            left_out["delivered, but the hand-over is not known"] += 1
            continue
        state, prefix = customers.get(row.get("customer_id") or "", ("", ""))
        place = olist.locate(prefix) if prefix else None
        seller, origin, km = _slowest(origins.get(order, ()), sellers, place, olist)
        yield {
            "id": order,
            "bought": bought,
            "shipped": shipped,
            "delivered": delivered,
            "due": _days(row.get("order_estimated_delivery_date")),
            "km": km,
            "customer_state": state,
            "lane": f"{origin[0]} → {state}" if origin[0] and state else "",
            "zip2": prefix[:2],
            "zip3": prefix[:3],
            "seller_zip": origin[1],
            "seller": seller,
        }


def _slowest(
    sellers: tuple[str, ...],
    known: Mapping[str, tuple[str, str]],
    place: Point | None,
    olist: Olist,
) -> tuple[str, tuple[str, str], float]:
    """The origin that the customer waits for: the farthest one of an order of several sellers."""
    best: tuple[str, tuple[str, str], float] = ("", ("", ""), np.nan)
    for seller in sellers:
        origin = known.get(seller, ("", ""))
        point = olist.locate(origin[1]) if origin[1] else None
        km = great_circle_km(*point, *place) if point and place else np.nan
        if not best[0] or km > best[2]:
            best = (seller, origin, km)
    return best


def _customers(olist: Olist) -> dict[str, tuple[str, str]]:
    return {
        row["customer_id"]: (row["customer_state"] or "", _prefix(row["customer_zip_code_prefix"]))
        for row in olist._rows("olist_customers_dataset.csv")
    }


def _sellers(olist: Olist) -> dict[str, tuple[str, str]]:
    return {
        row["seller_id"]: (row["seller_state"] or "", _prefix(row["seller_zip_code_prefix"]))
        for row in olist._rows("olist_sellers_dataset.csv")
    }


def _origins(olist: Olist) -> dict[str, tuple[str, ...]]:
    """Sellers of each order, in the order of their names."""
    found: dict[str, set[str]] = {}
    for row in olist._rows("olist_order_items_dataset.csv"):
        found.setdefault(row["order_id"], set()).add(row["seller_id"])
    return {order: tuple(sorted(sellers)) for order, sellers in found.items()}


def _prefix(text: str | None) -> str:
    """Five digits; spreadsheets drop the leading zero. Empty where there is none."""
    return text.zfill(5) if text else ""


def _days(text: str | None) -> float:
    """Days since 1970-01-01, NaN where there is no time or none that can be read."""
    try:
        return (datetime.fromisoformat(text) - ZERO).total_seconds() / DAY if text else np.nan
    except (ValueError, TypeError):
        return np.nan


def quarters(days: Floats) -> np.ndarray:
    """Names of the quarters of days since 1970-01-01: ``2017 Q4``."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.array([f"{1970 + one // 12} Q{one % 12 // 3 + 1}" for one in months])
