import re
from datetime import timedelta

from psycopg2.extras import execute_values

from odoo import api, fields, models

from ....engine.tracking import polling
from ..shipment import FINISHED

# A number goes into an address: nothing else than letters and digits does.
ASKABLE = re.compile(r"[0-9A-Z]{4,40}")
ESTIMATE = timedelta(hours=12)
"""Before the moment that a carrier names, its parcel counts as expected."""


class OmsShipment(models.Model):
    """When a parcel is asked about next."""

    _inherit = "oms.shipment"

    next_poll_at = fields.Datetime(
        "Carrier Asked Next", readonly=True, copy=False, help="Empty: it is not asked about."
    )
    last_polled_at = fields.Datetime("Carrier Last Asked", readonly=True, copy=False)
    poll_failures = fields.Integer("Failed Questions", readonly=True, copy=False)
    poll_note = fields.Char(
        "Carrier's Remark",
        readonly=True,
        copy=False,
        help="Why the last question brought nothing.",
    )

    _poll_index = models.Index("(oms_carrier_id, next_poll_at) WHERE next_poll_at IS NOT NULL")

    def _follow(self):
        result = super()._follow()
        self._plan_polling()
        return result

    def _plan_polling(self):
        """Decide when parcels of which there are news are asked about next."""
        served = self._served()
        planned = {}
        for shipment in self:
            due = False
            if (shipment.company_id.id, shipment.oms_carrier_id.id) in served:
                due = shipment._next_poll(fields.Datetime.now()) or False
            # News in between are no reason to put a question off.
            if due and shipment.next_poll_at and shipment.next_poll_at < due:
                continue
            if due != shipment.next_poll_at:
                planned[shipment.id] = due
        self._keep_polling(planned)

    def _next_poll(self, now):
        """When to ask about this parcel, if it was asked about just now; None: never again."""
        self.ensure_one()
        if not self.active or not ASKABLE.fullmatch(self.tracking_key or ""):
            return None
        expected = None
        if self.eta_low_at and self.eta_high_at:
            expected = (self.eta_low_at, self.eta_high_at)
        elif self.carrier_eta_at:
            expected = (self.carrier_eta_at - ESTIMATE, self.carrier_eta_at)
        parcel = polling.Parcel(
            self.state, self.shipped_at or self.create_date, self.last_event_at or None, expected
        )
        due = polling.next_poll(parcel, now, polling.spread_of(self.id))
        return due and due.replace(microsecond=0)

    @api.model
    def _served(self):
        """Pairs (company, carrier) of ids that some connection asks about."""
        connections = (
            self.env["oms.tracking.connection"].sudo().search([("carrier_ids", "!=", False)])
        )
        return {(one.company_id.id, key) for one in connections for key in one.carrier_ids.ids}

    @api.model
    def _keep_polling(self, planned):
        """Dict shipment id → moment or False, many at once and without touching anything else."""
        if not planned:
            return
        execute_values(
            self.env.cr._obj,
            "UPDATE oms_shipment SET next_poll_at = new.at::timestamp "
            "FROM (VALUES %s) AS new(id, at) WHERE oms_shipment.id = new.id::int4",
            [(key, at or None) for key, at in sorted(planned.items())],
        )
        self.browse(planned).invalidate_recordset(["next_poll_at"], flush=False)

    @api.model
    def _enrol_for_polling(self, company, carriers):
        """A new connection: ask about everything of these carriers that is on its way."""
        self.flush_model()
        self.env.cr.execute(
            """
            UPDATE oms_shipment SET next_poll_at = now() at time zone 'UTC'
            WHERE company_id = %s AND oms_carrier_id = ANY(%s) AND active
                AND tracking_key ~ '^[0-9A-Z]{4,40}$' AND next_poll_at IS NULL
                AND state != ALL(%s)
                AND GREATEST(shipped_at, last_event_at, create_date)
                    > now() at time zone 'UTC' - %s
            """,
            [company.id, carriers.ids, list(FINISHED), polling.GIVE_UP],
        )
        self.invalidate_model(["next_poll_at"], flush=False)

    def action_ask_carrier(self):
        """Ask the carriers about these parcels as soon as possible."""
        self.check_access("write")
        served = self._served()
        asked = self.filtered(
            lambda one: (
                (one.company_id.id, one.oms_carrier_id.id) in served
                and ASKABLE.fullmatch(one.tracking_key or "")
            )
        )
        now = fields.Datetime.now()
        self._keep_polling(dict.fromkeys(asked.ids, now))
        if asked:
            self.env["oms.tracking.ingest"]._wake("oms_extension.cron_poll_carriers")
        message = (
            self.env._("%(count)s parcels will be asked about in a moment.", count=len(asked))
            if asked
            else self.env._("No connection asks about these parcels, or they have no number.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "success" if asked else "warning"},
        }
