"""The page of one return, for whoever has its link."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ...models.returns.page.status import SLIP
from ..tracking.public import HEADERS, gone, render, speak
from .request import FEW_BYTES, PAGE, go, there

# Where Odoo has no program that makes PDF, the slip is a page with styles and pictures of its own.
SLIP_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
)


class ReturnStatus(http.Controller):
    @http.route("/return/<string:token>", methods=["GET"], **PAGE)
    def show(self, token, lang=None, **_others):
        """Where it stands, and what to do."""
        one = self._return(token, lang)
        return status(one) if one else gone()

    @http.route("/return/<string:token>/cancel", methods=["GET"], **PAGE)
    def back(self, token, lang=None, **_others):
        """Opening a link changes nothing."""
        return go(f"/return/{token}", lang)

    @http.route(
        "/return/<string:token>/cancel", methods=["POST"], max_content_length=FEW_BYTES, **PAGE
    )
    def cancel(self, token, lang=None, **_others):
        one = self._return(token, lang)
        if not one:
            return gone()
        try:
            with request.env.cr.savepoint():
                one._cancel_by_customer()
        except UserError as error:
            return status(one, problem=str(error))
        return go(f"/return/{token}", lang)

    @http.route("/return/<string:token>/slip", methods=["GET"], **PAGE)
    def slip(self, token, lang=None, **_others):
        """Label and slip as PDF, in the customer's language."""
        one = self._return(token, lang)
        if not one or not one._has_slip():
            return gone()
        reports = request.env["ir.actions.report"].sudo().with_context(lang=request.env.lang)
        content, kind = reports._render_qweb_pdf(SLIP, one.ids)
        types = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
        response = request.make_response(content, [("Content-Type", types.get(kind, types["pdf"]))])
        if kind == "pdf":
            name = "".join(letter for letter in one.name if letter.isalnum() or letter in "-_")
            response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
        response.headers.update(HEADERS | {"Content-Security-Policy": SLIP_POLICY})
        return response

    def _return(self, token, lang):
        """The return of a link, in the visitor's language."""
        one = request.env["oms.return.page"]._return_of_token(token)
        speak(lang, one.partner_id, one.company_id)
        return one.with_context(lang=request.env.lang)


def status(one, problem=""):
    """The page of a return."""
    pages = request.env["oms.tracking.page"]
    return render(
        "oms_extension.return_status",
        one.company_id,
        order=one.order_id.name or "",
        told=one._told_to_customer(),
        parcels=pages._parcels(one.shipment_ids),
        exchange=[
            {"order": order.name, "parcels": pages._parcels(order.oms_shipment_ids)}
            for order in one.exchange_ids
            if order.state == "sale"
        ],
        problem=problem,
        address=f"/return/{one.access_token}",
        action=there(f"/return/{one.access_token}/cancel"),
        there=there,
    )
