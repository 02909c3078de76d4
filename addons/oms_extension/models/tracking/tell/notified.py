from odoo import api, models


class OmsNotified(models.AbstractModel):
    """A document of a customer's, about which notices are sent: it says to whom, and how."""

    _name = "oms.notified"
    _description = "Document That Customers Are Told about"

    def _notice_partner(self):
        """Who is told: whom it concerns, or where that has no address, who ordered."""
        self.ensure_one()
        customer, buyer = self.partner_id, self.order_id.sudo().partner_id
        chain = (customer, buyer, customer.commercial_partner_id, buyer.commercial_partner_id)
        return next((one for one in chain if one.email), customer or buyer)

    def _notice_address(self):
        return self._notice_partner().email_formatted or ""

    def _notice_headers(self):
        """Answering machines are to be silent."""
        return {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF"}

    @api.private
    def mail_language(self):
        """Code of the language that the customer reads."""
        self.ensure_one()
        return self._notice_partner().lang or self.company_id.partner_id.lang or "en_US"

    @api.private
    def mail_address(self):
        """``"Name" <address>`` of who is told."""
        self.ensure_one()
        return self._notice_address()
