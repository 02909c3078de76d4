from odoo import fields, models


class OmsAllocationParcel(models.Model):
    """One parcel of an allocation, with what it costs and when it travels."""

    _name = "oms.allocation.parcel"
    _description = "Allocated Parcel"
    _order = "allocation_id desc, number, id"

    allocation_id = fields.Many2one("oms.allocation", required=True, ondelete="cascade", index=True)
    number = fields.Integer(required=True)
    state = fields.Selection(related="allocation_id.state", store=True, precompute=True, index=True)
    order_id = fields.Many2one(
        related="allocation_id.order_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="allocation_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    decided_at = fields.Datetime(related="allocation_id.decided_at", store=True, precompute=True)
    country_id = fields.Many2one(
        related="allocation_id.country_id", store=True, precompute=True, string="Destination"
    )
    warehouse_id = fields.Many2one("stock.warehouse", required=True, index=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service")
    line_ids = fields.One2many("oms.allocation.line", "parcel_id", "Contents")

    units = fields.Integer()
    line_count = fields.Integer("Order Lines")
    weight = fields.Float("Weight (kg)", digits="Stock Weight")
    distance = fields.Float("Distance (km)", aggregator="avg")
    ship_at = fields.Datetime("Leaves")
    ship_date = fields.Date(
        "Shipping Day",
        index=True,
        help="The day, in the warehouse's time zone, whose capacity it uses.",
    )
    deliver_at = fields.Datetime("Arrives")
    total = fields.Monetary("Cost")
    freight = fields.Monetary()
    handling = fields.Monetary()
    delay = fields.Monetary("Cost of Delay")
    split_penalty = fields.Monetary("Cost of an Extra Parcel")
