import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.tracking.numbers import normalise
from ...engine.tracking.vocabulary import STATES
from .ingest.store import COLUMN_OF
from .ingest.take import recognised

STATE_NAMES = [
    ("pending", "Pending"),
    ("expired", "No News"),
    ("label_created", "Label Created"),
    ("picked_up", "Handed to Carrier"),
    ("in_transit", "In Transit"),
    ("customs", "In Customs"),
    ("delayed", "Delayed"),
    ("on_hold", "On Hold"),
    ("out_for_delivery", "Out for Delivery"),
    ("attempt_failed", "Delivery Failed"),
    ("ready_for_pickup", "Ready for Pick-up"),
    ("exception", "Problem"),
    ("damaged", "Damaged"),
    ("lost", "Lost"),
    ("returning", "Coming Back"),
    ("delivered", "Delivered"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
]
PARTY_NAMES = [
    ("carrier", "Carrier"),
    ("shipper", "Us"),
    ("recipient", "Recipient"),
    ("customs", "Customs"),
    ("weather", "Weather"),
    ("other", "Somebody Else"),
]
TOLD = {
    *COLUMN_OF.values(),
    *("event_count", "access_token", "follow_pending", "carrier_promised_at", "carrier_eta_at"),
    *("eta_at", "eta_low_at", "eta_high_at"),
}
"""Fields that only events, or what follows from them, may change."""
FINISHED = tuple(key for key, state in STATES.items() if state.terminal)


def new_token():
    """Nobody guesses it: 144 random bits."""
    return secrets.token_urlsafe(18)


class OmsShipment(models.Model):
    """One parcel, or freight unit, on its way: what is in it, what was promised, where it is.

    State and milestones follow from the events alone (``engine/tracking/rules.py``), and only
    ``oms.tracking.ingest`` writes them.
    """

    _name = "oms.shipment"
    _description = "Shipment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "shipped_at desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "tracking_number", "order_id.name"]

    name = fields.Char(required=True, index="trigram")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    direction = fields.Selection(
        [("outbound", "To the Customer"), ("return", "Coming Back")],
        required=True,
        default="outbound",
    )

    # --- what it is -------------------------------------------------------------------------------
    order_id = fields.Many2one("sale.order", index="btree_not_null", check_company=True)
    picking_id = fields.Many2one(
        "stock.picking", "Transfer", index="btree_not_null", check_company=True
    )
    oms_extra = fields.Boolean(
        "No Contents Listed", help="The transfer has more labels than packages."
    )
    package_id = fields.Many2one("stock.package", index="btree_not_null")
    warehouse_id = fields.Many2one("stock.warehouse", index="btree_not_null", check_company=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service", check_company=True)
    oms_carrier_id = fields.Many2one(
        "oms.carrier",
        "Carrier",
        compute="_compute_oms_carrier_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    tracking_number = fields.Char(copy=False)
    tracking_key = fields.Char(
        compute="_compute_tracking_key", store=True, precompute=True, index="btree_not_null"
    )
    tracking_url = fields.Char("Carrier's Page", compute="_compute_tracking_url")
    line_ids = fields.One2many("oms.shipment.line", "shipment_id", "Contents")
    weight = fields.Float("Weight (kg)", digits="Stock Weight")
    cost = fields.Monetary("Freight Cost", help="What this parcel costs us.")
    access_token = fields.Char(
        default=lambda self: new_token(),
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="Opens the tracking page of this parcel without log-in.",
    )

    # --- where it goes ----------------------------------------------------------------------------
    partner_id = fields.Many2one("res.partner", "Recipient", index="btree_not_null")
    city = fields.Char()
    zip = fields.Char("Postcode")
    country_state_id = fields.Many2one("res.country.state", "Destination State")
    country_id = fields.Many2one("res.country", "Destination")

    # --- where it is ------------------------------------------------------------------------------
    state = fields.Selection(
        STATE_NAMES,
        required=True,
        default="pending",
        readonly=True,
        copy=False,
        group_expand="_expand_states",
    )
    reason = fields.Char(readonly=True, copy=False)
    party = fields.Selection(PARTY_NAMES, "Responsible", readonly=True, copy=False)
    state_at = fields.Datetime("In This State Since", readonly=True, copy=False)
    finished = fields.Boolean(compute="_compute_finished", search="_search_finished")
    event_ids = fields.One2many("oms.shipment.event", "shipment_id", "Events")
    event_count = fields.Integer("Events Received", readonly=True, copy=False)
    last_event_at = fields.Datetime("Last News", readonly=True, copy=False)
    last_event_text = fields.Char("Last Message", readonly=True, copy=False)
    last_event_place = fields.Char("Last Place", readonly=True, copy=False)
    signed_by = fields.Char(readonly=True, copy=False)
    attempts = fields.Integer("Failed Attempts", readonly=True, copy=False, aggregator="sum")
    was_damaged = fields.Boolean(readonly=True, copy=False)

    # --- when -------------------------------------------------------------------------------------
    ordered_at = fields.Datetime("Ordered")
    shipped_at = fields.Datetime("Handed Over", index=True)
    first_scan_at = fields.Datetime("First Scan", readonly=True, copy=False)
    out_at = fields.Datetime("First Out for Delivery", readonly=True, copy=False)
    first_attempt_at = fields.Datetime("First Attempt", readonly=True, copy=False)
    last_attempt_at = fields.Datetime("Last Failed Attempt", readonly=True, copy=False)
    ready_at = fields.Datetime("Ready for Pick-up Since", readonly=True, copy=False)
    delivered_at = fields.Datetime("Delivered on", readonly=True, copy=False, index=True)
    returned_at = fields.Datetime("Returned on", readonly=True, copy=False)
    promised_at = fields.Datetime("Promised", help="What we committed to the customer.")
    carrier_promised_at = fields.Datetime(
        "Carrier's Promise", readonly=True, copy=False, help="The carrier's first estimate."
    )
    carrier_eta_at = fields.Datetime(
        "Carrier's Estimate", readonly=True, copy=False, help="The carrier's latest estimate."
    )
    eta_at = fields.Datetime("Estimated Arrival", readonly=True, copy=False)
    eta_low_at = fields.Datetime("Earliest Arrival", readonly=True, copy=False)
    eta_high_at = fields.Datetime("Latest Arrival", readonly=True, copy=False)

    follow_pending = fields.Boolean(
        default=False, copy=False, help="Consequences of news are still to be worked out."
    )

    _follow_index = models.Index("(id) WHERE follow_pending")
    _token_unique = models.UniqueIndex("(access_token)")
    # News changes no indexed column but the state: PostgreSQL then updates the row in its page.
    _open_index = models.Index(
        "(company_id, shipped_at) "
        "WHERE active AND state NOT IN ('delivered', 'lost', 'returned', 'cancelled')"
    )

    def init(self):
        # Room for the next version of a row beside it.
        self.env.cr.execute("ALTER TABLE oms_shipment SET (fillfactor = 80)")

    @api.depends("carrier_id.oms_carrier_id", "tracking_number")
    def _compute_oms_carrier_id(self):
        """The service's carrier, else the one that the number's form proves."""
        known = self.env["oms.carrier"]._by_code()
        for shipment in self:
            carrier = shipment.carrier_id.sudo().oms_carrier_id
            if not carrier and not shipment.oms_carrier_id:
                code = recognised(normalise(shipment.tracking_number or ""))
                carrier = carrier.browse(known[code][0]) if code in known else carrier
            shipment.oms_carrier_id = carrier or shipment.oms_carrier_id

    @api.depends("tracking_number")
    def _compute_tracking_key(self):
        for shipment in self:
            shipment.tracking_key = normalise(shipment.tracking_number or "") or False

    @api.depends("tracking_number", "oms_carrier_id", "picking_id")
    def _compute_tracking_url(self):
        for shipment in self:
            page = (
                shipment.oms_carrier_id.sudo()._page_of(shipment.tracking_number)
                if (shipment.oms_carrier_id)
                else ""
            )
            shipment.tracking_url = page or shipment._odoo_tracking_url()

    def _odoo_tracking_url(self):
        """What Odoo's own carrier integration answers, where it speaks of one parcel."""
        picking = self.picking_id.sudo()
        url = picking.carrier_tracking_url if picking.carrier_tracking_ref else ""
        return url if url and url.startswith(("http://", "https://")) else False

    @api.depends("state")
    def _compute_finished(self):
        for shipment in self:
            shipment.finished = shipment.state in FINISHED

    def _search_finished(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "in" if True in value else "not in", FINISHED)]

    @api.model
    def _expand_states(self, states, domain):
        """Columns of the kanban in the order of the way."""
        return [key for key, _name in STATE_NAMES if key in states]

    def _check_told(self, vals_list):
        """Refuse to set by hand what only events tell.

        :raise UserError: a field among the values follows from the events
        """
        told = TOLD & set().union(*vals_list)
        if told and not self.env.su:
            raise UserError(
                self.env._(
                    "%(field)s follows from the events: tell an event instead.",
                    field=self._fields[min(told)]._description_string(self.env),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_told(vals_list)
        shipments = super().create(vals_list)
        self.env["oms.tracking.ingest"]._adopt(shipments)
        shipments._ask_follow()
        return shipments

    def write(self, vals):
        self._check_told([vals])
        renumbers = vals.keys() & {"tracking_number", "oms_carrier_id", "carrier_id"}
        if renumbers:
            before = {one: (one.tracking_key, one.oms_carrier_id) for one in self}
        result = super().write(vals)
        if renumbers:
            renamed = self.filtered(
                lambda one: before[one] != (one.tracking_key, one.oms_carrier_id)
            )
            self.env["oms.tracking.ingest"]._renumbered({one: before[one][0] for one in renamed})
        return result

    def _told(self):
        """Forget what is cached of these shipments: their news was written past the ORM."""
        self.invalidate_recordset(flush=False)
        self.env["oms.shipment.event"].invalidate_model(flush=False)
        self.env["sale.order"].invalidate_model(
            ["oms_tracking_state", "oms_tracking_summary"], flush=False
        )
        self.env["oms.tracking.ingest"]._wake("oms_extension.cron_follow_shipments")

    def _ask_follow(self):
        """Let the consequences of what has changed be worked out soon, after this transaction."""
        if not self:
            return
        self.env.cr.execute(
            "UPDATE oms_shipment SET follow_pending = true "
            "WHERE id = ANY(%s) AND NOT COALESCE(follow_pending, false)",
            [self.ids],
        )
        self.invalidate_recordset(["follow_pending"], flush=False)
        self.env["oms.tracking.ingest"]._wake("oms_extension.cron_follow_shipments")

    def _follow(self):
        """What news of these shipments entails. Each part of the room adds its own.

        Called by a job for at most some hundred shipments at once, each time anything about them
        changed; it may be called again for the same news.
        """

    def _open(self, name):
        """The action that shows these shipments."""
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "oms.shipment",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action

    def action_renew_link(self):
        """Make the former link to the tracking page useless."""
        self.check_access("write")
        for shipment in self.sudo():
            shipment.access_token = new_token()

    def action_open_carrier_page(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.tracking_url, "target": "new"}
