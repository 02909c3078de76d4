"""What a customer is told about one parcel, by its state."""

from odoo import fields

from .reply_reasons import because, what_to_do


class ParcelReply:
    """The paragraph about one parcel, in the language of its environment.

    :param several: the order has more parcels, so that this one must be called by its number.
    """

    def __init__(self, shipment, several):
        self.one = shipment
        self.env = shipment.env
        self.several = several
        self.dates = shipment._dates()
        self.late = self.dates.is_later(shipment.eta_at, shipment.promised_at) or (
            not shipment.finished
            and self.dates.is_later(fields.Datetime.now(), shipment.promised_at)
        )

    def text(self):
        """All sentences, with the address at which the customer can follow the parcel."""
        sentences = [getattr(self, f"_{self.one.state}")()]
        if self.one.state in (
            "pending",
            "label_created",
            "picked_up",
            "in_transit",
            "customs",
            "delayed",
            "on_hold",
            "exception",
            "expired",
        ):
            sentences.append(self._arrival())
        return self._named(" ".join(filter(None, sentences)))

    def text_of_return(self):
        """About a parcel on its way back to us."""
        day = {"day": self.dates.day(self.one.delivered_at)}
        if self.one.state == "delivered":
            text = self.env._(
                "Your return arrived here on %(day)s. We check it and pay you back.", **day
            )
        elif self.one.state in ("lost", "damaged"):
            text = self.env._(
                "Something went wrong with your return on its way to us. That is not your fault: "
                "we settle it with the carrier and pay you back."
            )
        else:
            text = self.env._("Your return is on its way to us. We pay you back when it is here.")
        return self._named(text)

    def _named(self, text):
        number = self.one.tracking_number or self.one.name
        if self.several:
            carrier = self.one.oms_carrier_id.name
            name = f"{number} ({carrier})" if carrier else number
            text = self.env._("Parcel %(name)s: %(text)s", name=name, text=text)
        link = self.one.customer_url
        if link and not self.one.finished:
            text += "\n" + self.env._("You can follow it here: %s", link)
        return text

    @property
    def _carrier(self):
        return (
            self.one.oms_carrier_id.name
            or self.one.carrier_id.sudo().name
            or self.env._("the carrier")
        )

    def _arrival(self):
        """When it comes, said against what was promised."""
        expected = self.one._expected_range(self.dates)
        promised = self.dates.day(self.one.promised_at)
        if self.late and promised:
            if not expected:
                return self.env._(
                    "It should have arrived by %(promised)s. We are sorry for the delay and write "
                    "to you as soon as we know the new date.",
                    promised=promised,
                )
            return self.env._(
                "We had promised it for %(promised)s; now we expect it %(expected)s. "
                "We are sorry for the delay.",
                promised=promised,
                expected=expected,
            )
        if expected:
            return self.env._("We expect it %(expected)s.", expected=expected)
        if promised:
            return self.env._("It should arrive by %(promised)s.", promised=promised)
        return ""

    def _seen(self):
        """Where and when the carrier saw it last, or nothing."""
        if not self.one.last_event_at or not self.one.last_event_place:
            return ""
        return self.env._(
            "It was last seen in %(place)s on %(day)s.",
            place=self.one.last_event_place,
            day=self.dates.day(self.one.last_event_at),
        )

    # --- by state ---------------------------------------------------------------------------------

    def _pending(self):
        if not self.one.shipped_at:
            return self.env._("It is ready in our warehouse and leaves soon.")
        return self.env._(
            "It left our warehouse on %(day)s with %(carrier)s, who will show it as on its way "
            "after the first scan.",
            day=self.dates.day(self.one.shipped_at),
            carrier=self._carrier,
        )

    def _label_created(self):
        return self.env._("It is ready; %(carrier)s collects it next.", carrier=self._carrier)

    def _picked_up(self):
        return " ".join(
            filter(
                None,
                [self.env._("It is on its way with %s.", self._carrier), self._seen()],
            )
        )

    _in_transit = _picked_up

    def _customs(self):
        return " ".join(
            filter(
                None,
                [
                    self.env._("It is with customs, which usually takes a few days."),
                    what_to_do(self.env, self.one.reason)
                    or self.env._(
                        "If customs or %s asks you for papers or for duties, please answer soon.",
                        self._carrier,
                    ),
                ],
            )
        )

    def _delayed(self):
        reason = because(self.env, self.one.reason)
        if reason:
            return self.env._(
                "It is delayed on its way with %(carrier)s: %(reason)s.",
                carrier=self._carrier,
                reason=reason,
            )
        return self.env._("It is delayed on its way with %s.", self._carrier)

    def _on_hold(self):
        return " ".join(
            [
                self.env._("%s is holding it.", self._carrier),
                what_to_do(self.env, self.one.reason)
                or self.env._("We are finding out why, and have it moved on."),
            ]
        )

    def _out_for_delivery(self):
        day = self.one.state_at
        if day and self.dates.date(day) == self.dates.today:
            return self.env._("It is with the driver of %s and comes today.", self._carrier)
        return self.env._(
            "It was with the driver of %(carrier)s on %(day)s; we have not heard yet that it was "
            "handed over. Should it not have come, please tell us.",
            carrier=self._carrier,
            day=self.dates.day(day),
        )

    def _attempt_failed(self):
        tried = self.env._(
            "%(carrier)s tried to deliver it on %(day)s and could not.",
            carrier=self._carrier,
            day=self.dates.day(self.one.last_attempt_at or self.one.state_at),
        )
        return f"{tried} {what_to_do(self.env, self.one.reason) or self._another_try()}"

    def _another_try(self):
        again = self.env._("The driver normally comes again on the next working day.")
        if not self.one.tracking_url:
            return again
        choose = self.env._(
            "If you will not be there, choose another day or a pick-up point here: %s",
            self.one.tracking_url,
        )
        return f"{again} {choose}"

    def _ready_for_pickup(self):
        place = self.one.last_event_place
        text = (
            self.env._("It waits for you at %s.", place)
            if place
            else self.env._("It waits for you at the pick-up point.")
        )
        return " ".join(
            [
                text,
                self.env._(
                    "Please bring an identity card and the number %s. It is kept for a few days "
                    "only, then it is sent back.",
                    self.one.tracking_number or self.one.name,
                ),
            ]
        )

    def _exception(self):
        reason = because(self.env, self.one.reason)
        text = (
            self.env._(
                "%(carrier)s reports a problem: %(reason)s.", carrier=self._carrier, reason=reason
            )
            if reason
            else self.env._("%s reports a problem on its way.", self._carrier)
        )
        return " ".join(
            [
                text,
                what_to_do(self.env, self.one.reason)
                or self.env._("We are settling it with them and write to you as soon as we know."),
            ]
        )

    def _expired(self):
        return " ".join(
            filter(
                None,
                [
                    self.env._("%s has given us no news of it for some time.", self._carrier),
                    self._seen(),
                    self.env._("We have them search for it and write to you."),
                ],
            )
        )

    def _damaged(self):
        return self.env._(
            "%s reports that it was damaged on its way. We are sorry. Please tell us whether you "
            "would like a replacement or your money back.",
            self._carrier,
        )

    def _lost(self):
        return self.env._(
            "%s could not find it any more. We are sorry. Please tell us whether you would like us "
            "to send it again or to pay you back; you do not have to do anything else.",
            self._carrier,
        )

    def _returning(self):
        reason = because(self.env, self.one.reason)
        text = (
            self.env._("It is on its way back to us: %s.", reason)
            if reason
            else self.env._("It is on its way back to us.")
        )
        return " ".join(
            [
                text,
                self.env._(
                    "Shall we send it again, and to which address, or would you rather have your "
                    "money back?"
                ),
            ]
        )

    def _delivered(self):
        day = {"day": self.dates.moment(self.one.delivered_at)}
        texts = {
            "delivered_neighbour": self.env._("It was handed to a neighbour on %(day)s.", **day),
            "delivered_locker": self.env._("It was put into a parcel locker on %(day)s.", **day),
            "delivered_safe_place": self.env._("It was left in a safe place on %(day)s.", **day),
            "picked_up_by_recipient": self.env._("It was picked up on %(day)s.", **day),
        }
        text = texts.get(self.one.reason) or self.env._("It was delivered on %(day)s.", **day)
        if self.one.signed_by:
            text += " " + self.env._("%s signed for it.", self.one.signed_by)
        return " ".join(
            [
                text,
                self.env._("If you cannot find it, please ask in your house, then tell us."),
            ]
        )

    def _returned(self):
        return self.env._(
            "It came back to us on %s. Shall we send it again, or would you rather have your money "
            "back?",
            self.dates.day(self.one.returned_at or self.one.state_at),
        )

    def _cancelled(self):
        return self.env._("It is not sent: its shipping was cancelled.")
