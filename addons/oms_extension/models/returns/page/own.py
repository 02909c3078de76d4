"""The returns of a customer's own, in the portal."""

from odoo import api, models
from odoo.fields import Domain


class OmsReturnPage(models.AbstractModel):
    _inherit = "oms.return.page"

    @api.model
    def _own_domain(self, partner):
        """The customer's and those of who buys for the same company, as the portal's orders are."""
        return Domain("partner_id", "child_of", partner.sudo().commercial_partner_id.id) & Domain(
            "company_id", "in", self.env.companies.ids
        )

    @api.model
    def _own(self, partner, order=None, limit=None, offset=0):
        """Returns of a customer, with all rights: portal users have none of their own, so that
        what a return knows besides (its review, its costs) stays in the shop.
        """
        returns = self.env["oms.return"].sudo().with_context(display_default_code=False)
        return returns.search(self._own_domain(partner), offset=offset, limit=limit, order=order)

    @api.model
    def _own_count(self, partner):
        return self.env["oms.return"].sudo().search_count(self._own_domain(partner))


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _told_in_list(self):
        """A row of the customer's list; of stored figures alone, so that many rows stay cheap."""
        self.ensure_one()
        headline, tone = self._headline()
        return {
            "name": self.name,
            "url": f"/return/{self.access_token}",
            "order": self.order_id.name or "",
            "goods": self.product_text,
            "requested_at": self.requested_at,
            "headline": headline,
            "tone": tone,
        }
