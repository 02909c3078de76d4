"""Pages on which a customer announces a return: which goods, why and what for, look and send.

Each step is a form of its own that works without scripts. What was chosen is kept in a draft; the
address of each page holds the order's key, which is the proof and lasts for some hours.
"""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tracking.public import HEADERS, form, gone, languages, look_up, render, speak

MOST_BYTES = 64 * 1024 * 1024
"""Of one form with its photos."""
FEW_BYTES = 1024 * 1024
"""Of one form without."""
PAGE = {"type": "http", "auth": "public", "sitemap": False}


class ReturnRequest(http.Controller):
    @http.route("/return", methods=["GET"], **PAGE)
    def find(self, order="", lang=None, **_others):
        """The form that asks for an order number and what proves to know the order."""
        speak(lang)
        return form(number=order[:64] if isinstance(order, str) else "", action="/return")

    @http.route("/return", methods=["POST"], max_content_length=FEW_BYTES, **PAGE)
    def found(self, order="", proof="", lang=None, **_others):
        """Lead to the order's goods; the same answer to everything that is not right."""
        speak(lang)
        number, proof = (value if isinstance(value, str) else "" for value in (order, proof))
        order, problem = look_up(number, proof)
        if problem:
            return form(problem=problem, number=number[:64], action="/return")
        key = request.env["oms.tracking.page"]._link_to_order(order)
        return go(f"/return/order/{key}", lang)

    # --- first: which goods -------------------------------------------------------------------

    @http.route("/return/order/<string:key>", methods=["GET"], **PAGE)
    def goods(self, key, lang=None, **_others):
        order = self._order(key, lang)
        return choose(order, key) if order else gone()

    @http.route(
        "/return/order/<string:key>", methods=["POST"], max_content_length=FEW_BYTES, **PAGE
    )
    def choose_goods(self, key, lang=None, **chosen):
        order = self._order(key, lang)
        if not order:
            return gone()
        try:
            units = request.env["oms.return.page"]._read_quantities(order, chosen)
            draft = request.env["oms.return.draft"].sudo()._begin(order, units)
        except UserError as error:
            return choose(order, key, problem=str(error), chosen=chosen)
        return go(f"/return/order/{key}/{draft.token}", lang)

    # --- second: why, and what for ------------------------------------------------------------

    @http.route("/return/order/<string:key>/<string:token>", methods=["GET"], **PAGE)
    def questions(self, key, token, lang=None, **_others):
        draft = self._draft(key, token, lang)
        return ask(draft, key) if draft else gone()

    @http.route(
        "/return/order/<string:key>/<string:token>",
        methods=["POST"],
        max_content_length=MOST_BYTES,
        **PAGE,
    )
    def answer(self, key, token, lang=None, **_answers):
        draft = self._draft(key, token, lang)
        if not draft:
            return gone()
        if draft.return_id:
            return go(f"/return/{draft.return_id.access_token}", lang)
        answers = request.httprequest.form
        problems = request.env["oms.return.page"]._write_answers(
            draft, answers, request.httprequest.files
        )
        drop = answers.get("drop") or ""
        if drop.isdecimal() and len(drop) < 10:
            draft._drop_photo(int(drop))
            return ask(draft, key)
        if problems:
            return ask(draft, key, problems)
        return go(f"/return/order/{key}/{token}/check", lang)

    @http.route(
        "/return/order/<string:key>/<string:token>/photo/<int:photo>", methods=["GET"], **PAGE
    )
    def photo(self, key, token, photo, lang=None, **_others):
        """A photo of one's own draft."""
        draft = self._draft(key, token, lang)
        found = draft and draft._photos().filtered(lambda one: one.id == photo)
        if not found:
            return gone()
        response = request.make_response(found.raw, [("Content-Type", "image/jpeg")])
        response.headers.update(HEADERS | {"Cache-Control": "private, max-age=3600"})
        return response

    # --- third: look, and send --------------------------------------------------------------------

    @http.route("/return/order/<string:key>/<string:token>/check", methods=["GET"], **PAGE)
    def check(self, key, token, lang=None, **_others):
        draft = self._draft(key, token, lang)
        if not draft:
            return gone()
        if draft.return_id:
            return go(f"/return/{draft.return_id.access_token}", lang)
        return look(draft, key)

    @http.route(
        "/return/order/<string:key>/<string:token>/check",
        methods=["POST"],
        max_content_length=FEW_BYTES,
        **PAGE,
    )
    def send(self, key, token, way="label", lang=None, **_others):
        """Send it, once: a second click leads to the same return."""
        draft = self._draft(key, token, lang)
        if not draft:
            return gone()
        pages = request.env["oms.return.page"]
        if not draft.return_id and not pages._is_answered(draft):
            return go(f"/return/order/{key}/{token}", lang)
        try:
            one = pages._send(draft, way)
        except UserError as error:
            return look(draft, key, problem=str(error))
        return go(f"/return/{one.access_token}", lang)

    # --- proof --------------------------------------------------------------------------------

    def _order(self, key, lang):
        """The order that the visitor has shown to know, in the visitor's language."""
        order = request.env["oms.return.page"]._order_of_key(key)
        speak(lang, order.partner_id, order.company_id)
        return request.env["oms.return.page"]._order_of_key(key)

    def _draft(self, key, token, lang):
        """The draft of a proven order."""
        order = self._order(key, lang)
        drafts = request.env["oms.return.draft"].sudo()
        return drafts._of(order, token) if order else drafts


def choose(order, key, problem="", chosen=()):
    """The page with the order's goods."""
    pages = request.env["oms.return.page"]
    goods = pages._goods(order)
    return render(
        "oms_extension.return_goods",
        order.company_id,
        order=order.name,
        goods=goods,
        possible=[one for one in goods if one["units"]],
        returns=pages._returns(order),
        problem=problem,
        chosen=dict(chosen),
        key=key,
        action=there(f"/return/order/{key}"),
    )


def ask(draft, key, problems=None):
    """The page with the questions about what was chosen."""
    address = f"/return/order/{key}/{draft.token}"
    return render(
        "oms_extension.return_questions",
        draft.order_id.company_id,
        order=draft.order_id.name,
        questions=request.env["oms.return.page"]._questions(draft),
        problems=problems or {},
        back=there(f"/return/order/{key}"),
        address=address,
        action=there(address),
    )


def look(draft, key, problem=""):
    """The page that says what will be."""
    pages = request.env["oms.return.page"]
    address = f"/return/order/{key}/{draft.token}"
    if not pages._is_answered(draft):
        return go(address, None)
    told = None
    try:
        told = pages._check(draft)
    except UserError as error:
        problem = problem or str(error)
    return render(
        "oms_extension.return_check",
        draft.order_id.company_id,
        order=draft.order_id.name,
        told=told,
        ways=pages._ways(),
        problem=problem,
        back=there(address),
        action=there(f"{address}/check"),
    )


def there(address):
    """An address on this site, in the language of this page."""
    known = languages()
    return f"{address}?lang={request.env.lang}" if len(known) > 1 else address


def go(address, lang):
    """Lead to an address on this site, in the chosen language."""
    query = {"lang": lang} if lang in languages() else {}
    return request.redirect_query(address, query)
