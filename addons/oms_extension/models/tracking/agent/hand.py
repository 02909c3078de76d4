from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from ....engine.tracking.vocabulary import party_of
from ..ingest import store
from ..ingest.take import Take

VOCABULARY = "hand"
"""Whose status words these are: nobody's codes are looked up for them."""


class OmsShipment(models.Model):
    """News that a person has, from a phone call or the driver."""

    _inherit = "oms.shipment"

    def _add_by_hand(self, event, reason=""):
        """Store an event of each of these shipments, whether they have a number or not.

        :param dict event: an event dict without ``tracking_number``, see ``docs/api.md``
        :param str reason: key of ``engine.tracking.vocabulary.REASONS``
        :raise UserError: it cannot be taken, or is known already
        :raise AccessError: the user may not change the shipments
        """
        self.check_access("write")
        take = _TakeByHand(self, reason)
        answer = take.run(
            [
                event | {"tracking_number": number, "vocabulary": VOCABULARY}
                for number in sorted(set(take.number_of.values()))
            ]
        )
        if answer["errors"]:
            raise UserError(answer["errors"][0]["error"])
        if not answer["stored"]:
            raise UserError(self.env._("This event is known already: nothing was added."))


class _TakeByHand(Take):
    """Takes events for certain shipments, not for all with a number."""

    def __init__(self, shipments, reason):
        super().__init__(shipments.env["oms.tracking.ingest"].sudo(), "hand", None, None, None, "")
        self.shipments = shipments
        self.reason = reason
        self.number_of = {one.id: one.tracking_key or f"OMS{one.id}" for one in shipments}

    def _shipments(self, keys):
        known = defaultdict(list)
        for one in self._locked("id = ANY(%s)", [self.shipments.ids]):
            known[self.number_of[one.id]].append(one)
        return known

    def _row(self, reading, shipment):
        row = list(super()._row(reading, shipment))
        state = row[store.AT["state"]]
        if state and self.reason:
            row[store.AT["reason"]] = self.reason
            row[store.AT["party"]] = party_of(state, self.reason) or None
        return tuple(row)
