"""What other programs learn of a decision: plain JSON, with the words of the public contract.

XML-RPC knows no null: what there is nothing to say about is ``False``, as everywhere in Odoo. Times
are ISO 8601 in UTC, amounts are in the company's currency, quantities are whole units of the
product's unit of measure.
"""

from . import texts


class Answer:
    """The answer about one order.

    :param needs: dict order line → what was to be decided about it. The same order as ``snapshot``
        and ``decision`` are about.
    """

    def __init__(self, order, policy, needs, snapshot, decision):
        self.env = order.env
        self.order = order
        self.policy = policy
        self.needs = needs
        self.decision = decision
        self.warehouses = {one.id: one for one in snapshot.warehouses}
        keys = self.env["oms.snapshot"]._line_key
        self.lines = {keys(line): line for line in needs}

    def as_dict(self):
        """Chosen plan, alternatives and decision cards."""
        reason = self._reason()
        return about(self.order, self.policy) | {
            "plan": self._plan(self.decision.plan) | {"reason": reason},
            "alternatives": [self._alternative(one) for one in self.decision.alternatives],
            "cards": [self._card(card) for card in self.decision.cards],
            "begun": [
                self._line(key, units) | self._warehouse(warehouse_id)
                for key, line in self.lines.items()
                for warehouse_id, units in self.needs[line].begun.items()
                if units
            ],
            "reason": reason,
        }

    # --- plans ------------------------------------------------------------------------------------

    def _plan(self, plan):
        return {
            "parcels": [
                self._parcel(number, parcel) for number, parcel in enumerate(plan.parcels, start=1)
            ],
            "missing": [self._shortage(shortage) for shortage in plan.shortages],
            "missing_units": plan.unfilled,
            "delivery_date": moment(plan.delivery),
            "cost": plan.cost.as_dict(),
            "total": plan.total,
            "proven_gap": plan.proven_gap,
        }

    def _parcel(self, number, parcel):
        return {
            "number": number,
            **self._warehouse(parcel.warehouse),
            "carrier": parcel.service or False,
            "carrier_name": parcel.service_name,
            "lines": [self._line(key, units) for key, units in parcel.contents],
            "units": sum(units for _key, units in parcel.contents),
            "weight": parcel.weight,
            "distance_km": _or_false(parcel.distance_km),
            "estimated": parcel.origin != "lane",
            "ship_date": moment(parcel.ship_at),
            "delivery_date": moment(parcel.deliver_at),
            "cost": parcel.cost.as_dict(),
            "total": parcel.cost.total,
        }

    def _shortage(self, shortage):
        return {
            **self._line(shortage.line, shortage.quantity),
            **self._warehouse(shortage.warehouse),
            "expected_date": shortage.expected.isoformat() if shortage.expected else False,
            "cause": shortage.cause,
            "reason": texts.shortage_cause(self.env, shortage.cause),
        }

    def _alternative(self, alternative):
        label = alternative.label
        return self._plan(alternative.plan) | {
            "label": label.code,
            "reason": texts.alternative(self.env, label.code, self._named(label.params)),
            "difference": alternative.difference,
        }

    def _reason(self):
        """Why this plan, in one sentence."""
        plan = self.decision.plan
        names = {"policy": self.policy.name, "units": plan.unfilled}
        if plan.shortages and not plan.parcels:
            return self.env._("Nothing can ship now: %(units)s units wait.", **names)
        if self.policy.mode == "rules":
            sentence = self.env._("As the rules of '%(policy)s' decide.", **names)
        elif plan.proven_gap:
            sentence = self.env._(
                "At most %(gap)s %% dearer than the cheapest way under '%(policy)s'.",
                gap=f"{100 * plan.proven_gap:.1f}",
                **names,
            )
        else:
            sentence = self.env._("The cheapest way under '%(policy)s'.", **names)
        if plan.shortages:
            sentence += " " + self.env._("%(units)s units wait.", **names)
        return sentence

    # --- cards ------------------------------------------------------------------------------------

    def _card(self, card):
        return {
            **self._line(card.line, sum(one.chosen for one in card.candidates)),
            "candidates": [self._candidate(one) for one in card.candidates],
        }

    def _candidate(self, one):
        out = one.ruled_out
        return {
            **self._warehouse(one.warehouse),
            "chosen": one.chosen,
            "available": one.available,
            "on_hand": one.on_hand or 0,
            "safety": one.safety or 0,
            "cost": _or_false(one.line_cost),
            "distance_km": _or_false(one.distance_km),
            "ship_date": moment(one.ship_at),
            "delivery_date": moment(one.deliver_at),
            "rank": _or_false(one.rank),
            "rules": [
                {
                    "rule": verdict.rule,
                    "value": _or_false(verdict.value),
                    "place": _or_false(verdict.place),
                }
                for verdict in one.verdicts
            ],
            "ruled_out": out.code if out else False,
            "reason": texts.ruled_out(self.env, out.code, self._named(out.params)) if out else "",
        }

    # --- names ------------------------------------------------------------------------------------

    def _warehouse(self, warehouse_id):
        known = self.warehouses.get(warehouse_id)
        return {"warehouse": warehouse_id or False, "warehouse_name": known.name if known else ""}

    def _line(self, key, quantity):
        line = self.lines[key]
        product = line.product_id
        return {
            "line": line._origin.id or False,
            "product": product.id,
            "sku": product.default_code or product.barcode or "",
            "product_name": product.display_name,
            "quantity": quantity,
        }

    def _named(self, params):
        named = texts.with_names(self.env, params)
        if named.get("warehouse"):
            named["warehouse"] = self._warehouse(named["warehouse"])["warehouse_name"]
        return named


def about(order, policy):
    """The head of an answer; all there is to say where nothing has to be decided."""
    return {
        "order": order.id,
        "name": order.name,
        "state": order.state,
        "policy": policy.code if policy else False,
        "currency": order.company_id.currency_id.name,
        "plan": False,
        "alternatives": [],
        "cards": [],
        "begun": [],
        "reason": order.env._("The order is cancelled.")
        if order.state == "cancel"
        else order.env._("Nothing in this order has to be allocated."),
    }


def moment(value):
    """A time of the engine as ISO 8601 in UTC, or False."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else False


def _or_false(value):
    return False if value is None else value
