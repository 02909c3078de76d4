"""Prepared figures: what was delivered and what came back, one row each, with all that it is told
apart by. Written by SQL alone (``fact_sql.py``); people look at them behind every number.
"""

from odoo import api, fields, models

from ..order_return import STATES
from ..reason import FAULTS
from ..return_line import OUTCOMES

LATENESS = [
    ("on_time", "On Time"),
    ("day", "One Day Late"),
    ("days", "Two or Three Days Late"),
    ("more", "More than Three Days Late"),
]
PROMOTION = [("full", "Full Price"), ("reduced", "Reduced")]


class OmsReturnDimensions(models.AbstractModel):
    """What delivered and returned units are told apart by, as it was at the delivery."""

    _name = "oms.return.dimensions"
    _description = "Dimensions of the Return Analysis"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one("sale.order", readonly=True)
    order_line_id = fields.Many2one("sale.order.line", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", "Variant", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product", readonly=True)
    category_id = fields.Many2one("product.category", "Product Category", readonly=True)
    vendor_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", "Sent from", readonly=True)
    oms_carrier_id = fields.Many2one("oms.carrier", "Carrier", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service", readonly=True)
    lane_id = fields.Many2one("oms.lane", "Lane", readonly=True)
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


class OmsDeliveryFact(models.Model):
    """Units of one order line that one parcel brought, by lot."""

    _name = "oms.delivery.fact"
    _description = "Delivered Units"
    _inherit = "oms.return.dimensions"
    _log_access = False
    _order = "delivered_on desc, id desc"
    _rec_name = "order_id"

    company_id = fields.Many2one(required=True, ondelete="cascade")
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True, ondelete="cascade")
    shipment_id = fields.Many2one("oms.shipment", "Parcel", readonly=True, ondelete="set null")
    order_id = fields.Many2one(ondelete="cascade")
    order_line_id = fields.Many2one(ondelete="cascade", index="btree_not_null")
    units = fields.Float("Delivered Units", readonly=True)
    returned = fields.Float("Returned Units", readonly=True)
    revenue = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    return_ids = fields.One2many("oms.return.fact", "delivery_id")

    _month_index = models.Index("(company_id, month)")
    _picking_index = models.Index("(picking_id)")
    _product_index = models.Index("(product_tmpl_id, delivered_on)")
    _variant_index = models.Index("(product_id)")

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
            "name": self.order_id.name,
        }


class OmsReturnFact(models.Model):
    """Units of one return line, and what they cost."""

    _name = "oms.return.fact"
    _description = "Returned Units"
    _inherit = "oms.return.dimensions"
    _log_access = False
    _order = "requested_on desc, id desc"
    _rec_name = "return_id"

    company_id = fields.Many2one(required=True, ondelete="cascade")
    delivery_id = fields.Many2one(
        "oms.delivery.fact", "Delivery", readonly=True, ondelete="set null", index="btree_not_null"
    )
    return_id = fields.Many2one("oms.return", readonly=True, ondelete="cascade")
    return_line_id = fields.Many2one("oms.return.line", readonly=True, ondelete="cascade")
    requested_on = fields.Date(readonly=True)
    received_on = fields.Date(readonly=True)
    reason_id = fields.Many2one("oms.return.reason", "Reason", readonly=True)
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

    _line_unique = models.UniqueIndex("(return_line_id)")
    _month_index = models.Index("(company_id, month)")
    _return_index = models.Index("(return_id)")
    _product_index = models.Index("(product_tmpl_id)")
    _variant_index = models.Index("(product_id)")

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
