from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list

from ...engine.returns import policy as engine
from .policy.facts import Asked, AskedLine, load


class OmsReturn(models.Model):
    """What the return policy says."""

    _inherit = "oms.return"

    @api.model
    def _judge(self, order, lines):
        """The policy's verdict on a request, in the reader's language. Nothing is written.

        :param order: the order, or an empty record set
        :param list lines: dicts ``order_line``, ``product``, ``quantity``, ``reason``, ``outcome``,
            ``photos`` (records, and a number of photos), and ``opened`` (whether the seal is
            broken; missing or None: not known)
        :return: dict ``allowed``, ``automatic``, ``needs`` (of ``photo``, ``inspection``,
            ``review``), ``fee`` (the order's currency), ``freight_paid_by`` (``shop``,
            ``customer``), ``returnless``, ``refund_on``, ``exchange_ships``, ``refund_shipping``,
            ``policy`` (name), ``policy_id``, ``policy_version``, ``text`` (for the customer),
            ``review`` (for the shop), ``said``, and ``lines``: dicts ``allowed``, ``reasons``
            (texts), ``until`` (ISO date or false), ``returnless``, ``ground``, ``said``, ``rules``
        """
        order = order._origin
        policies = self.env["oms.return.policy"]
        kept = policies._kept((order.sudo().company_id or self.env.company).id)
        asked = Asked(order.id or 0, fields.Datetime.now(), [_asked(one) for one in lines])
        (request,) = load(
            self.env,
            [asked],
            history=any(one.engine.review_share for one in kept),
            recovery=any(one.engine.returnless_below for one in kept),
        )
        policy = policies._choose(kept, request.who, request.lines)
        verdict = engine.judge(request, policy.engine)
        currency = order.sudo().currency_id or self.env.company.currency_id
        company = order.sudo().company_id.currency_id or currency
        told = [
            {
                "allowed": one.allowed,
                "reasons": self._say(_pairs(one.said), currency),
                "until": one.until.isoformat() if one.until else False,
                "returnless": one.returnless,
                "ground": one.ground,
                "said": _pairs(one.said),
                "rules": list(one.rules),
            }
            for one in verdict.lines
        ]
        answer = {
            "allowed": verdict.allowed,
            # Of what nobody ordered nothing is known to decide by.
            "automatic": verdict.automatic and bool(order),
            "needs": list(verdict.needs),
            "fee": verdict.fee,
            "freight_paid_by": verdict.freight_paid_by,
            "returnless": verdict.returnless,
            "refund_on": verdict.refund_on,
            "exchange_ships": verdict.exchange_ships,
            "refund_shipping": verdict.refund_shipping,
            "policy": policy.engine.name,
            "policy_id": policy.id or False,
            "policy_version": policy.version,
            "review": "\n".join(self._say(_pairs(verdict.review), company)),
            "said": _pairs(verdict.said),
            "lines": told,
        }
        names = [one["product"].display_name for one in lines]
        return answer | {"text": self._verdict_in_words(answer, names, currency)}

    @api.model
    def _verdict_in_words(self, verdict, names, currency):
        """One paragraph per product, then the terms; of a refusal what is refused alone.

        Equal paragraphs are said once.
        """
        products = {}
        for name, line in zip(names, verdict["lines"], strict=False):
            if line["allowed"] == verdict["allowed"]:
                text = " ".join(self._say(line["said"], currency))
                products.setdefault(text, []).append(name)
        texts = [
            self.env._(
                "%(product)s: %(text)s",
                product=format_list(self.env, list(dict.fromkeys(found))),
                text=text,
            )
            for text, found in products.items()
        ]
        terms = " ".join(self._say(verdict["said"], currency))
        return "\n".join([*texts, *([terms] if terms else [])])

    @api.model
    def _verdict_values(self, verdict):
        """What a return keeps of its verdict."""
        return {
            "verdict": {key: value for key, value in verdict.items() if key != "review"},
            "policy_id": verdict["policy_id"],
            "refund_on": verdict["refund_on"],
            "exchange_ships": verdict["exchange_ships"],
            "review": verdict["review"] or False,
            "fee": verdict["fee"],
        }

    @api.model
    def _against_policy(self, verdict, override):
        """Values of a return that the policy refuses, and a clerk makes nevertheless.

        :param override: the clerk's reason
        :raise UserError: no reason: the request is refused
        :raise AccessError: who asks is not of customer service
        """
        if verdict["allowed"]:
            return {}
        if not override or not str(override).strip():
            raise UserError(verdict["text"] or self.env._("This cannot be returned."))
        if not self.env.user.has_group("oms_extension.group_user"):
            raise AccessError(
                self.env._("Only customer service may accept what the return policy refuses.")
            )
        return {
            "override_reason": str(override).strip()[:1000],
            "override_user_id": self.env.uid,
        }


def _asked(one):
    photos = one.get("photos") or 0
    return AskedLine(
        order_line=one["order_line"]._origin.id or 0,
        product=one["product"]._origin.id,
        units=one["quantity"],
        reason=one["reason"]._origin.id or 0,
        outcome=one["outcome"],
        photos=photos if isinstance(photos, int) else len(photos),
        opened=one.get("opened"),
    )


def _pairs(said):
    return [[one.code, one.values] for one in said]
