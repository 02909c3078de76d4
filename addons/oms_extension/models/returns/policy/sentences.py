"""A verdict in the reader's language."""

from datetime import date

from odoo import models
from odoo.tools import format_date

from .return_policy_rule import EXCLUSIONS


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _say(self, said, currency):
        """Texts of sentences.

        :param list said: pairs of code and values, as in ``engine.returns.policy.Said``
        :param currency: of fees and values
        """
        return [self._sentence(code, values, currency) for code, values in said]

    def _sentence(self, code, values, currency):
        values = dict(values)
        for name in ("until", "free", "day"):
            if values.get(name):
                values[name] = format_date(self.env, date.fromisoformat(values[name]))
        for name in ("fee", "value", "limit"):
            if name in values:
                values[name] = currency.format(values[name])
        if code == "excluded":
            return self._sentence_excluded(values)
        if code == "outcome":
            return self._sentence_outcome(values)
        if code.startswith(("by_", "not_begun")):
            return self._sentence_allowed(code, values)
        match code:
            case "over":
                return self.env._("The last day to return it was %(until)s.", **values)
            case "delivered":
                return self.env._("It was delivered on %(day)s.", **values)
            case "dispatched":
                return self.env._(
                    "It was sent on %(day)s; the carrier reported no delivery, so seven days were "
                    "added for the way.",
                    **values,
                )
            case "unless_sealed":
                return self.env._("If its seal is not broken, say so.")
            case "only_sealed":
                return self.env._("Only with an unbroken seal, which is inspected first.")
        return self._sentence_whole(code, values)

    def _sentence_allowed(self, code, values):
        match code:
            case "by_policy":
                return self.env._("It can be returned until %(until)s.", **values)
            case "by_withdrawal":
                if values.get("free", values["until"]) == values["until"]:
                    return self.env._("The right of withdrawal holds until %(until)s.", **values)
                return self.env._(
                    "It can be returned until %(until)s; the right of withdrawal ends on %(free)s.",
                    **values,
                )
            case "by_guarantee":
                return self.env._("The guarantee holds until %(until)s.", **values)
            case "not_begun":
                return self.env._("It can be returned; the time for it has not begun yet.")
            case "not_begun_order":
                return self.env._(
                    "It can be returned; the time for it begins once all parcels of the order have "
                    "arrived."
                )
        return code

    def _sentence_whole(self, code, values):
        match code:
            case "fee":
                return self.env._("A fee of %(fee)s is kept.", **values)
            case "freight_shop":
                return self.env._("The way back is free of charge.")
            case "freight_customer":
                return self.env._("The customer pays the way back.")
            case "stays":
                return self.env._("Nothing has to be sent back.")
            case "needs_photo":
                return self.env._("A photo is needed.")
            case "needs_inspection":
                return self.env._("The goods are inspected before the money is due.")
            case "repeated":
                return self.env._(
                    "%(returned)s of %(delivered)s order lines of the last twelve months came back "
                    "in %(returns)s returns. Have a look; the terms are the same as for everyone.",
                    **values,
                )
            case "carrier_says":
                return self.env._(
                    "The carrier reported the delivery on %(day)s: ask it for the proof.", **values
                )
            case "above_limit":
                return self.env._(
                    "Worth %(value)s, more than the %(limit)s approved by themselves.", **values
                )
        return code

    def _sentence_excluded(self, values):
        labels = dict(
            self.env["oms.return.policy.rule"]._fields["exclusion"]._description_selection(self.env)
        )
        why = labels.get(values["exclusion"], dict(EXCLUSIONS).get(values["exclusion"], ""))
        if values["article"]:
            return self.env._(
                "It cannot be returned: %(why)s (Directive 2011/83/EU, article %(article)s).",
                why=why,
                article=values["article"],
            )
        return self.env._("It cannot be returned: %(why)s.", why=why)

    def _sentence_outcome(self, values):
        outcome = self.env["oms.return.line"]._fields["outcome"]
        labels = dict(outcome._description_selection(self.env))
        return self.env._(
            "%(outcome)s is not possible; choose one of: %(names)s.",
            outcome=labels.get(values["outcome"], values["outcome"]),
            names=", ".join(labels[name] for name in values["outcomes"]) or "–",
        )
