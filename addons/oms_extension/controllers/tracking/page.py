"""The tracking pages that need no account: by a parcel's link, and by order number."""

import re
from urllib.parse import quote

from odoo import http
from odoo.http import request

HEADERS = {
    # The link is the key: it must get neither into a search engine, nor to another host, nor into
    # a shared cache, nor into another site's frame.
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-cache",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Whatever a carrier writes: nothing on these pages runs, and nothing comes from elsewhere.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
WAIT_S = 3600
NOT_DIALLED = re.compile(r"[^0-9+]")


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
        return page(order, order.company_id, **pages._order_page(order))

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
        attempts = request.env["oms.tracking.attempt"]
        address = request.httprequest.remote_addr
        if attempts._too_many(address, number):
            response = form(problem="wait", number=number[:64])
            response.status_code = 429
            response.headers["Retry-After"] = str(WAIT_S)
            return response
        pages = request.env["oms.tracking.page"]
        found = pages._find_order(number, proof)
        if not found:
            attempts._note(address, number)
            return form(problem="unknown", number=number[:64])
        query = {"lang": lang} if lang in languages() else {}
        return request.redirect_query(f"/track/order/{pages._link_to_order(found)}", query)


def page(order, company, **content):
    """The page with these parcels, see ``oms.tracking.page._order_page``."""
    reader = request.env.user
    own = not reader._is_public() and order and order._oms_readable_by(reader)
    return render(
        "oms_extension.tracking_page",
        company,
        order=order.name or "",
        reference=order.client_order_ref or "",
        portal_url=f"/my/orders/{order.id}" if own else "",
        **{"summary": "", "coming": [], "waiting": [], **content},
    )


def form(problem="", number=""):
    """The form, with what was wrong."""
    return render(
        "oms_extension.tracking_form", request.env.company.sudo(), problem=problem, number=number
    )


def gone():
    """For links that open nothing (any more), whatever the cause."""
    response = render("oms_extension.tracking_gone", request.env.company.sudo())
    response.status_code = 404
    return response


def render(template, company, **values):
    """Render a page with what all pages have."""
    known = languages()
    language = known[request.env.lang]
    response = request.render(
        template,
        {
            "company": company.with_context(lang=language.code),
            "language": language,
            "lang_tag": tag(language.code),
            "quote": quote,
            "dialled": lambda number: NOT_DIALLED.sub("", number),
            "languages": [
                {"code": one.code, "tag": tag(one.code), "name": one.name.split(" / ")[-1]}
                for one in known.values()
            ],
            **values,
        },
    )
    response.headers.update(HEADERS)
    return response


def languages():
    """The installed languages by code."""
    return request.env["res.lang"]._get_active_by("code")


def tag(code):
    """The language tag of a code: ``pt_BR`` is ``pt-BR``, ``sr@latin`` is ``sr``."""
    return code.partition("@")[0].replace("_", "-")


def speak(chosen, *concerned):
    """Use the reader's language: the chosen one, else that of the account, of the site as last
    seen, of the browser, of the recipient, of the company.
    """
    known = languages()
    user = request.env.user
    wanted = [chosen, getattr(getattr(request, "lang", None), "code", None)]
    if not user._is_public():
        wanted.append(user.lang)
    wanted.append(request.cookies.get("frontend_lang"))
    wanted += [one for one, _quality in request.httprequest.accept_languages]
    wanted += [one.sudo().lang for one in concerned if one and "lang" in one._fields]
    wanted += [
        one.sudo().partner_id.lang for one in concerned if one and one._name == "res.company"
    ]
    for word in wanted:
        if isinstance(word, str) and (code := nearest(word, known)):
            break
    else:
        code = "en_US" if "en_US" in known else next(iter(known))
    request.update_context(lang=code)


def nearest(word, known):
    """The installed language for ``de-CH``, ``de_DE`` or ``de``, or None."""
    word = word.replace("-", "_")
    if word in known:
        return word
    short = word.partition("_")[0].casefold()
    if not short.isalpha():
        return None
    return next((code for code in known if code.split("_")[0].casefold() == short), None)
