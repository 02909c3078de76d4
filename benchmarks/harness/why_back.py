"""The questions about returns, asked of the prepared figures and of Odoo's own tables."""

from __future__ import annotations

import time
from typing import Any

KEYS = {
    "product": "product.product_tmpl_id",
    "lot": "detail.lot_id",
    "carrier": "parcel.oms_carrier_id",
    "warehouse": "kind.warehouse_id",
    "month": "date_trunc('month', COALESCE(parcel.delivered_at, picking.date_done))",
    "reason": "back.reason_id",
}
PLAIN = """
    SELECT {keys}, sum(detail.quantity_product_uom), sum(back.units),
           sum(line.price_subtotal), count(*)
    FROM stock_move_line detail
    JOIN stock_move move ON move.id = detail.move_id AND move.state = 'done'
    JOIN stock_picking picking ON picking.id = move.picking_id
    JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
    JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
    JOIN sale_order_line line ON line.id = move.sale_line_id
    JOIN product_product product ON product.id = line.product_id
    LEFT JOIN oms_shipment parcel ON parcel.picking_id = picking.id
    LEFT JOIN (
        SELECT came.order_line_id, max(came.reason_id) AS reason_id, sum(came.quantity) AS units
        FROM oms_return_line came JOIN oms_return whole ON whole.id = came.return_id
        WHERE whole.state NOT IN ('rejected', 'cancelled') AND whole.company_id = %(company)s
        GROUP BY 1
    ) back ON back.order_line_id = line.id
    WHERE picking.company_id = %(company)s {period}
    GROUP BY {keys}
"""


def plain(env: Any, by: list[str], days: int) -> int:
    """Delivered and returned units by group, in SQL written by hand. Returns the units sold."""
    keys = ", ".join(KEYS[name] for name in by)
    period = f"AND picking.date_done >= now() - interval '{int(days)} days'" if days else ""
    env.cr.execute("SET LOCAL work_mem = '64MB'")
    env.cr.execute(PLAIN.format(keys=keys, period=period), {"company": env.company.id})
    return int(sum(row[len(by)] for row in env.cr.fetchall()))


def analyze(env: Any, by: list[str], days: int, cold: bool = False) -> int:
    """The contract's answer. Returns the units sold.

    :param cold: as the first question to a process
    """
    if cold:
        _forget()
    answer = env["oms.return"].analyze(by, period=_period(env, days))
    return int(answer["total"]["sold"])


def page(env: Any, days: int) -> int:
    """Everything on the page."""
    answer = env["oms.return"].analysis_page("product", period=_period(env, days), limit=25)
    return int(answer["table"]["total"]["sold"])


def plain_page(env: Any, days: int) -> int:
    """The table, the cohorts and the reasons of the page, in SQL written by hand."""
    sold = plain(env, ["product"], days)
    plain(env, ["month"], days)
    plain(env, ["product", "reason"], days)
    return sold


def prepare(env: Any) -> float:
    """Prepare the figures of everything. Returns the seconds."""
    start = time.perf_counter()
    figures = env["oms.return.figures"].sudo()
    figures._start()
    while figures._step():
        env.cr.commit()
    return time.perf_counter() - start


def look(env: Any) -> int:
    """One look of the detector, the reading included. Returns the findings."""
    return int(env["oms.return.finding"].look())


def touch(env: Any) -> float:
    """One return changes; the figures take it in. Returns the seconds of the latter."""
    env.cr.execute("SELECT max(id) FROM oms_return")
    env["oms.return.change"]._note(env["oms.return"].browse(env.cr.fetchone()[0]))
    start = time.perf_counter()
    env["oms.return.figures"].sudo()._step()
    return time.perf_counter() - start


def size(env: Any) -> tuple[int, int, float]:
    """Delivered and returned rows, and MiB of the columns."""
    env.cr.execute("SELECT count(*) FROM oms_delivery_fact")
    delivered = env.cr.fetchone()[0]
    env.cr.execute("SELECT count(*) FROM oms_return_fact")
    returned = env.cr.fetchone()[0]
    env.cr.execute("SELECT sum(octet_length(data)) FROM oms_return_column")
    return int(delivered), int(returned), float(env.cr.fetchone()[0]) / 2**20


def _period(env: Any, days: int) -> dict[str, str] | None:
    if not days:
        return None
    env.cr.execute("SELECT (now() - %s * interval '1 day')::date", [days])
    return {"from": str(env.cr.fetchone()[0])}


def _forget() -> None:
    from odoo.addons.oms_extension.models.returns.analysis import analyze as module

    module.KEPT.clear()
