"""The tracking pages that need no account: by a parcel's link, and by order number."""

from odoo import http
from odoo.http import request

from .public import form, gone, languages, look_up, render, speak


class TrackingPage(http.Controller):
    @http.route(
        "/track/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def parcel(self, token, lang=None, **_others):
        """One parcel, for whoever has its link."""
        shipment = request.env["oms.tracking.page"]._parcel_of_token(token)
        speak(lang, shipment.partner_id, shipment.company_id)
        if not shipment:
            return gone()
        (parcel,) = request.env["oms.tracking.page"]._parcels(shipment)
        return page(shipment.order_id, shipment.company_id, parcels=[parcel])

    @http.route(
        "/track/order/<string:key>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def order(self, key, lang=None, **_others):
        """All parcels of an order, for who has just shown to know it."""
        pages = request.env["oms.tracking.page"]
        order = pages._order_of_link(key)
        speak(lang, order.partner_id, order.company_id)
        if not order:
            return gone()
        pages = request.env["oms.tracking.page"]
        return page(order, order.company_id, key=key, **pages._order_page(order))

    @http.route("/track", type="http", auth="public", methods=["GET"], sitemap=False)
    def form(self, order="", lang=None, **_others):
        """The form that asks for an order number and what proves to know the order."""
        speak(lang)
        return form(number=order[:64] if isinstance(order, str) else "")

    @http.route("/track", type="http", auth="public", methods=["POST"], sitemap=False)
    def look_up(self, order="", proof="", lang=None, **_others):
        """Lead to the order's parcels; the same answer to everything that is not right."""
        speak(lang)
        number, proof = (value if isinstance(value, str) else "" for value in (order, proof))
        found, problem = look_up(number, proof)
        if problem:
            return form(problem=problem, number=number[:64])
        key = request.env["oms.tracking.page"]._link_to_order(found)
        query = {"lang": lang} if lang in languages() else {}
        return request.redirect_query(f"/track/order/{key}", query)


def page(order, company, key="", **content):
    """The page with these parcels, see ``oms.tracking.page._order_page``.

    :param key: of the order, where the visitor has shown to know it
    """
    reader = request.env.user
    own = not reader._is_public() and order and order._oms_readable_by(reader)
    return render(
        "oms_extension.tracking_page",
        company,
        order=order.name or "",
        reference=order.client_order_ref or "",
        portal_url=f"/my/orders/{order.id}" if own else "",
        **{"summary": "", "coming": [], "waiting": [], **content},
        **request.env["oms.tracking.page"]._besides(order, key),
    )
