from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OmsLane(models.Model):
    """What a parcel costs and how long it takes from one warehouse to one zone."""

    _name = "oms.lane"
    _description = "Lane"
    _order = "warehouse_id, zone_id, sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    zone_id = fields.Many2one(
        "oms.zone", required=True, ondelete="cascade", index=True, check_company=True
    )
    carrier_id = fields.Many2one(
        "delivery.carrier",
        "Carrier Service",
        check_company=True,
        help="Empty: whichever service the order asks for.",
    )
    transit_days = fields.Integer(
        required=True, default=2, help="Working days from the warehouse's door to the customer's."
    )
    base_cost = fields.Monetary(required=True, help="Cost of a parcel before its weight.")
    cost_per_kg = fields.Monetary("Cost per kg", help="Added for each kilogram of billed weight.")
    max_parcel_weight = fields.Float(
        "Max. Parcel Weight (kg)", digits="Stock Weight", help="0 means no limit."
    )
    rate_ids = fields.One2many(
        "oms.lane.rate",
        "lane_id",
        "Weight Steps",
        copy=True,
        help="Where a carrier bills by weight steps, these prices replace base cost and cost "
        "per kilogram.",
    )

    _lane_unique = models.UniqueIndex(
        "(warehouse_id, zone_id, COALESCE(carrier_id, 0))",
        "There is already a lane from this warehouse to this zone with this service: edit it.",
    )

    @api.depends("warehouse_id", "zone_id", "carrier_id")
    def _compute_display_name(self):
        for lane in self:
            route = f"{lane.warehouse_id.code} → {lane.zone_id.name}"
            lane.display_name = f"{route} ({lane.carrier_id.name})" if lane.carrier_id else route

    @api.constrains("transit_days", "base_cost", "cost_per_kg", "max_parcel_weight")
    def _check_figures(self):
        for lane in self:
            if min(lane.transit_days, lane.base_cost, lane.cost_per_kg, lane.max_parcel_weight) < 0:
                raise ValidationError(
                    self.env._(
                        "Lane %(lane)s: transit days, costs and weights cannot be negative.",
                        lane=lane.display_name,
                    )
                )


class OmsLaneRate(models.Model):
    """One weight step of a lane's tariff."""

    _name = "oms.lane.rate"
    _description = "Lane Weight Step"
    _order = "lane_id, max_weight, id"

    lane_id = fields.Many2one("oms.lane", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="lane_id.currency_id")
    max_weight = fields.Float("Up to (kg)", required=True, digits="Stock Weight")
    price = fields.Monetary(required=True)

    _max_weight_unique = models.Constraint(
        "unique (lane_id, max_weight)", "A lane has one price for each weight step."
    )
    _figures_positive = models.Constraint(
        "check (max_weight > 0 and price >= 0)",
        "A weight step ends above 0 kg and its price is not negative.",
    )
