from datetime import timedelta

from psycopg2.extras import execute_values

from odoo import api, fields, models

from ....engine.tracking.gaps import longest_gap
from ....engine.tracking.ledger import CAUSES, divide
from . import facts

COLUMNS = ("lane_id", "longest_gap", "late_minutes", *(f"late_{cause}" for cause in CAUSES))
BATCH = 500


class OmsShipment(models.Model):
    """Whose fault a parcel's lateness is, and what else its carrier is judged by."""

    _inherit = "oms.shipment"

    lane_id = fields.Many2one(
        "oms.lane", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    longest_gap = fields.Float(
        "Longest Silence (h)",
        readonly=True,
        copy=False,
        aggregator="avg",
        help="Between two scans, while the carrier held it.",
    )
    late_minutes = fields.Integer(
        "Late (min)", readonly=True, copy=False, help="After what we promised."
    )
    late_sales = fields.Integer("Late by Sales Hold (min)", readonly=True, copy=False)
    late_payment = fields.Integer("Late by Payment (min)", readonly=True, copy=False)
    late_stock = fields.Integer("Late by Waiting for Stock (min)", readonly=True, copy=False)
    late_warehouse = fields.Integer("Late by Warehouse (min)", readonly=True, copy=False)
    late_first_scan = fields.Integer("Late by First Scan (min)", readonly=True, copy=False)
    late_carrier = fields.Integer("Late by Carrier (min)", readonly=True, copy=False)
    late_customs = fields.Integer("Late by Customs (min)", readonly=True, copy=False)
    late_recipient = fields.Integer("Late by Recipient (min)", readonly=True, copy=False)
    late_ledger = fields.Json(compute="_compute_late_ledger")
    score_ids = fields.One2many("oms.carrier.score", "shipment_id")

    # What the scorecard reads of a period, and the open parcels whose lateness grows.
    _handed_index = models.Index("((COALESCE(shipped_at, first_scan_at)))")
    _ledger_index = models.Index("(promised_at) WHERE late_minutes > 0")
    _late_index = models.Index(
        "(promised_at) WHERE delivered_at IS NULL AND promised_at IS NOT NULL "
        "AND state NOT IN ('delivered', 'lost', 'returned', 'cancelled')"
    )

    @api.depends("late_minutes")
    def _compute_late_ledger(self):
        """What the form shows: total and the causes with their share, the largest first."""
        names = self._late_names()
        for shipment in self:
            causes = [
                {"cause": cause, "name": names[cause], "minutes": shipment[f"late_{cause}"]}
                for cause in CAUSES
                if shipment[f"late_{cause}"]
            ]
            shipment.late_ledger = {
                "minutes": shipment.late_minutes,
                "open": not shipment.delivered_at and not shipment.finished,
                "causes": sorted(causes, key=lambda one: -one["minutes"]),
            }

    @api.model
    def _late_names(self):
        """Names of the causes, in the order of the way."""
        return dict(self.env["oms.lateness"]._fields["cause"]._description_selection(self.env))

    def _follow(self):
        result = super()._follow()
        self._keep_score()
        return result

    def _keep_score(self):
        """Bring lane, longest silence and ledger of these shipments up to date."""
        self.flush_recordset()
        now = fields.Datetime.now()
        # The events of an old parcel are folded: what was found from them stands.
        kept = self.filtered(lambda one: not one.events_archived)
        events = facts.events_of(self.env, kept.ids)
        late = kept.filtered(
            lambda one: (
                one.promised_at
                and one.state != "cancelled"
                and one.direction == "outbound"
                and (one.delivered_at or one.returned_at or now) > one.promised_at
            )
        )
        ways = facts.ways_of(self.env, late.ids, events)
        way_of = {one: one._way_taken() for one in kept}
        lanes = self.env["oms.lane"]._lanes_taken(way_of.values())
        rows = []
        for shipment in kept:
            charged = divide(*ways[shipment.id]) if shipment.id in ways else {}
            minutes = [charged.get(cause, 0) for cause in CAUSES]
            gap = longest_gap(events.get(shipment.id, ()))
            lane = lanes[way_of[shipment]] if shipment.direction == "outbound" else None
            row = (lane, gap, sum(minutes), *minutes)
            if row != shipment._score_row():
                rows.append((shipment.id, *row))
        _store(self.env.cr, rows)
        self.invalidate_recordset([*COLUMNS, "late_ledger"], flush=False)

    def _way_taken(self):
        self.ensure_one()
        return (
            self.warehouse_id.id,
            self.carrier_id.id,
            self.country_id.id,
            self.country_state_id.id,
            self.zip or "",
        )

    def _score_row(self):
        """The columns as :meth:`_keep_score` would write them."""
        return (self.lane_id.id or None, self.longest_gap or None, *(self[c] for c in COLUMNS[2:]))

    @api.model
    def _cron_late(self):
        """Bring the ledgers of late parcels that are still open up to date: they grow."""
        before = fields.Datetime.now() - timedelta(minutes=1)
        last = 0
        while True:
            self.env.cr.execute(
                """
                SELECT id FROM oms_shipment
                WHERE id > %s AND promised_at < %s AND delivered_at IS NULL AND active
                    AND state NOT IN ('delivered', 'lost', 'returned', 'cancelled')
                    AND direction = 'outbound'
                ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
                """,
                [last, before, BATCH],
            )
            ids = [one for (one,) in self.env.cr.fetchall()]
            if not ids:
                return
            last = ids[-1]
            self.sudo().browse(ids)._keep_score()
            if not self.env["ir.cron"]._commit_progress(len(ids)):
                return


def _store(cr, rows):
    if rows:
        types = ("int4", "float8", *["int4"] * (len(COLUMNS) - 2))
        settings = ", ".join(
            f"{column} = new.{column}::{kind}" for column, kind in zip(COLUMNS, types, strict=True)
        )
        execute_values(
            cr._obj,
            f"UPDATE oms_shipment SET {settings} FROM (VALUES %s) AS new(id, {', '.join(COLUMNS)}) "
            "WHERE oms_shipment.id = new.id::int4",
            rows,
            page_size=500,
        )
