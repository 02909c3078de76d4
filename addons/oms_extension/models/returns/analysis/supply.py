"""Probable supply: approved returns on their way, dated, and weighted by how such returns were
graded before.
"""

from datetime import timedelta

from odoo import api, fields, models

from .numeric import INSTALLED, np

if INSTALLED:
    from ....engine.returns.analysis import supply

USUAL_DAYS = 10
"""Days from approval to receipt where too few returns came in to tell."""
FEWEST = 10
"""Graded units before which nothing is known of what can be sold again."""
AWAITED = """
    SELECT line.product_id, back.warehouse_id, line.reason_id,
           line.quantity - COALESCE(line.received_qty, 0) AS units,
           (COALESCE(back.approved_at, back.requested_at)
                + COALESCE(took.days, %(usual)s) * interval '1 day')::date AS day
    FROM oms_return_line line
    JOIN oms_return back ON back.id = line.return_id
    LEFT JOIN (
        SELECT warehouse_id, percentile_cont(0.5) WITHIN GROUP (
            ORDER BY extract(epoch FROM received_at - requested_at) / 86400) AS days
        FROM oms_return
        WHERE company_id = ANY(%(companies)s) AND received_at > requested_at
            AND received_at > now() AT TIME ZONE 'UTC' - interval '180 days'
        GROUP BY 1 HAVING count(*) >= 20
    ) took ON took.warehouse_id = back.warehouse_id
    WHERE back.company_id = ANY(%(companies)s) AND back.state IN ('approved', 'received')
        AND NOT COALESCE(line.keep, false) AND back.way <> 'none'
        AND line.quantity > COALESCE(line.received_qty, 0)
        AND back.requested_at > now() AT TIME ZONE 'UTC' - interval '60 days'
        {where}
"""
GRADED = """
    SELECT line.reason_id, sum(seen.quantity),
           sum(CASE WHEN seen.disposition = 'restock' THEN seen.quantity ELSE 0 END)
    FROM oms_return_inspection seen
    LEFT JOIN oms_return_line line ON line.id = seen.return_line_id
    WHERE seen.company_id = ANY(%(companies)s) AND seen.disposition IS NOT NULL
        AND seen.inspected_at > now() AT TIME ZONE 'UTC' - interval '365 days'
    GROUP BY 1
"""


class OmsReturnSupply(models.AbstractModel):
    """What returns on their way will probably put on the shelf."""

    _name = "oms.return.supply"
    _description = "Probable Supply from Returns"

    @api.model
    def _expected(self, companies, products=None):
        """What is awaited: list of (product id, warehouse id, units, day, chance to be restocked).

        The chance is that of the return's reason, of all inspections of the last year. Empty until
        ten units have been graded.
        """
        if not INSTALLED:
            return []
        self.env.flush_all()
        values = {"companies": companies.ids, "usual": USUAL_DAYS}
        where = ""
        if products is not None:
            where, values["products"] = "AND line.product_id = ANY(%(products)s)", products.ids
        self.env.cr.execute(AWAITED.format(where=where), values)
        awaited = self.env.cr.fetchall()
        if not awaited:
            return []
        self.env.cr.execute(GRADED, values)
        graded = self.env.cr.fetchall()
        if sum(row[1] for row in graded) < FEWEST:
            return []
        ids = sorted({row[0] for row in graded if row[0]} | {row[2] for row in awaited if row[2]})
        code = {key: spot for spot, key in enumerate(ids)}

        def numbers(values):
            return np.array([int(one or 0) for one in values], dtype=np.int64)

        learned = supply.resellable(
            numbers(code.get(row[0], -1) for row in graded),
            numbers(row[1] for row in graded),
            numbers(row[2] for row in graded),
            len(ids),
        )
        chances = learned.of(numbers(code.get(row[2], -1) for row in awaited))
        return [
            (product, warehouse, float(units), day, float(chance))
            for (product, warehouse, _reason, units, day), chance in zip(
                awaited, chances, strict=True
            )
        ]

    @api.model
    def _weeks(self, companies, weeks):
        """Dict warehouse id → units fit for sale per week from tomorrow on; late ones first."""
        start = fields.Date.context_today(self) + timedelta(days=1)
        told = {}
        for _product, warehouse, units, day, chance in self._expected(companies):
            week = max((day - start).days // 7, 0)
            if warehouse and week < weeks:
                told.setdefault(warehouse, [0.0] * weeks)[week] += units * chance
        return {key: [round(one, 1) for one in row] for key, row in told.items()}


class OmsAvailability(models.AbstractModel):
    _inherit = "oms.availability"

    @api.model
    @api.readonly
    def promise(self, lines, destination, policy=None):
        """Adds ``probable`` to each line where the company tells of returns on their way: list of
        dicts ``warehouse``, ``warehouse_name``, ``units`` (the company's share of what is expected,
        rounded down) and ``on`` (date). It is no stock: no date of the answer counts on it.
        """
        answer = super().promise(lines, destination, policy)
        share = self.env.company.sudo().oms_return_supply_share
        if share <= 0:
            return answer
        skus = sorted({one["sku"] for one in answer["lines"]})
        products = self.env["product.product"].search(
            ["|", ("default_code", "in", skus), ("barcode", "in", skus)]
        )
        expected = self.env["oms.return.supply"].sudo()._expected(self.env.company, products)
        sums, days = {}, {}
        for product, warehouse, units, day, chance in expected:
            place = (product, warehouse)
            sums[place] = sums.get(place, 0.0) + units * chance * share
            days[place] = max(day, days.get(place, day))
        houses = self.env["stock.warehouse"].sudo().browse({place[1] for place in sums if place[1]})
        names = {one.id: one.name for one in houses}
        for line in answer["lines"]:
            mine = products.filtered(
                lambda one, sku=line["sku"]: sku in (one.default_code, one.barcode)
            ).ids
            line["probable"] = [
                {
                    "warehouse": place[1],
                    "warehouse_name": names[place[1]],
                    "units": int(units + 1e-6),
                    "on": days[place].isoformat(),
                }
                for place, units in sorted(sums.items(), key=lambda one: days[one[0]])
                if place[0] in mine and place[1] in names and int(units + 1e-6)
            ]
        return answer
