"""From the order in the portal to its returns."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class ReturnPortal(CustomerPortal):
    @http.route(
        "/my/orders/<int:order_id>/return",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def oms_return_goods(self, order_id, access_token=None, **_others):
        """Lead who may read the order, by account or by the order's own link, to its returns."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        key = request.env["oms.tracking.page"]._link_to_order(order)
        return request.redirect(f"/return/order/{key}")
