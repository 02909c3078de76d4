import babel.dates

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse

from ...tracking.page.page import TOKEN
from ..order_return import WAYS

CUSTOMERS_WAYS = ("label", "drop_off", "pickup")


class OmsReturnPage(models.AbstractModel):
    """What customers see when they return goods, and what they send.

    Everything is read and written with all rights, for an order that the visitor has shown to
    know: of what a form sends, only what belongs to that order counts.
    """

    _name = "oms.return.page"
    _description = "Return Page"

    # --- ways in ------------------------------------------------------------------------------

    @api.model
    def _return_of_token(self, token):
        """The return that a link opens, else an empty record set."""
        returns = self.env["oms.return"].sudo()
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            return returns
        found = returns.search([("access_token", "=", token)], limit=1)
        return found.with_company(found.company_id) if found else found

    @api.model
    def _order_of_key(self, key):
        """The order whose page this key opens, as for the tracking page, else an empty one."""
        order = self.env["oms.tracking.page"]._order_of_link(key)
        return order.with_company(order.company_id).with_context(lang=self.env.lang)

    @api.model
    def _is_offered(self, order):
        """Whether an order has anything that came to the customer."""
        order = order.sudo()
        return order.state == "sale" and any(
            move.state == "done" and move.location_dest_id.usage == "customer"
            for move in order.picking_ids.move_ids
        )

    @api.model
    def _returns(self, order):
        """Returns of an order: dicts ``name``, ``state`` (text), ``url``."""
        returns = order.sudo().oms_return_ids.with_context(lang=self.env.lang)
        states = dict(returns._fields["state"]._description_selection(self.env))
        return [
            {
                "name": one.name,
                "state": states[one.state],
                "url": f"/return/{one.access_token}",
            }
            for one in returns
        ]

    # --- what will be, and then it is sent ---------------------------------------------------

    @api.model
    def _asked(self, draft):
        """The draft in the words of ``oms.return._request``."""
        known = set(draft._photos().ids)
        return [
            {
                "order_line_id": line["line"],
                "quantity": line["quantity"],
                "reason": line["reason"],
                "comment": line["comment"],
                "outcome": line["outcome"],
                "exchange_product_id": line["exchange"],
                "opened": line.get("opened"),
                "photos": [one for one in line["photos"] if one in known],
            }
            for line in draft.lines
        ]

    @api.model
    def _check(self, draft):
        """What a draft would become if it were sent: made for real, told, and undone.

        :return: dict of ``oms.return._told_to_customer``
        :raise UserError: it cannot be sent, and why
        """
        with self.env.cr.savepoint() as point:
            one = self._make(draft, "label", oms_return_preview=True, tracking_disable=True)
            told = one._told_to_customer()
            point.rollback()
        return told

    @api.model
    def _make(self, draft, way, **context):
        returns = draft.env["oms.return"].with_company(draft.order_id.company_id)
        returns = returns.with_context(lang=self.env.lang, mail_create_nosubscribe=True, **context)
        values = {"name": "*"} if context else {"request_key": f"page-{draft.id}"}
        return returns._request(draft.order_id, self._asked(draft), "portal", way, **values)

    @api.model
    def _send(self, draft, way):
        """Make the return of a draft, once, however often it is sent.

        :raise UserError: it cannot be made, and why
        """
        # Who comes second is refused here, runs again, and sees what the first one made.
        self.env.cr.execute(
            "SELECT return_id FROM oms_return_draft WHERE id = %s FOR UPDATE",
            [draft.id],
            log_exceptions=False,
        )
        (known,) = self.env.cr.fetchone()
        if known:
            return draft.env["oms.return"].browse(known)
        with self.env.cr.savepoint():
            one = self._make(draft, way if way in CUSTOMERS_WAYS else "label")
            if all(one.line_ids.mapped("keep")):
                one.way = "none"
            draft._photos().write({"res_model": one._name, "res_id": one.id})
            draft.return_id = one
        return one

    @api.model
    def _ways(self):
        names = dict(self.env["oms.return"]._fields["way"]._description_selection(self.env))
        explained = {
            "label": self.env._("Print a slip or show its code, and hand the parcel in."),
            "drop_off": self.env._("Bring it to a drop-off point near you."),
            "pickup": self.env._("Our carrier picks it up at your address."),
        }
        return [(way, names[way], explained[way]) for way, _name in WAYS if way in CUSTOMERS_WAYS]

    # --- small ------------------------------------------------------------------------------------

    @api.model
    def _day(self, day):
        """``March 3``, with the year where it is not this one; nothing for no day.

        :param day: ISO date
        """
        day = fields.Date.to_date(day) if day else None
        if not day:
            return ""
        skeleton = "MMMMd" if day.year == fields.Date.today().year else "yMMMMd"
        locale = babel_locale_parse(self.env.lang or "en_US")
        return babel.dates.format_skeleton(skeleton, day, locale=locale)
