"""What all pages have that need no account: headers, language, look-up of an order."""

import re
from urllib.parse import quote

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


def look_up(number, proof):
    """The order that a visitor knows by number and e-mail or postcode.

    :return: (order or an empty record set, ``""``, ``"unknown"`` or ``"wait"``)
    """
    attempts = request.env["oms.tracking.attempt"]
    address = request.httprequest.remote_addr
    orders = request.env["sale.order"].sudo()
    if attempts._too_many(address, number):
        return orders, "wait"
    found = request.env["oms.tracking.page"]._find_order(number, proof)
    if not found:
        attempts._note(address, number)
        return orders, "unknown"
    return found, ""


def form(problem="", number="", action="/track"):
    """The form that asks for an order number and its proof, with what was wrong."""
    response = render(
        "oms_extension.tracking_form",
        request.env.company.sudo(),
        problem=problem,
        number=number,
        action=action,
    )
    if problem == "wait":
        response.status_code = 429
        response.headers["Retry-After"] = str(WAIT_S)
    return response


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
