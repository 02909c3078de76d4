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
    learned_days = fields.Integer(
        readonly=True,
        copy=False,
        help="Working days within which as many parcels arrive as the company wants to promise.",
    )
    learned_parcels = fields.Integer(
        "Learned from (Parcels)",
        readonly=True,
        copy=False,
        help="Parcels that arrived over this lane; with few of them the days stay near those "
        "that a person wrote.",
    )
    learned_at = fields.Datetime("Learned on", readonly=True, copy=False)
    learned_use = fields.Selection(
        [("company", "As the company does"), ("yes", "Always"), ("no", "Never")],
        "Promise Learned Days",
        required=True,
        default="company",
        help="Whether allocation promises the days that were learned, once there are any.",
    )
    promised_days = fields.Integer(compute="_compute_promised_days")
    preferred = fields.Boolean(
        help="Parcels to this zone take this service unless the order asks for another.",
    )
    note = fields.Text(help="Why the lane is as it is.")
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

    @api.depends("transit_days", "learned_days", "learned_parcels", "learned_use", "company_id")
    def _compute_promised_days(self):
        """The working days that allocation promises."""
        for lane in self:
            lane.promised_days = lane.learned_days if lane._uses_learned() else lane.transit_days

    def _uses_learned(self):
        self.ensure_one()
        wanted = self.learned_use == "yes" or (
            self.learned_use == "company" and self.company_id.sudo().oms_learned_use
        )
        return wanted and self.learned_parcels > 0

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
