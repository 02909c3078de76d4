"""Prepared figures: what was delivered and what came back, one row each, with all that it is told
apart by. Written by SQL alone (``fact_sql.py``); people look at them behind every number.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from ..order_return import STATES
from ..reason import FAULTS
from ..return_line import OUTCOMES

LATENESS = [
    ("on_time", "On Time"),
    ("day", "One Day Late"),
    ("days", "Two or Three Days Late"),
    ("more", "More than Three Days Late"),
]
KINDS = {
    "many2one": "int4",
    "selection": "varchar",
    "date": "date",
    "integer": "int4",
    "float": "float8",
    "monetary": "float8",
}
PROMOTION = [("full", "Full Price"), ("reduced", "Reduced")]


class OmsReturnDimensions(models.AbstractModel):
    """What delivered and returned units are told apart by, as it was at the delivery."""

    _name = "oms.return.dimensions"
    _description = "Dimensions of the Return Analysis"
    _indexed = ()

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", "Variant", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product", readonly=True)
    category_id = fields.Many2one("product.category", "Product Category", readonly=True)
    vendor_id = fields.Many2one("res.partner", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Sent from", readonly=True)
    oms_carrier_id = fields.Many2one("oms.carrier", "Carrier", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service", readonly=True)
    lane_id = fields.Many2one("oms.lane", readonly=True)
    state_id = fields.Many2one("res.country.state", "Destination State", readonly=True)
    country_id = fields.Many2one("res.country", "Destination", readonly=True)
    team_id = fields.Many2one("crm.team", "Channel", readonly=True)
    pricelist_id = fields.Many2one("product.pricelist", readonly=True)
    promotion = fields.Selection(PROMOTION, readonly=True)
    cohort = fields.Date(
        "Customer since", readonly=True, help="Month of the customer's first order."
    )
    lateness = fields.Selection(LATENESS, readonly=True)
    delivered_on = fields.Date("Delivered on", readonly=True)
    month = fields.Date(readonly=True, help="First day of the month of the delivery.")

    def init(self):
        """Make the table. It has no foreign keys: a million rows would be searched for each record
        that is deleted elsewhere, and what is deleted is no longer looked up anyway.
        """
        if self._abstract:
            return
        columns = {
            name: KINDS[field.type]
            for name, field in self._fields.items()
            if name != "id" and field.type in KINDS and not field.related and not field.compute
        }
        cr = self.env.cr
        cr.execute(
            "SELECT attname FROM pg_attribute "
            "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
            [self._table],
        )
        if {name for (name,) in cr.fetchall()} != {"id", *columns}:
            cr.execute(SQL("DROP TABLE IF EXISTS %s CASCADE", SQL.identifier(self._table)))
            told = SQL(", ").join(
                SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in columns.items()
            )
            cr.execute(
                SQL(
                    "CREATE TABLE %s (id serial PRIMARY KEY, %s)", SQL.identifier(self._table), told
                )
            )
            # Whoever held figures in the former columns prepares them anew.
            cr.execute("SELECT to_regclass('oms_return_figures'), to_regclass('oms_return_column')")
            for table in filter(None, cr.fetchone()):
                cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        for spot, (unique, place) in enumerate(self._indexed):
            cr.execute(
                SQL(
                    "CREATE %s INDEX IF NOT EXISTS %s ON %s %s",
                    SQL("UNIQUE") if unique else SQL(),
                    SQL.identifier(f"{self._table}_{spot}_index"),
                    SQL.identifier(self._table),
                    SQL(place),
                )
            )


class OmsDeliveryFact(models.Model):
    """Units of one order line that one parcel brought, by lot."""

    _name = "oms.delivery.fact"
    _description = "Delivered Units"
    _inherit = "oms.return.dimensions"
    _auto = False
    _log_access = False
    _order = "delivered_on desc, id desc"
    _indexed = (
        (False, "(company_id, month, id)"),
        (False, "(picking_id)"),
        (False, "(order_line_id)"),
        (False, "(product_id, delivered_on)"),
        (False, "(product_tmpl_id, delivered_on)"),
    )
    _rec_name = "order_id"

    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    shipment_id = fields.Many2one("oms.shipment", "Parcel", readonly=True)
    units = fields.Float("Delivered Units", readonly=True)
    returned = fields.Float("Returned Units", readonly=True)
    revenue = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    return_ids = fields.One2many("oms.return.fact", "delivery_id")

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action(name=self.order_id.name)


class OmsReturnFact(models.Model):
    """Units of one return line, and what they cost."""

    _name = "oms.return.fact"
    _description = "Returned Units"
    _inherit = "oms.return.dimensions"
    _auto = False
    _log_access = False
    _order = "requested_on desc, id desc"
    _indexed = (
        (True, "(return_line_id)"),
        (False, "(company_id, month)"),
        (False, "(return_id)"),
        (False, "(order_line_id)"),
        (False, "(delivery_id)"),
        (False, "(product_id)"),
        (False, "(product_tmpl_id)"),
        (False, "(partner_id)"),
    )
    _rec_name = "return_id"

    delivery_id = fields.Many2one("oms.delivery.fact", readonly=True)
    return_id = fields.Many2one("oms.return", readonly=True)
    return_line_id = fields.Many2one("oms.return.line", readonly=True)
    requested_on = fields.Date(readonly=True)
    received_on = fields.Date(readonly=True)
    reason_id = fields.Many2one("oms.return.reason", readonly=True)
    cause_id = fields.Many2one("oms.return.reason", "Cause Found", readonly=True)
    fault = fields.Selection(FAULTS, "Whose Fault", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    comment = fields.Text(related="return_line_id.comment")
    age = fields.Integer("Days after Delivery", readonly=True, aggregator="avg")
    units = fields.Float("Returned Units", readonly=True)
    freight_out = fields.Monetary(readonly=True, help="The share of the parcel that brought them.")
    freight_back = fields.Monetary(readonly=True)
    handling = fields.Monetary(readonly=True)
    support = fields.Monetary("Customer Service", readonly=True)
    write_down = fields.Monetary(
        readonly=True, help="What the goods cost, less what they are worth after inspection."
    )
    lost_margin = fields.Monetary(readonly=True)
    fee = fields.Monetary("Fee Kept", readonly=True)
    cost = fields.Monetary("True Cost", readonly=True)

    def action_open_return(self):
        """Open the return behind a row of a list."""
        self.ensure_one()
        return self.return_id._open(self.return_id.name)

    @api.model
    def _flags_of(self, names, keys):
        """Open findings about each of these groups, a list for each key."""
        return [[] for _key in keys]

    @api.model
    def _reasons_of(self, domain, limit=3):
        """The reasons that most units of these were sent back for: list of (name, units)."""
        groups = self._read_group(
            [*domain, ("reason_id", "!=", False)], ["reason_id"], ["units:sum"],
            order="units:sum desc", limit=limit,
        )  # fmt: skip
        return [(reason.name, units) for reason, units in groups]
