"""The page on which customers choose what they are told about their parcels, without log-in."""

from odoo import http
from odoo.http import request

from .public import gone, render, speak

WISHES = ("all", "important", "none")


class TrackingNotices(http.Controller):
    @http.route(
        "/track/notices/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def show(self, token, lang=None, **_others):
        """The choice as it is. Opening the page changes nothing: mail programs open links too."""
        partner = request.env["res.partner"]._oms_by_notices_token(token)
        speak(lang, partner, partner.company_id or request.env.company)
        return choice(partner) if partner else gone()

    @http.route(
        "/track/notices/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        # The token is the proof, and mail programs post without a session (RFC 8058).
        csrf=False,
        save_session=False,
        sitemap=False,
    )
    def choose(self, token, wish=None, lang=None, **others):
        """Keep the choice; one click in a mail program means: no more messages."""
        partner = request.env["res.partner"]._oms_by_notices_token(token)
        speak(lang, partner, partner.company_id or request.env.company)
        if not partner:
            return gone()
        if others.get("List-Unsubscribe") == "One-Click":
            wish = "none"
        if wish in WISHES:
            partner.oms_tracking_notices = wish
        return choice(partner, saved=wish in WISHES)


def choice(partner, saved=False):
    """The page of one customer, who is not named: a forwarded mail opens it too."""
    options = request.env["res.partner"]._fields["oms_tracking_notices"]
    return render(
        "oms_extension.tracking_notices",
        (partner.company_id or request.env.company).sudo(),
        wish=partner.oms_tracking_notices or "all",
        options=options._description_selection(request.env),
        address=masked(partner.email_normalized or ""),
        saved=saved,
    )


def masked(address):
    """Enough of an address to know one's own: ``a•••@example.com``."""
    name, at, host = address.partition("@")
    return f"{name[:1]}•••{at}{host}" if at else ""
