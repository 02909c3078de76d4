from odoo import api, fields, models

KINDS = [
    ("no_scan", "Not scanned by the carrier"),
    ("silent", "No news from the carrier"),
    ("carrier_silent", "Carrier is silent"),
    ("number", "Tracking number not known"),
    ("attempt", "Delivery failed"),
    ("address", "Wrong address"),
    ("held", "On hold"),
    ("customs", "Held in customs"),
    ("problem", "Problem on the way"),
    ("uncollected", "Not picked up"),
    ("damaged", "Damaged"),
    ("lost", "Lost"),
    ("returning", "Coming back"),
    ("late", "Will miss its promise"),
]


class OmsException(models.Model):
    """Exceptions of parcels on their way.

    What a person closed stays closed while its cause goes on (``occasion`` tells two occurrences
    apart, ``cause_over`` that it had gone meanwhile) and comes again when it happens anew.
    """

    _inherit = "oms.exception"

    kind = fields.Selection(selection_add=KINDS, ondelete={key: "cascade" for key, _name in KINDS})
    shipment_id = fields.Many2one(
        "oms.shipment",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        readonly=True,
    )
    occasion = fields.Char(readonly=True)
    cause_over = fields.Boolean(readonly=True)

    @api.model
    def _kept_up_to_date(self):
        return (*super()._kept_up_to_date(), "occasion")

    def _still_true(self):
        of_parcels = self.filtered("shipment_id")
        of_carriers = self.filtered(lambda one: one.kind == "carrier_silent")
        gone = of_parcels - of_parcels.shipment_id.sudo()._watched(of_parcels)
        gone |= of_carriers - self.env["oms.shipment"].sudo()._still_silent(of_carriers)
        return super()._still_true() - gone

    @api.model
    def _that_count(self, domain):
        """Exceptions that are open, or that a person closed whose cause goes on since."""
        return self.sudo().search(
            [
                *domain,
                "|",
                ("state", "!=", "closed"),
                "&",
                ("closed_by", "=", "person"),
                ("cause_over", "=", False),
            ]
        )

    @api.model
    def _settle(self, domain, causes):
        """Open what is new, bring up to date what goes on, and close what is over.

        :param domain: whose exceptions these are
        :param causes: dict cause key → values; ``opens`` (not a field) is false for what is too
            old to be opened
        :return: the open exceptions
        """
        known = self._that_count(domain)
        is_open = {one.cause_key: one for one in known if one.state != "closed"}
        closed, over = set(), self.browse()
        for one in known.filtered(lambda one: one.state == "closed"):
            if one.cause_key in causes and causes[one.cause_key]["occasion"] == one.occasion:
                closed.add(one.cause_key)
            else:
                over |= one
        if over:
            over.cause_over = True
        raised = []
        for key, values in causes.items():
            opens = values.pop("opens", True)
            if key in is_open or (opens and key not in closed):
                raised.append(values)
        # Two transactions that open the same are told apart by the unique index on cause_key.
        raised = self._raise_all(raised) if raised else self.browse()
        (known.filtered(lambda one: one.state != "closed") - raised)._close_solved()
        return raised
