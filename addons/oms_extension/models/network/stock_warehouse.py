import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockWarehouse(models.Model):
    """What allocation has to know of a warehouse beyond Odoo's own fields."""

    _inherit = "stock.warehouse"

    oms_online = fields.Boolean(
        "Accepts Online Orders",
        default=True,
        help="Orders are allocated to this warehouse. Switch it off to close the warehouse "
        "for new orders; orders allocated before stay.",
    )
    oms_latitude = fields.Float(
        "Latitude", digits=(10, 7), compute="_compute_oms_coordinates", store=True, readonly=False
    )
    oms_longitude = fields.Float(
        "Longitude", digits=(10, 7), compute="_compute_oms_coordinates", store=True, readonly=False
    )
    oms_cutoff = fields.Float(
        "Cut-off Time",
        default=14.0,
        help="Orders allocated before this time of the warehouse's day leave the same day.",
    )
    oms_tz = fields.Selection(
        lambda self: [(tz, tz) for tz in pytz.common_timezones],
        "Time Zone",
        default=lambda self: self.env.user.tz or "UTC",
    )
    oms_calendar_id = fields.Many2one(
        "resource.calendar",
        "Opening Calendar",
        check_company=True,
        help="Days on which parcels leave; its time off closes the warehouse. "
        "Without one the warehouse ships from Monday to Friday.",
    )
    oms_capacity_parcels = fields.Integer(
        "Parcels per Day", help="Parcels this warehouse can send in a day; 0 means no limit."
    )
    oms_capacity_lines = fields.Integer(
        "Lines per Day", help="Order lines this warehouse can pick in a day; 0 means no limit."
    )
    oms_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency")
    oms_handling_parcel = fields.Monetary(
        "Handling per Parcel",
        currency_field="oms_currency_id",
        help="Cost of packing and labelling one parcel here.",
    )
    oms_handling_line = fields.Monetary(
        "Handling per Line",
        currency_field="oms_currency_id",
        help="Cost of picking one order line here.",
    )
    oms_country_ids = fields.Many2many(
        "res.country",
        "oms_warehouse_country_rel",
        string="Countries Served",
        help="Countries this warehouse ships to; empty means all.",
    )
    oms_team_ids = fields.Many2many(
        "crm.team",
        "oms_warehouse_team_rel",
        string="Channels Served",
        help="Sales teams (channels) whose orders this warehouse ships; empty means all.",
    )
    oms_buffer_ids = fields.One2many("oms.safety.buffer", "warehouse_id", "Safety Buffers")
    oms_lane_ids = fields.One2many("oms.lane", "warehouse_id", "Lanes")

    @api.depends(
        "partner_id.country_id",
        "partner_id.zip",
        "partner_id.partner_latitude",
        "partner_id.partner_longitude",
    )
    def _compute_oms_coordinates(self):
        places = self.partner_id._oms_coordinates()
        for warehouse in self:
            latitude, longitude, _precision = places.get(warehouse.partner_id.id) or (0.0, 0.0, "")
            warehouse.oms_latitude = latitude
            warehouse.oms_longitude = longitude

    @api.constrains("oms_cutoff")
    def _check_oms_cutoff(self):
        for warehouse in self:
            if not 0 <= warehouse.oms_cutoff <= 24:
                raise ValidationError(
                    self.env._("The cut-off time is an hour of the day, from 0:00 to 24:00.")
                )

    @api.constrains("oms_latitude", "oms_longitude")
    def _check_oms_coordinates(self):
        for warehouse in self:
            if abs(warehouse.oms_latitude) > 90 or abs(warehouse.oms_longitude) > 180:
                raise ValidationError(
                    self.env._(
                        "A latitude lies between -90 and 90, a longitude between -180 and 180."
                    )
                )

    @api.constrains("oms_capacity_parcels", "oms_capacity_lines")
    def _check_oms_capacity(self):
        for warehouse in self:
            if warehouse.oms_capacity_parcels < 0 or warehouse.oms_capacity_lines < 0:
                raise ValidationError(
                    self.env._("A daily capacity is zero (no limit) or a positive number.")
                )
