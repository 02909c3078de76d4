import json

from odoo import api, fields, models
from odoo.tools import SQL

from ....engine.tracking.vocabulary import STATES
from .rows import SHIPMENTS, Rows

TOLD = ("eta_at", "eta_low_at", "eta_high_at", "eta_terms", "eta_late_risk", "eta_tells_late")
OVER = (*(key for key, state in STATES.items() if state.terminal), "returning")
NEVER = tuple(key for key in OVER if key != "delivered")
BATCH = 2000
STORE = """
       UPDATE oms_shipment shipment
          SET eta_at = told.eta_at, eta_low_at = told.eta_low_at, eta_high_at = told.eta_high_at,
              eta_terms = told.eta_terms::jsonb, eta_late_risk = told.eta_late_risk,
              eta_tells_late = told.eta_late_risk IS NOT NULL
         FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[], %s::timestamp[], %s::text[],
                     %s::float8[])
              AS told (id, eta_at, eta_low_at, eta_high_at, eta_terms, eta_late_risk)
        WHERE shipment.id = told.id
"""


class OmsShipment(models.Model):
    """When this parcel will arrive. ``promised_at`` and the carrier's estimate stand beside."""

    _name = "oms.shipment"
    _inherit = ["oms.shipment", "oms.eta.mixin"]

    eta_late_risk = fields.Float(
        "Risk of Being Late",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Probability that the promise is missed.",
    )
    eta_tells_late = fields.Boolean(readonly=True, copy=False)

    @api.depends("city", "carrier_eta_at")
    def _compute_eta_explanation(self):
        return super()._compute_eta_explanation()

    def _eta_place(self):
        return self.city or "", self.carrier_eta_at

    def _follow(self):
        """Each event tells more about the arrival."""
        result = super()._follow()
        self._oms_predict()
        return result

    def _oms_predict(self):
        """Estimate the arrival of these parcels anew, in a number of queries that does not depend
        on theirs. What has arrived keeps its last estimate, what never will has none.
        """
        self.flush_recordset()
        never = self.filtered(lambda one: one.state in NEVER or one.direction == "return")
        values = {one: {} for one in never.filtered("eta_at").ids}
        going = self.filtered(lambda one: one.state not in OVER) - never
        if going:
            rows = Rows(self.env, SHIPMENTS, SQL("shipment.id = ANY(%s)", going.ids))
            values |= {key: {} for key in going.ids} | self._eta_values(rows)
        if not values:
            return
        columns = [[said.get(name) for said in values.values()] for name in TOLD[:3]]
        terms = [
            json.dumps(said["eta_terms"]) if said.get("eta_terms") else None
            for said in values.values()
        ]
        late = [said.get("eta_late_risk") for said in values.values()]
        self.env.cr.execute(STORE, [list(values), *columns, terms, late])
        told = self.browse(values)
        told.invalidate_recordset(TOLD, flush=False)
        told.modified(TOLD)

    @api.model
    def _oms_refresh_arrivals(self, domain=()):
        """Estimate all open parcels anew, or those of a domain: a day has passed, or something was
        learned. Commits batch by batch where a job asks for it. A parcel whose news are being
        stored is left to them.
        """
        domain = [("state", "not in", OVER), ("direction", "=", "outbound"), *domain]
        last = 0
        while True:
            shipments = self.sudo().search([*domain, ("id", ">", last)], order="id", limit=BATCH)
            if not shipments:
                return
            last = shipments[-1].id
            shipments.try_lock_for_update(allow_referencing=True)._oms_predict()
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress(len(shipments))
