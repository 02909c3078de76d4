import re

from odoo import api, models
from odoo.tools import SQL, email_normalize

PHONE_KEY = 7
"""Last digits of a phone number by which it is found; country and trunk prefixes are written or
not.
"""
PHONE_COMPARED = 9
PHONE = re.compile(r"[\s()+./\d-]{7,32}")


class ResPartner(models.Model):
    """Customers by what they write in a mail or say on the phone."""

    _inherit = "res.partner"

    _oms_phone_index = models.Index(
        "((right(regexp_replace(phone, '[^0-9]', '', 'g'), 7))) WHERE phone IS NOT NULL"
    )

    @api.model
    def _oms_by_contact(self, word):
        """Partners with this e-mail or phone number, or None where ``word`` is neither.

        A phone number is compared by its last digits, up to nine: ``+39 02 1234567``,
        ``0039021234567`` and ``02/1234567`` are one.
        """
        if "@" in word:
            address = email_normalize(word)
            domain = (
                [("email_normalized", "=", address)]
                if address
                else [("email", "ilike", word.strip())]
            )
            return self.sudo().with_context(active_test=False).search(domain)
        digits = re.sub(r"\D", "", word)
        if not PHONE.fullmatch(word.strip()) or len(digits) < PHONE_KEY:
            return None
        self.flush_model(["phone"])
        stored = SQL("regexp_replace(phone, '[^0-9]', '', 'g')")
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE phone IS NOT NULL "
                "AND right(%(stored)s, 7) = %(key)s "
                "AND right(%(stored)s, least(%(compared)s, length(%(stored)s))) = "
                "right(%(digits)s, least(%(compared)s, length(%(stored)s)))",
                stored=stored,
                key=digits[-PHONE_KEY:],
                compared=min(PHONE_COMPARED, len(digits)),
                digits=digits,
            )
        )
        return self.sudo().browse(one for (one,) in self.env.cr.fetchall())
