from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ....engine.tracking.timezones import zone_of
from ....engine.tracking.vocabulary import STATES
from ..shipment import FINISHED
from .advice import advice
from .dates import Dates
from .reasons import reason_name

TONES = [
    ("muted", "Not on its way"),
    ("info", "On its way"),
    ("success", "Arrived"),
    ("warning", "Off the plan"),
    ("danger", "In trouble"),
]
COLORS = {"muted": 0, "info": 4, "success": 10, "warning": 2, "danger": 1}
"""Colours of Odoo's palette, for calendar and cards."""
GRAVE = {"exception", "damaged", "lost", "attempt_failed"}
TROUBLE = tuple(key for key, state in STATES.items() if state.trouble)
ACTION = tuple(key for key, state in STATES.items() if state.action)
NEVER_LATE = ("lost", "returned", "cancelled")


def tone_of(state, late=False):
    """How a state looks: a key of ``TONES``."""
    if state in GRAVE:
        return "danger"
    if STATES[state].trouble or (late and not STATES[state].terminal):
        return "warning"
    if state == "delivered":
        return "success"
    return "info" if STATES[state].physical else "muted"


class OmsShipment(models.Model):
    """What people look for in a shipment at a glance."""

    _inherit = "oms.shipment"

    tone = fields.Selection(TONES, compute="_compute_tone")
    tone_color = fields.Integer(compute="_compute_tone")
    advice = fields.Char("What to Do Now", compute="_compute_advice")
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Not delivered as promised, or expected later than promised.",
    )
    lateness = fields.Char("Late by", compute="_compute_is_late")
    is_trouble = fields.Boolean(
        "Off the Plan", compute="_compute_is_trouble", search="_search_is_trouble"
    )
    needs_action = fields.Boolean(
        compute="_compute_is_trouble",
        search="_search_needs_action",
        help="A person must act: ours, the carrier's or the recipient.",
    )
    reason_name = fields.Char("Why", compute="_compute_reason_name")
    expected_at = fields.Datetime(
        "Expected",
        compute="_compute_expected_at",
        search="_search_expected_at",
        help="When it was delivered, else our estimate, the carrier's, or what was promised.",
    )
    expected_range = fields.Char("Expected Between", compute="_compute_expected_range")
    customer_url = fields.Char(
        "Customer's Tracking Page", compute="_compute_customer_url", groups="base.group_user"
    )

    @api.depends("name", "tracking_number", "order_id")
    def _compute_display_name(self):
        for shipment in self:
            number = shipment.tracking_number or shipment.name
            order = shipment.order_id.sudo().name
            shipment.display_name = f"{order} · {number}" if order else number

    @api.depends("state", "is_late")
    def _compute_tone(self):
        for shipment in self:
            shipment.tone = tone_of(shipment.state, shipment.is_late)
            shipment.tone_color = COLORS[shipment.tone]

    @api.depends("state", "reason", "is_late", "was_damaged", "direction")
    @api.depends_context("lang")
    def _compute_advice(self):
        for shipment in self:
            shipment.advice = advice(self.env, shipment)

    @api.depends("state", "promised_at", "eta_at", "delivered_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for shipment in self:
            arrives = shipment.delivered_at or max(shipment.eta_at or now, now)
            late = bool(
                shipment.promised_at
                and shipment.state not in NEVER_LATE
                and arrives > shipment.promised_at
            )
            shipment.is_late = late
            shipment.lateness = late and shipment._lateness(arrives)

    def _lateness(self, arrives):
        days = self._dates().days_between(self.promised_at, arrives)
        if days > 1:
            return self.env._("%s days late", days)
        return self.env._("1 day late") if days else self.env._("some hours late")

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "(%(state)s NOT IN %(never)s AND %(promised)s < COALESCE(%(delivered)s, "
                "GREATEST(%(eta)s, now() at time zone 'UTC')))",
                state=SQL.identifier(alias, "state"),
                never=NEVER_LATE,
                promised=SQL.identifier(alias, "promised_at"),
                delivered=SQL.identifier(alias, "delivered_at"),
                eta=SQL.identifier(alias, "eta_at"),
            ),
            predicate=lambda one: one.is_late,
        )
        if True in value:
            return late
        return Domain("promised_at", "=", False) | ~late

    @api.depends("state")
    def _compute_is_trouble(self):
        for shipment in self:
            shipment.is_trouble = shipment.state in TROUBLE
            shipment.needs_action = shipment.state in ACTION

    def _search_is_trouble(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "in" if True in value else "not in", TROUBLE)]

    def _search_needs_action(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "in" if True in value else "not in", ACTION)]

    @api.depends("reason")
    @api.depends_context("lang")
    def _compute_reason_name(self):
        for shipment in self:
            shipment.reason_name = reason_name(self.env, shipment.reason)

    @api.depends("delivered_at", "eta_at", "carrier_eta_at", "promised_at")
    def _compute_expected_at(self):
        for shipment in self:
            shipment.expected_at = (
                shipment.delivered_at
                or shipment.eta_at
                or shipment.carrier_eta_at
                or shipment.promised_at
            )

    def _search_expected_at(self, operator, value):
        if operator == "in":
            return NotImplemented
        names = ("delivered_at", "eta_at", "carrier_eta_at", "promised_at")
        return Domain.OR(
            Domain(name, operator, value) & Domain.AND(Domain(one, "=", False) for one in before)
            for name, before in ((name, names[:place]) for place, name in enumerate(names))
        )

    @api.depends("eta_at", "eta_low_at", "eta_high_at", "carrier_eta_at", "state")
    @api.depends_context("lang")
    def _compute_expected_range(self):
        for shipment in self:
            shipment.expected_range = (
                shipment._expected_range(shipment._dates())
                if shipment.state not in FINISHED
                else False
            )

    def _expected_range(self, dates):
        """The days between which the parcel should arrive, as text; the carrier's day without an
        estimate of ours. What is over is not expected any more.
        """
        now = fields.Datetime.now()
        if not self.eta_at:
            later = self.carrier_eta_at and not dates.is_later(now, self.carrier_eta_at)
            return dates.day(self.carrier_eta_at) if later else ""
        low = max(self.eta_low_at or self.eta_at, now)
        high = self.eta_high_at or self.eta_at
        return dates.period(low, high) if high >= now else ""

    def _compute_customer_url(self):
        for shipment in self:
            token = shipment.sudo().access_token
            shipment.customer_url = token and f"{shipment.get_base_url()}/track/{token}"

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    def action_open_picking(self):
        self.ensure_one()
        return self.picking_id._get_records_action()

    # --- made by hand -----------------------------------------------------------------------------

    @api.onchange("tracking_number")
    def _onchange_tracking_number(self):
        if self.tracking_number and not self.name:
            self.name = self.tracking_number

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self.order_id:
            self.partner_id = self.order_id.partner_shipping_id
            self.ordered_at = self.order_id.date_order
            self.promised_at = self.order_id.commitment_date or self.order_id.oms_promise_date

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            self.city = self.partner_id.city
            self.zip = self.partner_id.zip
            self.country_state_id = self.partner_id.state_id
            self.country_id = self.partner_id.country_id

    # --- where the parcel goes: its clock ---------------------------------------------------------

    def _clock(self):
        """IANA zone of the recipient; that of the warehouse, or the user, where it is unknown."""
        self.ensure_one()
        country = self.country_id or self.partner_id.country_id
        state = self.country_state_id or self.partner_id.state_id
        return (
            zone_of(country.code or "", state.code or "", self.zip or "", self.city or "")
            or self.warehouse_id.sudo().oms_tz
            or self.env.user.tz
            or "UTC"
        )

    def _dates(self):
        return Dates(self.env, self._clock())
