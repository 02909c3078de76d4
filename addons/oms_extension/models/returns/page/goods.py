"""The first page: which goods come back, and how many."""

import re

from odoo import api, models
from odoo.exceptions import UserError

from ..order_return import OPEN
from ..request import MAX_LINES
from ..return_line import OUTCOMES

QUANTITY = re.compile(r"\d{1,7}(?:[.,]\d{1,4})?")

SEAL = frozenset({"only_sealed", "unless_sealed"})
"""What the policy says of goods that come back with an unbroken seal only."""


class OmsReturnPage(models.AbstractModel):
    _inherit = "oms.return.page"

    @api.model
    def _goods(self, order):
        """What an order brought, and whether it can come back.

        :return: list of dicts ``id``, ``product``, ``sent`` (units), ``units`` (that may be
            returned), ``whole`` (counted, not measured), ``unit`` (name, or nothing for pieces),
            ``why`` (not), ``until`` (text), ``note``
        """
        order = order.sudo()
        lines = order.order_line.filtered(
            lambda line: (
                not line.display_type and line.product_id and line.product_id.type != "service"
            )
        )
        sent, left = lines._oms_with_customer(), lines._oms_returnable()
        open_names = self._open_names(lines)
        choice = self._choice({line: units for line, units in left.items() if units > 0})
        goods = []
        for line in lines:
            judged = choice.get(line)
            why = ""
            if left[line] <= 0:
                why = self._why_none_left(line, sent[line], open_names.get(line.id))
            elif not judged["outcomes"]:
                why = " ".join(judged["reasons"]) or self.env._("This cannot be returned.")
            goods.append(
                self._named(line)
                | {
                    "sent": number(sent[line] or line.qty_delivered),
                    "units": 0 if why else left[line],
                    "left": number(left[line]),
                    "why": why,
                    "until": "" if why else self._day(judged["until"]),
                    "note": ""
                    if why or not judged["fault_only"]
                    else self.env._("Only if it is faulty, damaged or not what you ordered."),
                }
            )
        return goods

    @api.model
    def _named(self, line):
        product = line.product_id.with_context(display_default_code=False, lang=self.env.lang)
        pieces = product.uom_id._has_common_reference(self.env.ref("uom.product_uom_unit").sudo())
        return {
            "id": line.id,
            "product": product.display_name,
            "whole": pieces,
            "unit": "" if pieces else product.uom_id.name,
        }

    @api.model
    def _open_names(self, lines):
        """dict order line id → names of the open returns that announce it"""
        names = {}
        for one in lines.oms_return_line_ids:
            if one.state in OPEN:
                names.setdefault(one.order_line_id.id, []).append(one.return_id.name)
        return {line: ", ".join(dict.fromkeys(found)) for line, found in names.items()}

    @api.model
    def _why_none_left(self, line, sent, announced):
        if announced:
            return self.env._("Already announced in %s.", announced)
        if sent > 0 or any(one.state == "done" for one in line.oms_return_line_ids):
            return self.env._("Already returned.")
        if line.move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "customer"
        ):
            return self.env._("Already returned.")
        return self.env._("Not delivered yet.")

    @api.model
    def _choice(self, units):
        """What the policy lets a customer choose for each line.

        :param dict units: order line → units
        :return: dict order line → dict ``outcomes`` (codes), ``fault_only`` (whether only goods
            that are not as they should be can come back), ``until`` (ISO date or false),
            ``reasons`` (texts: why nothing can be chosen), ``seal`` (whether it matters that the
            seal is unbroken)
        """
        if not units:
            return {}
        order = next(iter(units)).order_id
        reasons = self.env["oms.return.reason"].sudo()
        entries, plain, offers = [], [], {}
        for line, quantity in units.items():
            category = line.product_id.categ_id
            if category not in offers:
                offers[category] = reasons._offered(line.product_id)
            offered = offers[category]
            faulty = offered.filtered(lambda one: one.fault in ("product", "carrier"))[:1]
            own_wish = offered.filtered(lambda one: one.fault == "customer")[:1]
            plain += [True] * len(OUTCOMES) + [False] * len(OUTCOMES)
            entries += [
                {
                    "order_line": line,
                    "product": line.product_id,
                    "quantity": quantity,
                    "reason": reason,
                    "outcome": outcome,
                    "lot": self.env["stock.lot"],
                    "photos": 1,
                }
                for reason in (own_wish, faulty)
                for outcome, _name in OUTCOMES
            ]
        verdict = self.env["oms.return"].sudo().with_context(lang=self.env.lang)
        judged = verdict._judge(order, entries)["lines"]
        choice = {}
        for entry, without_fault, one in zip(entries, plain, judged, strict=True):
            found = choice.setdefault(
                entry["order_line"],
                {
                    "outcomes": [],
                    "fault_only": True,
                    "until": False,
                    "reasons": one["reasons"],
                    "seal": False,
                },
            )
            said = {code for code, _values in one.get("said", [])}
            found["seal"] = found["seal"] or bool(said & SEAL)
            if one["allowed"]:
                if entry["outcome"] not in found["outcomes"]:
                    found["outcomes"].append(entry["outcome"])
                if without_fault:
                    found["fault_only"] = False
                    found["until"] = max(found["until"] or "", one["until"] or "") or False
        return choice

    @api.model
    def _read_quantities(self, order, form):
        """Units by order line id, of a form's ``units_<line>``.

        :raise UserError: nothing was chosen, or a number is none
        """
        quantities = {}
        for good in self._goods(order):
            text = str(form.get(f"units_{good['id']}") or "").strip()
            if text in ("", "0"):
                continue
            units = float(text.replace(",", ".")) if QUANTITY.fullmatch(text) else -1
            if not 0 < units <= good["units"] or (good["whole"] and units != int(units)):
                raise UserError(
                    self.env._(
                        "Of %(product)s you can return %(units)s. %(why)s",
                        product=good["product"],
                        units=number(good["units"]),
                        why=good["why"],
                    ).strip()
                )
            quantities[good["id"]] = units
        if not quantities:
            raise UserError(self.env._("Choose what you want to return."))
        if len(quantities) > MAX_LINES:
            raise UserError(self.env._("Return at most %s lines at once.", MAX_LINES))
        return quantities


def number(units):
    """``2``, ``1.5``"""
    return f"{units:g}"
