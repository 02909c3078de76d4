from odoo import api, fields, models
from odoo.tools import SQL

# One row per parcel that was handed to a carrier; what is not known of it yet, or was not asked of
# it, is null and counts nowhere. A promise counts once its time has come, kept or not: before, only
# those that came early would. What ended otherwise than at the customer's has missed it.
ENDED = "('delivered', 'lost', 'returning', 'returned', 'damaged')"
HANDED = "COALESCE(shipped_at, first_scan_at)"
NOW = "now() AT TIME ZONE 'UTC'"
TRANSIT = f"""
    CASE WHEN delivered_at >= {HANDED}
         THEN EXTRACT(EPOCH FROM delivered_at - {HANDED})::float8 / 86400 END
"""
PARCELS = f"""
    SELECT id, id AS shipment_id, name, company_id, direction, state,
           oms_carrier_id, carrier_id, warehouse_id, country_id, lane_id,
           upper(left(zip, 2)) AS zip_group,
           {HANDED} AS handed_at, date_trunc('week', {HANDED})::date AS week,
           CASE WHEN promised_at <= {NOW}
                THEN (COALESCE(delivered_at < promised_at + interval '1 minute', false))::int
           END AS on_time,
           CASE WHEN carrier_promised_at <= {NOW}
                THEN (COALESCE(delivered_at < carrier_promised_at + interval '1 minute',
                               false))::int
           END AS carrier_on_time,
           CASE WHEN delivered_at IS NOT NULL OR attempts > 0
                THEN (delivered_at IS NOT NULL AND COALESCE(attempts, 0) = 0)::int
           END AS first_attempt,
           CASE WHEN state IN {ENDED} THEN COALESCE(was_damaged, false)::int END AS damaged,
           CASE WHEN state IN {ENDED} THEN (state = 'lost')::int END AS lost,
           CASE WHEN state IN {ENDED} THEN (state IN ('returning', 'returned'))::int
           END AS came_back,
           (state NOT IN ('delivered', 'lost', 'returned', 'cancelled'))::int AS on_the_way,
           {TRANSIT} AS transit_days, {TRANSIT} AS transit_median, {TRANSIT} AS transit_most,
           longest_gap,
           CASE WHEN cost > 0 THEN cost::float8 END AS cost
    FROM oms_shipment
    WHERE {HANDED} IS NOT NULL AND state <> 'cancelled'
"""
COLUMNS = [
    "name",
    "company_id",
    "direction",
    "state",
    "oms_carrier_id",
    "carrier_id",
    "warehouse_id",
    "country_id",
    "lane_id",
    "zip",
    "shipped_at",
    "first_scan_at",
    "delivered_at",
    "promised_at",
    "carrier_promised_at",
    "attempts",
    "was_damaged",
    "longest_gap",
    "cost",
]


class Share(fields.Float):
    """Of parcels: 1 counts, 0 does not, and what is not known is neither.

    Odoo's numbers take unknown for 0, in searches and on screen.
    """

    falsy_value = None

    def convert_to_record(self, value, record):
        return False if value is None else value


class OmsCarrierScore(models.Model):
    """What a carrier is judged by, parcel by parcel, as it stands now.

    Nothing is stored: the rows are read from the shipments, so that a number never is older than
    what it counts. Archived shipments count.
    """

    _name = "oms.carrier.score"
    _description = "Carrier Score"
    _auto = False
    _order = "handed_at desc, id desc"
    _depends = {"oms.shipment": COLUMNS}

    shipment_id = fields.Many2one("oms.shipment", readonly=True)
    name = fields.Char("Parcel", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    direction = fields.Selection(
        lambda self: self.env["oms.shipment"]._fields["direction"].selection, readonly=True
    )
    state = fields.Selection(
        lambda self: self.env["oms.shipment"]._fields["state"].selection, readonly=True
    )
    oms_carrier_id = fields.Many2one("oms.carrier", "Carrier", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    country_id = fields.Many2one("res.country", "Destination", readonly=True)
    lane_id = fields.Many2one("oms.lane", readonly=True)
    zip_group = fields.Char(
        "Postcodes", readonly=True, help="The first two characters of the postcode."
    )
    handed_at = fields.Datetime("Handed Over", readonly=True)
    week = fields.Date(readonly=True, help="The Monday of the week in which it was handed over.")
    on_time = Share("On Time", readonly=True, aggregator="avg")
    carrier_on_time = Share("On Time by the Carrier's Promise", readonly=True, aggregator="avg")
    first_attempt = Share("Delivered at First Attempt", readonly=True, aggregator="avg")
    damaged = Share(readonly=True, aggregator="avg")
    lost = Share(readonly=True, aggregator="avg")
    came_back = Share("Came Back Undelivered", readonly=True, aggregator="avg")
    on_the_way = fields.Integer("Still on the Way", readonly=True, aggregator="sum")
    transit_days = fields.Float("Days on the Way", readonly=True, aggregator="avg")
    transit_median = fields.Float(
        "Days on the Way, Half of the Parcels",
        readonly=True,
        aggregator="avg",
        help="Within so many days half of the parcels arrive.",
    )
    transit_most = fields.Float(
        "Days on the Way, Nine in Ten",
        readonly=True,
        aggregator="avg",
        help="Within so many days nine in ten parcels arrive.",
    )
    longest_gap = fields.Float("Longest Silence (h)", readonly=True, aggregator="avg")
    cost = fields.Monetary("Cost per Parcel", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return PARCELS

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        quantile = {"transit_median:avg": 0.5, "transit_most:avg": 0.9}.get(aggregate_spec)
        if quantile:
            return SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
                quantile,
                self._field_to_sql(self._table, "transit_days", query),
            )
        return super()._read_group_select(aggregate_spec, query)

    def action_open_shipment(self):
        """Open the parcel behind a row of a list."""
        self.ensure_one()
        return self.shipment_id._open(self.name)
