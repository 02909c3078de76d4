"""A reply to the customer, ready to be sent: plain text, in the language of the environment."""

from odoo import fields

from .reply_parcel import ParcelReply


class Reply:
    """Composes the reply about an order, or about one parcel without an order.

    :param env: in the customer's language; ``user``: who writes
    :param order: may be empty, with the rights to read its number and dates
    :param shipments: the parcels to speak of, in ``env``
    :param waiting: number of transfers that have not left
    """

    def __init__(self, env, user, partner, order, shipments, waiting, dates):
        self.env = env
        self.user = user
        self.partner = partner
        self.order = order
        self.shipments = shipments
        self.waiting = waiting
        self.dates = dates

    def subject(self):
        if self.order:
            return self.env._("Your order %s", self.order.client_order_ref or self.order.name)
        return self.env._("Your parcel %s", self.shipments.tracking_number or self.shipments.name)

    def text(self):
        name = self.partner.name
        company = (self.order or self.shipments[:1]).company_id.name
        paragraphs = [
            self.env._("Hello %s,", name) if name else self.env._("Hello,"),
            *self._body(),
            "\n".join([self.env._("Kind regards"), self.user.name, company]),
        ]
        return "\n\n".join(paragraphs)

    def _body(self):
        open_first = sorted(self.shipments, key=lambda one: (one.finished, one.id))
        outbound = [one for one in open_first if one.direction == "outbound"]
        returns = [one for one in open_first if one.direction == "return"]
        parts = []
        if self.order:
            parts.append(self._opening(outbound))
        several = len(outbound) + self.waiting > 1
        parts += [ParcelReply(one, several).text() for one in outbound]
        if self.waiting:
            parts.append(self._waiting(bool(outbound)))
        parts += [ParcelReply(one, several).text_of_return() for one in returns]
        return parts

    def _opening(self, outbound):
        names = {
            "order": self.order.client_order_ref or self.order.name,
            "date": self.dates.day(self.order.date_order),
        }
        if self.order.state == "cancel":
            return self.env._("Your order %(order)s of %(date)s was cancelled.", **names)
        if self.order.state in ("draft", "sent"):
            return self.env._(
                "Your order %(order)s is not confirmed yet: we start as soon as it is.", **names
            )
        if not outbound and not self.waiting:
            return self.env._(
                "Thank you for your question about order %(order)s of %(date)s.", **names
            )
        count = len(outbound) + self.waiting
        if count == 1:
            return self.env._(
                "Thank you for your question about order %(order)s of %(date)s. "
                "Here is how it stands:",
                **names,
            )
        delivered = sum(one.state == "delivered" for one in outbound)
        if delivered:
            return self.env._(
                "Thank you for your question about order %(order)s of %(date)s. It comes in "
                "%(count)s parcels; delivered so far: %(delivered)s.",
                count=count,
                delivered=delivered,
                **names,
            )
        return self.env._(
            "Thank you for your question about order %(order)s of %(date)s. It comes in %(count)s "
            "parcels:",
            count=count,
            **names,
        )

    def _waiting(self, something_left):
        promise = self.order.commitment_date or self.order.oms_promise_date
        late = promise and promise < fields.Datetime.now()
        if something_left and promise and not late:
            return self.env._(
                "The rest is being prepared in our warehouse. It should arrive by %s.",
                self.dates.day(promise),
            )
        if something_left:
            return self.env._(
                "The rest is being prepared in our warehouse. We write to you as soon as it leaves."
            )
        if promise and not late:
            return self.env._(
                "It is being prepared in our warehouse and should arrive by %s.",
                self.dates.day(promise),
            )
        if late:
            return self.env._(
                "It is still being prepared in our warehouse, though it should have arrived by %s. "
                "We are sorry for the delay and write to you as soon as it leaves.",
                self.dates.day(promise),
            )
        return self.env._(
            "It is being prepared in our warehouse. We write to you as soon as it leaves."
        )
