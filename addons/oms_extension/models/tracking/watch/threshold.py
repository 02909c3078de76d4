from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ....engine.tracking import watch
from . import learn

KINDS = [
    ("first_scan", "From hand-over to the first scan"),
    ("gap", "Between two scans"),
    ("customs", "In customs"),
    ("pickup", "At the pick-up point"),
]
DEFAULTS = {
    "first_scan": watch.FIRST_SCAN_HOURS,
    "gap": watch.GAP_HOURS,
    "customs": watch.CUSTOMS_HOURS,
    "pickup": watch.PICKUP_HOURS,
}


class OmsWatchThreshold(models.Model):
    """How many hours of silence are usual on a lane: learned each night, or set by a person.

    The closest lane counts: the one that a person set first, whatever was learned of a narrower
    one; then the narrowest that was learned; then the default.
    """

    _name = "oms.watch.threshold"
    _description = "Alarm Threshold"
    _order = "kind, carrier_id, warehouse_id, country_id, country_state_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, ondelete="cascade", default=lambda self: self.env.company
    )
    kind = fields.Selection(KINDS, "Silence", required=True, default="gap")
    carrier_id = fields.Many2one("oms.carrier", ondelete="cascade", help="Empty: every carrier.")
    warehouse_id = fields.Many2one(
        "stock.warehouse", ondelete="cascade", check_company=True, help="Empty: every warehouse."
    )
    country_id = fields.Many2one(
        "res.country", "Destination", ondelete="cascade", help="Empty: every country."
    )
    country_state_id = fields.Many2one(
        "res.country.state",
        "State",
        ondelete="cascade",
        domain="[('country_id', '=', country_id)]",
        help="Empty: the whole country.",
    )
    learned_hours = fields.Float("Learned (h)", digits=(8, 1), readonly=True, aggregator=None)
    sample = fields.Integer(
        "Parcels", readonly=True, aggregator=None, help="Delivered parcels it was learned from."
    )
    learned_at = fields.Datetime("Learned on", readonly=True)
    override_hours = fields.Float(
        "Set (h)",
        digits=(8, 1),
        aggregator=None,
        help="Counts instead of what was learned; 0: nothing is set.",
    )
    override_uid = fields.Many2one("res.users", "Set by", readonly=True)
    override_at = fields.Datetime("Set on", readonly=True)
    hours = fields.Float("In Force (h)", digits=(8, 1), compute="_compute_hours")

    _lane_unique = models.UniqueIndex(
        "(company_id, kind, COALESCE(carrier_id, 0), COALESCE(warehouse_id, 0), "
        "COALESCE(country_id, 0), COALESCE(country_state_id, 0))",
        "This lane has a threshold already: edit it.",
    )
    _override_positive = models.Constraint(
        "check (override_hours >= 0)", "A threshold is a number of hours above 0."
    )

    @api.depends("override_hours", "learned_hours")
    def _compute_hours(self):
        for one in self:
            lane = one._lane()
            one.hours = one._in_force(one.kind, lane, one.company_id.id)

    @api.depends("kind", "carrier_id", "warehouse_id", "country_id", "country_state_id")
    def _compute_display_name(self):
        for one in self:
            places = [one.warehouse_id.name, one.country_state_id.name or one.country_id.name]
            parts = [one.carrier_id.name, " → ".join(filter(None, places))]
            one.display_name = ", ".join(filter(None, parts)) or self.env._("All parcels")

    @api.constrains("country_id", "country_state_id")
    def _check_state(self):
        for one in self:
            if one.country_state_id.country_id - one.country_id:
                raise ValidationError(
                    self.env._(
                        "%(state)s is not in %(country)s.",
                        state=one.country_state_id.name,
                        country=one.country_id.name or self.env._("every country"),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("override_hours"):
                vals |= self._signature()
        thresholds = super().create(vals_list)
        thresholds.filtered("override_hours")._changed()
        return thresholds

    def write(self, vals):
        result = super().write(vals | self._signature() if "override_hours" in vals else vals)
        self._changed()
        return result

    def unlink(self):
        lanes = [(one.company_id.id, one._lane()) for one in self]
        result = super().unlink()
        self._look_again(lanes)
        return result

    def _signature(self):
        return {"override_uid": self.env.uid, "override_at": fields.Datetime.now()}

    def _changed(self):
        self._look_again([(one.company_id.id, one._lane()) for one in self])

    @api.model
    def _look_again(self, lanes):
        """Let the open parcels of these lanes be judged anew, soon."""
        self.env.registry.clear_cache()
        self.env["oms.shipment"].flush_model()
        for company, (carrier, warehouse, country, state) in lanes:
            self.env.cr.execute(
                """
                UPDATE oms_shipment SET watch_at = %(now)s
                WHERE watch_at > %(now)s AND company_id = %(company)s
                    AND (%(carrier)s IS NULL OR oms_carrier_id = %(carrier)s)
                    AND (%(warehouse)s IS NULL OR warehouse_id = %(warehouse)s)
                    AND (%(country)s IS NULL OR country_id = %(country)s)
                    AND (%(state)s IS NULL OR country_state_id = %(state)s)
                """,
                {
                    "now": fields.Datetime.now(),
                    "company": company,
                    "carrier": carrier or None,
                    "warehouse": warehouse or None,
                    "country": country or None,
                    "state": state or None,
                },
            )
        self.env["oms.shipment"].invalidate_model(["watch_at"], flush=False)
        if lanes:
            self.env["oms.tracking.ingest"]._wake("oms_extension.cron_watch_shipments")

    def _lane(self):
        """(carrier, warehouse, country, state): ids, false for all."""
        self.ensure_one()
        return (
            self.carrier_id.id,
            self.warehouse_id.id,
            self.country_id.id,
            self.country_state_id.id,
        )

    # --- which one counts -------------------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _by_lane(self, company_id):
        """Dict (kind, lane) → (hours that a person set, hours that were learned), 0 for none."""
        return {
            (one.kind, one._lane()): (one.override_hours, one.learned_hours)
            for one in self.sudo().search([("company_id", "=", company_id)])
        }

    @api.model
    def _in_force(self, kind, lane, company_id, default=None):
        """Hours that count on a lane, see the class."""
        known = self._by_lane(company_id)
        found = [known[kind, one] for one in _wider(lane) if (kind, one) in known]
        hours = [override for override, _learned in found if override]
        hours += [learned for _override, learned in found if learned]
        return hours[0] if hours else (default or DEFAULTS[kind])

    @api.model
    def _limits_of(self, shipment):
        """The engine's ``Limits`` of one shipment."""
        lane = (
            shipment.oms_carrier_id.id,
            shipment.warehouse_id.id,
            shipment.country_id.id,
            shipment.country_state_id.id,
        )
        company = shipment.company_id
        home = shipment.warehouse_id.partner_id.country_id or company.country_id
        abroad = home and shipment.country_id and shipment.country_id != home
        return watch.Limits(
            first_scan=self._in_force("first_scan", lane, company.id),
            gap=self._in_force("gap", lane, company.id, watch.GAP_HOURS_ABROAD if abroad else None),
            customs=self._in_force("customs", lane, company.id),
            pickup=self._in_force("pickup", lane, company.id),
        )

    @api.model
    def _cron_learn(self):
        """Learn from the parcels of the last half year what is usual."""
        self.env.flush_all()
        learn.learn(self.env.cr, self.env.uid)
        self.invalidate_model()
        self.env.registry.clear_cache()


def _wider(lane):
    """The lane itself and those that contain it, the narrowest first."""
    carrier, warehouse, country, state = lane
    masks = (
        (carrier, warehouse, country, state),
        (carrier, warehouse, country, False),
        (False, warehouse, country, state),
        (False, warehouse, country, False),
        (carrier, False, country, state),
        (carrier, False, country, False),
        (False, False, country, state),
        (False, False, country, False),
        (carrier, warehouse, False, False),
        (carrier, False, False, False),
        (False, warehouse, False, False),
        (False, False, False, False),
    )
    return dict.fromkeys(masks)
