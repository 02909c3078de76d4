"""Returns in the portal: from an order to its returns, and the list of a customer's own."""

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .request import there

URL = "/my/returns"


class ReturnPortal(CustomerPortal):
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "oms_return_count" in counters:
            found = request.env["oms.return.page"]._own(request.env.user.partner_id, limit=1)
            values["oms_return_count"] = len(found)
        return values

    def _get_return_searchbar_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "requested_at desc, id desc"},
            "name": {"label": request.env._("Reference"), "order": "name desc, id desc"},
            "order": {"label": request.env._("Order"), "order": "order_id desc, id desc"},
        }

    @http.route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def oms_my_returns(self, page=1, sortby=None, **_others):
        """The returns of whoever is logged in, and of those who buy for the same company."""
        pages, partner = request.env["oms.return.page"], request.env.user.partner_id
        sortings = self._get_return_searchbar_sortings()
        sortby = sortby if sortby in sortings else "date"
        pager = portal_pager(
            url=URL,
            total=pages._own_count(partner),
            page=page,
            step=self._items_per_page,
            url_args={"sortby": sortby},
        )
        found = pages._own(
            partner, sortings[sortby]["order"], self._items_per_page, pager["offset"]
        )
        values = self._prepare_portal_layout_values() | {
            "page_name": "oms_return",
            "default_url": URL,
            "pager": pager,
            "sortby": sortby,
            "searchbar_sortings": sortings,
            "returns": [one._told_in_list() for one in found],
            "there": there,
        }
        return request.render("oms_extension.portal_my_returns", values)

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
