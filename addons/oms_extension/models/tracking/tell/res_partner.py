from odoo import api, fields, models
from odoo.tools import hash_sign, verify_hash_signed

from ....engine.tracking.timezones import zone_of

SCOPE = "oms_extension.tracking_notices"
LONGEST_TOKEN = 256
WISHES = [
    ("all", "All messages"),
    ("important", "Only when something is to be done or goes wrong"),
    ("none", "No messages"),
]


class ResPartner(models.Model):
    """What a customer wants to be told about parcels."""

    _inherit = "res.partner"

    oms_tracking_notices = fields.Selection(
        WISHES,
        "Messages about Parcels",
        default="all",
        help="What this customer is told by e-mail about parcels on their way.",
    )

    def _oms_wishes(self):
        """What these partners want together: the least that one of them does."""
        wishes = {one.oms_tracking_notices or "all" for one in self}
        return next((wish for wish in ("none", "important") if wish in wishes), "all")

    def _oms_zone(self):
        """The clock by which the partner sleeps, or nothing.

        A partner's time zone is the customer's own word only where the customer logs in: otherwise
        it is that of whoever wrote the address down.
        """
        own = self.tz if self.sudo().user_ids else None
        place = zone_of(
            self.country_id.code or "", self.state_id.code or "", self.zip or "", self.city or ""
        )
        return own or place or self.tz or None

    def _oms_notices_url(self):
        """Address of the page on which the partner chooses, without log-in."""
        self.ensure_one()
        return f"{self.get_base_url()}/track/notices/{self._oms_notices_token()}"

    def _oms_notices_token(self):
        """Names the partner, signed: nobody makes one up, and one opens nothing else."""
        return hash_sign(self.sudo().env, SCOPE, [self.id])

    @api.model
    def _oms_by_notices_token(self, token):
        """The partner whose token this is, with all rights; none for what is no token."""
        partners = self.sudo()
        if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
            return partners
        try:
            found = verify_hash_signed(partners.env, SCOPE, token)
        except (ValueError, UnicodeError):
            return partners
        return partners.browse(found).exists() if found else partners
