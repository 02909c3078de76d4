"""What a finding says, built of whole sentences, so that every language has its own."""

from odoo import models
from odoo.tools import format_date, formatLang

from .dimensions import DIMENSIONS

SUSPECT = 0.25
"""Chance from which on a lot is named although the whole variant stands out."""


class OmsReturnFinding(models.Model):
    _inherit = "oms.return.finding"

    def _words(self):
        return Words(self)


class Words:
    """Sentences about these findings; what they name is read at once."""

    def __init__(self, findings):
        self.env = findings.env
        wanted = {}
        for one in findings:
            for place in [one.place or [], *(o["place"] for o in one.alternatives or [])]:
                for name, key in place:
                    wanted.setdefault(name, set()).add(key)
        self.records = {
            name: {
                one.id: one
                for one in self.env[DIMENSIONS[name].model]
                .sudo()
                .with_context(active_test=False)
                .browse(sorted(keys))
                .exists()
            }
            for name, keys in wanted.items()
        }

    # --- parts --------------------------------------------------------------------------------

    def record(self, name, key):
        found = self.records.get(name, {}).get(key)
        if found is None:
            return self.env._("something deleted")
        if name == "product":
            return found.name
        if name == "variant":
            return found.display_name.split("] ")[-1]
        return found.name if "name" in found else found.display_name

    def place(self, place):
        """A group by its names."""
        of = {name: self.record(name, key) for name, key in place or []}
        names = set(of)
        if names == {"carrier", "warehouse"}:
            return self.env._("What %(carrier)s brings from %(warehouse)s", **of)
        if names == {"carrier", "region"} or names == {"carrier", "country"}:
            to = of.get("region") or of.get("country")
            return self.env._(
                "What %(carrier)s brings to %(region)s", carrier=of["carrier"], region=to
            )
        if names == {"category", "warehouse"}:
            return self.env._("%(category)s from %(warehouse)s", **of)
        if names == {"lot"}:
            ((_name, key),) = place
            lot = self.records["lot"].get(key)
            product = lot.product_id.display_name.split("] ")[-1] if lot else ""
            return self.env._("Lot %(lot)s of %(product)s", lot=of["lot"], product=product)
        if names == {"vendor"}:
            return self.env._("What %s makes", of["vendor"])
        if names == {"carrier"}:
            return self.env._("What %s brings", of["carrier"])
        if names == {"warehouse"}:
            return self.env._("What comes from %s", of["warehouse"])
        if names & {"region", "country"}:
            return self.env._("What goes to %s", of.get("region") or of.get("country"))
        return " · ".join(of.values())

    def number(self, value, digits=0):
        return formatLang(self.env, value, digits=digits)

    def share(self, value):
        return f"{formatLang(self.env, 100 * value, digits=1)}\u00a0%"

    def amount(self, one, value):
        return formatLang(self.env, value, currency_obj=one.currency_id)

    # --- sentences ----------------------------------------------------------------------------

    def title(self, one):
        return self.env._(
            "%(group)s: %(ratio)s times as many returns as usual",
            group=self.place(one.place),
            ratio=self.number(one.ratio, 1),
        )

    def evidence(self, one):
        told = self.env._(
            "%(observed)s of %(delivered)s units delivered in the last %(days)s days came back so "
            "far; %(expected)s would be usual by now.",
            observed=self.number(one.observed),
            delivered=self.number(one.delivered),
            days=one.window,
            expected=self.number(one.expected, 1 if one.expected < 10 else 0),
        )
        if one.reason_id:
            told += " " + self.env._(
                "%(count)s say “%(reason)s”; usual are %(usual)s.",
                count=self.number(one.reason_observed),
                reason=one.reason_id.name,
                usual=self.number(one.reason_expected, 1),
            )
        if one.since:
            told += " " + self.env._("Delivered since %s.", format_date(self.env, one.since))
        return told

    def money(self, one):
        return self.env._(
            "%(money)s lost so far, %(ahead)s in the next 30 days if nothing changes",
            money=self.amount(one, one.money),
            ahead=self.amount(one, one.money_ahead),
        )

    def suspect(self, one):
        """The lot that may hold the cause of what is told of a variant or product."""
        for other in one.alternatives or []:
            if other["weight"] >= SUSPECT and [name for name, _key in other["place"]] == ["lot"]:
                return self.record("lot", other["place"][0][1])
        return None

    def cause(self, one):
        names = {name for name, _key in one.place or []}
        if one.late:
            return self.env._("The parcels come too late; the goods are not to blame.")
        if "lot" in names:
            return self.env._("A bad lot: other lots of the product do not come back like this.")
        if "carrier" in names:
            return (
                self.env._("Parcels are damaged on the way.")
                if one.reason_id.claim
                else self.env._("Something goes wrong on the way.")
            )
        fault = one.reason_id.fault
        if fault == "content":
            size = one.reason_id.code in ("too_small", "too_large")
            return (
                self.env._("The size is not what the customer expects.")
                if size
                else self.env._("The description promises something else.")
            )
        if fault == "warehouse":
            return self.env._("Picking or packing errors.")
        if fault == "product":
            lot = self.suspect(one)
            return (
                self.env._("The quality of the goods, perhaps of lot %s alone.", lot)
                if lot
                else self.env._("The quality of the goods.")
            )
        return self.env._("Not known from the reasons that customers give.")

    def action(self, one):
        names = {name for name, _key in one.place or []}
        if one.late:
            return self.env._(
                "Promise more days on this way, or take another carrier; claim the delays."
            )
        if "lot" in names:
            return self.env._(
                "Stop the lot, check what is left in stock, and claim it from the vendor."
            )
        if "carrier" in names:
            return self.env._("Claim the damage from the carrier and look at the packing.")
        code, fault = one.reason_id.code, one.reason_id.fault
        if code in ("too_small", "too_large"):
            return (
                self.env._("Add a hint “runs small” to the product and check the size chart.")
                if code == "too_small"
                else self.env._("Add a hint “runs large” to the product and check the size chart.")
            )
        if fault == "content":
            return self.env._("Rewrite the description and look at the pictures.")
        if fault == "warehouse":
            return self.env._("Check picking and packing of this product in the warehouse.")
        if names & {"vendor"}:
            return self.env._("Talk to the vendor, and inspect what comes in.")
        if fault == "product":
            lot = self.suspect(one)
            return (
                self.env._("Check what is left of lot %s in stock, and talk to the vendor.", lot)
                if lot
                else self.env._("Inspect units in stock, and talk to the vendor.")
            )
        return self.env._("Read the comments and call some of these customers.")

    def effect(self, one):
        effect = one.effect
        if not one.done_on:
            return False
        day = format_date(self.env, one.done_on)
        if not effect or effect.get("ratio") is False:
            return self.env._(
                "Too little has been delivered since %s to tell whether it helped.", day
            )
        values = {
            "day": day,
            "before": self.share(effect["rate_before"]) if effect["rate_before"] else "–",
            "after": self.share(effect["rate_after"]) if effect["rate_after"] is not False else "–",
            "low": self.number(effect["ratio_low"], 2),
            "high": self.number(effect["ratio_high"], 2),
            "units": self.number(effect["delivered_after"]),
        }
        if effect["verdict"] == "helped":
            return self.env._(
                "It helped: before %(day)s %(before)s came back, since then %(after)s of "
                "%(units)s units (%(low)s to %(high)s times as many as before).",
                **values,
            )
        if effect["verdict"] == "worse":
            return self.env._(
                "It got worse: before %(day)s %(before)s came back, since then %(after)s of "
                "%(units)s units (%(low)s to %(high)s times as many as before).",
                **values,
            )
        return self.env._(
            "Not clear yet whether it helped: before %(day)s %(before)s came back, since then "
            "%(after)s of %(units)s units (%(low)s to %(high)s times as many as before).",
            **values,
        )

    def elsewhere(self, one):
        here = self.place(one.place)
        # A product and its only variant are one.
        others = [
            f"{name} ({round(100 * other['weight'])}\u00a0%)"
            for other in one.alternatives or []
            if other["weight"] >= 0.05 and (name := self.place(other["place"])) != here
        ]
        return ", ".join(others[:3]) or False
