"""What the screens show of a decision: plain JSON with names, sentences and amounts.

Amounts are numbers in the company's currency and times are UTC in Odoo's format: the client shows
both in the reader's own way. Labels of the map are texts.
"""

from datetime import date, datetime

from odoo import fields
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ...engine.allocation import reasons
from . import texts

COST_PARTS = ("freight", "handling", "delay", "extra_parcel", "bid_price")


class Presenter:
    """One decision about one order, as it was made or as it would be.

    :param lines: dict engine line id → ``sale.order.line``
    :param snapshot: of the decision, as plain JSON. The same for ``decision``.
    :param locked: dict engine line id → warehouse ids where a person locked units.
    """

    def __init__(self, order, lines, snapshot, decision, locked=None):
        self.env = order.env
        self.order = order
        self.lines = lines
        self.snapshot = snapshot
        self.plan = decision["plan"]
        self.decision = decision
        self.locked = locked or {}
        self.warehouses = {one["id"]: one for one in snapshot["warehouses"]}
        self.mode = snapshot["policy"]["mode"]

    # --- names --------------------------------------------------------------------------------

    def warehouse_name(self, warehouse_id):
        known = self.warehouses.get(warehouse_id)
        return known["name"] if known else ""

    def line_facts(self, key):
        """Product, unit and picture of a line."""
        line = self.lines.get(key)
        if not line:
            return {"line": key, "product": self.env._("Deleted line"), "uom": ""}
        return {
            "line": key,
            "product": line.product_id.display_name,
            "product_id": line.product_id.id,
            "uom": line.product_id.uom_id.name,
        }

    def _params(self, params):
        named = texts.with_names(self.env, params)
        if named.get("warehouse"):
            named["warehouse"] = self.warehouse_name(named["warehouse"])
        return named

    # --- parts of the view --------------------------------------------------------------------

    def as_dict(self, confirmed):
        """Summary, parcels, shortages, cards and alternatives."""
        return {
            "summary": self.summary(),
            "parcels": self.parcels(),
            "shortages": self.shortages(confirmed),
            "cards": self.cards(),
            "rules": self.rules(),
            "alternatives": self.alternatives(),
        }

    def summary(self):
        plan = self.plan
        return {
            "parcels": len(plan["parcels"]),
            "units": sum(units for one in plan["parcels"] for _key, units in one["contents"]),
            "cost": shipping_cost(plan),
            "deliver_at": moment(plan["delivery"]),
            "promised_for": self.snapshot.get("promise_date"),
            "missing": plan["unfilled"],
            "mode": self.mode,
            "gap": plan["proven_gap"],
            "by_hand": plan["method"] == "by hand",
        }

    def parcels(self):
        result = []
        for index, parcel in enumerate(self.plan["parcels"], start=1):
            result.append(
                {
                    "index": index,
                    "warehouse_id": parcel["warehouse"],
                    "warehouse": self.warehouse_name(parcel["warehouse"]),
                    "service": parcel["service_name"],
                    "estimated": parcel["origin"] == "distance",
                    "ship_at": moment(parcel["ship_at"]),
                    "deliver_at": moment(parcel["deliver_at"]),
                    "learned_from": parcel.get("learned_from", 0),
                    "distance": parcel["distance_km"],
                    "weight": parcel["weight"],
                    "units": sum(units for _key, units in parcel["contents"]),
                    "cost": break_down(parcel["cost"]),
                    "contents": [
                        self.line_facts(key)
                        | {
                            "quantity": units,
                            "locked": parcel["warehouse"] in self.locked.get(key, ()),
                        }
                        for key, units in parcel["contents"]
                    ],
                }
            )
        return result

    def shortages(self, confirmed):
        result = []
        for shortage in self.plan["shortages"]:
            expected = shortage["expected"] and format_date(
                self.env, date.fromisoformat(shortage["expected"])
            )
            warehouse = self.warehouse_name(shortage["warehouse"])
            result.append(
                self.line_facts(shortage["line"])
                | {
                    "quantity": shortage["quantity"],
                    "warehouse": warehouse,
                    "cause": texts.shortage_cause(self.env, shortage["cause"]),
                    "next": texts.shortage_next(
                        self.env, warehouse, expected, confirmed, shortage["cause"]
                    ),
                }
            )
        return result

    def rules(self):
        """Heads of the columns that hold the rules' verdicts; none where money decides."""
        if self.mode != "rules":
            return []
        return [texts.rule(self.env, code) for code in self.snapshot["policy"]["rules"]]

    def cards(self):
        missing = {one["line"]: one["quantity"] for one in self.plan["shortages"]}
        return [self._card(card, missing.get(card["line"], 0)) for card in self.decision["cards"]]

    def _card(self, card, missing):
        key = card["line"]
        candidates = card["candidates"]
        units = sum(one["chosen"] for one in candidates) + missing
        best = next((one for one in candidates if one["rank"] == 1), None)
        return self.line_facts(key) | {
            "quantity": units,
            "conclusion": texts.conclusion(
                self.env,
                self.mode,
                [self.warehouse_name(one["warehouse"]) for one in candidates if one["chosen"]],
                self.warehouse_name(best["warehouse"]) if best else None,
                best["available"] if best and best["available"] < units else None,
                bool(self.locked.get(key)),
                missing,
            ),
            "candidates": [self._candidate(key, one) for one in candidates],
        }

    def _candidate(self, key, one):
        out = one["ruled_out"]
        return {
            "warehouse_id": one["warehouse"],
            "warehouse": self.warehouse_name(one["warehouse"]),
            "chosen": one["chosen"],
            "locked": one["warehouse"] in self.locked.get(key, ()),
            # What is not kept in stock is there without limit.
            "available": one["available"] if one["available"] < 10**8 else None,
            "on_hand": one["on_hand"],
            "safety": one["safety"],
            "cost": one["line_cost"],
            "distance": one["distance_km"],
            "ship_at": moment(one["ship_at"]),
            "deliver_at": moment(one["deliver_at"]),
            "learned_from": one.get("learned_from", 0),
            "capacity": one["capacity"],
            "rank": one["rank"],
            "places": [verdict["place"] for verdict in one["verdicts"]]
            if self.mode == "rules"
            else [],
            "ruled_out": texts.ruled_out(self.env, out["code"], self._params(out["params"]))
            if out
            else False,
        }

    def alternatives(self):
        result = []
        for one in self.decision["alternatives"]:
            label = one["label"]
            units = {}
            for parcel in one["plan"]["parcels"]:
                name = self.warehouse_name(parcel["warehouse"])
                units[name] = units.get(name, 0) + sum(count for _key, count in parcel["contents"])
            result.append(
                {
                    "label": texts.alternative(
                        self.env, label["code"], self._params(label["params"])
                    ),
                    "cheapest": label["code"] == reasons.CHEAPEST,
                    "difference": one["difference"],
                    "cost": shipping_cost(one["plan"]),
                    "parcels": len(one["plan"]["parcels"]),
                    "deliver_at": moment(one["plan"]["delivery"]),
                    "places": [{"warehouse": name, "units": units[name]} for name in units],
                }
            )
        return result

    # --- map ----------------------------------------------------------------------------------

    def map_data(self):
        """Warehouses, destination and parcels of the widget ``oms_network_map``."""
        destination = self.snapshot["destination"]
        partner = self.order.partner_shipping_id or self.order.partner_id
        units = {}
        for parcel in self.plan["parcels"]:
            units[parcel["warehouse"]] = units.get(parcel["warehouse"], 0) + sum(
                count for _key, count in parcel["contents"]
            )
        return {
            "warehouses": [
                {
                    "id": one["id"],
                    "name": one["name"],
                    "latitude": one["latitude"],
                    "longitude": one["longitude"],
                    "used": one["id"] in units,
                    "label": one["name"],
                }
                for one in self.snapshot["warehouses"]
            ],
            "destination": {
                "latitude": destination["latitude"],
                "longitude": destination["longitude"],
                "label": partner.city or partner.name or "",
            }
            if destination["latitude"] is not None
            else None,
            "parcels": [
                {
                    "warehouse_id": parcel["warehouse"],
                    "label": self.warehouse_name(parcel["warehouse"]),
                    "quantity": sum(count for _key, count in parcel["contents"]),
                    "cost_label": self.money(break_down(parcel["cost"])["total"]),
                    "date_label": format_date(
                        self.env, datetime.fromisoformat(parcel["deliver_at"]).date()
                    ),
                    "index": index,
                }
                for index, parcel in enumerate(self.plan["parcels"], start=1)
            ],
        }

    def money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.order.company_id.currency_id)


def break_down(cost):
    """Money of a parcel or plan by what it is for, without the price of units that wait."""
    parts = {
        "freight": cost["freight"],
        "handling": cost["handling_parcel"] + cost["handling_line"],
        "delay": cost["delay"],
        "extra_parcel": cost["extra_parcel"],
        "bid_price": cost["bid_price"],
    }
    return parts | {"total": sum(parts.values())}


def shipping_cost(plan):
    """Money of what ships: what the policy values a wait at is nobody's bill."""
    return break_down(plan["cost"])["total"]


def moment(text):
    """An ISO time of the engine as Odoo's client reads it."""
    if not text:
        return False
    return fields.Datetime.to_string(datetime.fromisoformat(text).replace(tzinfo=None))
