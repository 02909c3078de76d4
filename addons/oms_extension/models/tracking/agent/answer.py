from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ....engine.tracking.numbers import normalise
from ..timeline import iso
from .dates import Dates
from .presentation import tone_of
from .reply import Reply

MOST = 10
"""Matches on one screen: of more, a person should say more."""


class OmsShipment(models.Model):
    """*Where is my order?* in one answer."""

    _inherit = "oms.shipment"

    @api.model
    @api.readonly
    def agent_answer(self, query="", order_id=False, shipment_id=False):
        """Where a customer's order is, what to do, and what to write.

        :param str query: number of an order (ours or the customer's), of a transfer or a parcel,
            tracking number, name, e-mail or phone of the customer; a part of a number or name will
            do
        :param int order_id: the order meant, instead of a query
        :param int shipment_id: the parcel meant, for one without order
        :return: dict ``kind``: ``none``, ``choice`` or ``answer``. For a choice ``choices``: list
            of dicts ``order_id``, ``shipment_id``, ``title``, ``customer``, ``city``, ``date``,
            ``state``, ``label``, ``tone``, ``summary``; ``more``: whether there are still others.
            For an answer ``order`` (dict, or false), ``customer``, ``state``, ``label``, ``tone``,
            ``summary``, ``parcels`` (see :meth:`_cards`), ``focus`` (id of the parcel whose number
            was asked for, or false), ``waiting`` (what has not left), ``exceptions``, ``reply``
            (``subject``, ``text``, ``language``)
        :raise AccessError: the user may not read shipments
        """
        self.check_access("read")
        if order_id or shipment_id:
            order = self.env["sale.order"].browse(order_id or ())
            shipments = self._of_order(order) if order else self.browse(shipment_id).exists()
            if order and not shipments:
                order.check_access("read")
            shipments.check_access("read")
            return self._answer(order, shipments)
        matches, focus = self._agent_find(str(query or "").strip())
        if not matches:
            return {"kind": "none"}
        if len(matches) == 1:
            order, shipments = matches[0]
            return self._answer(order, self._of_order(order) if order else shipments, focus)
        return {
            "kind": "choice",
            "choices": [self._choice(*match) for match in matches[:MOST]],
            "more": len(matches) > MOST,
        }

    @api.model
    def agent_mail(self, subject, text, order_id=False, shipment_id=False):
        """The action that opens Odoo's composer with a reply, on the order or else on the parcel.

        :param str text: plain text, as a person left it
        """
        record = self.env["sale.order" if order_id else "oms.shipment"].browse(
            order_id or shipment_id
        )
        record.check_access("read")
        partner = record.partner_id
        if not partner:
            raise UserError(self.env._("Nobody is known to write to: give the parcel a recipient."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to %s", partner.display_name),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [[False, "form"]],
            "target": "new",
            "context": {
                "default_model": record._name,
                "default_res_ids": record.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": partner.ids,
                "default_subject": subject,
                "default_body": plaintext2html(text),
                "default_email_add_signature": False,
            },
        }

    # --- finding ----------------------------------------------------------------------------------

    @api.model
    def _agent_find(self, word):
        """(matches, focus): list of (order, shipments without order), and the id of the parcel that
        the word itself names. An order comes once, with open parcels first, then the latest.
        """
        if not word:
            return [], False
        domain, called_so = self._look_up(word)
        shipments = self.search(domain, limit=5 * MOST)
        orders = self.env["sale.order"]
        if orders.has_access("read"):
            orders = orders.search([("id", "in", called_so)], limit=MOST + 1)
        named = shipments.filtered(lambda one: one.tracking_key == normalise(word))
        focus = named.id if len(named) == 1 else False
        return self._matches(orders | shipments.order_id, shipments), focus

    def _matches(self, orders, shipments):
        open_orders = shipments.filtered(lambda one: not one.finished).order_id
        orders = orders.sudo().sorted(
            lambda one: (one in open_orders, one.date_order, one.id), reverse=True
        )
        loose = shipments.filtered(lambda one: not one.order_id)
        return [(one.sudo(False), self.browse()) for one in orders] + [
            (orders.browse(), one) for one in loose
        ]

    def _of_order(self, order):
        return self.search([("order_id", "=", order.id)], order="direction, shipped_at, id")

    def _choice(self, order, shipment):
        names = dict(self._fields["state"]._description_selection(self.env))
        whole = order.sudo()
        state = whole.oms_tracking_state if order else shipment.state
        partner = whole.partner_shipping_id or shipment.partner_id
        waits = {"sale": "pending", "cancel": "cancelled"}.get(whole.state)
        return {
            "order_id": order.id,
            "shipment_id": shipment.id,
            "title": whole.name or shipment.tracking_number or shipment.name,
            "customer": (whole.partner_id or shipment.partner_id).sudo().display_name or False,
            "city": partner.sudo().city or shipment.city or False,
            "date": iso(whole.date_order or shipment.shipped_at),
            "state": state or waits or False,
            "label": names.get(state or waits) or self.env._("Quotation"),
            "tone": tone_of(state or waits) if state or waits else "muted",
            "summary": whole.oms_tracking_summary or False,
        }

    # --- answering --------------------------------------------------------------------------------

    def _answer(self, order, shipments, focus=False):
        readable = order if order and order.has_access("read") else order.browse()
        whole = order.sudo()
        partner = (whole.partner_id or shipments[:1].partner_id).sudo()
        waiting = self._waiting_transfers(whole)
        choice = self._choice(order, shipments[:1])
        return {
            "kind": "answer",
            "order": bool(order)
            and {
                "id": order.id,
                "name": whole.name,
                "readable": bool(readable),
                "customer_reference": readable.client_order_ref or False,
                "date": iso(whole.date_order),
            },
            "customer": {
                "id": partner.id,
                "name": partner.display_name or False,
                "email": partner.email or False,
                "phone": partner.phone or False,
                "city": choice["city"],
            },
            **{name: choice[name] for name in ("title", "state", "label", "tone", "summary")},
            "parcels": shipments._cards(),
            "focus": focus,
            "waiting": waiting,
            "exceptions": self._open_exceptions(order, shipments),
            "reply": self._reply(whole, shipments, partner, len(waiting)),
        }

    def _waiting_transfers(self, order):
        """What has not left yet: list of dicts ``name``, ``warehouse``, ``label``, ``promised``."""
        if not order or order.state != "sale":
            return []
        transfers = (
            self.env["stock.picking"]
            .sudo()
            .search(
                [
                    ("sale_id", "=", order.id),
                    ("state", "not in", ("done", "cancel")),
                    ("location_dest_id.usage", "=", "customer"),
                ]
            )
        )
        names = dict(transfers._fields["state"]._description_selection(self.env))
        promise = order.commitment_date or order.oms_promise_date
        return [
            {
                "name": one.name,
                "warehouse": one.picking_type_id.warehouse_id.name or False,
                "label": names[one.state],
                "promised": iso(promise),
            }
            for one in transfers
        ]

    def _open_exceptions(self, order, shipments):
        exceptions = self.env["oms.exception"]
        if not exceptions.has_access("read"):
            return []
        about = Domain("shipment_id", "in", shipments.ids)
        if order:
            about |= Domain("order_id", "=", order.id)
        return [
            {
                "id": one.id,
                "name": one.name,
                "action": one.action or False,
                "user": one.user_id.name or False,
            }
            for one in exceptions.search(about & Domain("state", "!=", "closed"))
        ]

    def _reply(self, order, shipments, partner, waiting):
        """The reply in the customer's language; the reader's where that one is not installed."""
        languages = dict(self.env["res.lang"].get_installed())
        code = partner.lang if partner.lang in languages else self.env.lang or "en_US"
        speaking = shipments.with_context(lang=code)
        dates = Dates(speaking.env, (shipments[:1] and shipments[0]._clock()) or self.env.user.tz)
        reply = Reply(
            speaking.env,
            self.env.user,
            partner,
            order.with_context(lang=code),
            speaking,
            waiting,
            dates,
        )
        return {
            "subject": reply.subject(),
            "text": reply.text(),
            "language": languages.get(code) or code,
            "code": code,
            "rtl": self.env["res.lang"]._get_data(code=code).direction == "rtl",
        }
