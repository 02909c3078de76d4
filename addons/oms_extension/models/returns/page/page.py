import re

import babel.dates

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse

from ...tracking.page.page import TOKEN
from ..order_return import OPEN, WAYS
from ..request import MAX_COMMENT, MAX_LINES
from ..return_line import OUTCOMES

QUANTITY = re.compile(r"\d{1,7}(?:[.,]\d{1,4})?")
MAX_VARIANTS = 60
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

    # --- first: which goods -------------------------------------------------------------------

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
                    "sent": _number(sent[line] or line.qty_delivered),
                    "units": 0 if why else left[line],
                    "left": _number(left[line]),
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
            ``reasons`` (texts: why nothing can be chosen)
        """
        if not units:
            return {}
        order = next(iter(units)).order_id
        reasons = self.env["oms.return.reason"].sudo()
        entries, plain = [], []
        for line, quantity in units.items():
            offered = reasons._offered(line.product_id)
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
                {"outcomes": [], "fault_only": True, "until": False, "reasons": one["reasons"]},
            )
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
                        units=_number(good["units"]),
                        why=good["why"],
                    ).strip()
                )
            quantities[good["id"]] = units
        if not quantities:
            raise UserError(self.env._("Choose what you want to return."))
        if len(quantities) > MAX_LINES:
            raise UserError(self.env._("Return at most %s lines at once.", MAX_LINES))
        return quantities

    # --- second: why, and what for ------------------------------------------------------------

    @api.model
    def _questions(self, draft):
        """What is asked about each product of a draft, with what was answered so far."""
        lines = {line.id: line for line in draft.order_id.order_line}
        mine = [(lines[one["line"]], one) for one in draft.lines if one["line"] in lines]
        choice = self._choice({line: one["quantity"] for line, one in mine})
        outcomes = dict(
            self.env["oms.return.line"]._fields["outcome"]._description_selection(self.env)
        )
        questions = []
        for line, one in mine:
            reasons = self.env["oms.return.reason"].sudo()._offered(line.product_id)
            if choice[line]["fault_only"]:
                reasons = reasons.filtered(lambda reason: reason.fault != "customer")
            open_outcomes = choice[line]["outcomes"] or ["refund"]
            questions.append(
                self._named(line)
                | {
                    "quantity": _number(one["quantity"]),
                    "reasons": reasons.with_context(lang=self.env.lang),
                    "reason": one.get("reason") or "",
                    "outcomes": [(code, outcomes[code]) for code in open_outcomes],
                    "outcome": one.get("outcome") or open_outcomes[0],
                    "variants": self._variants(line) if "exchange" in open_outcomes else [],
                    "exchange": one.get("exchange") or line.product_id.id,
                    "comment": one.get("comment") or "",
                    "photos": one.get("photos") or [],
                }
            )
        return questions

    @api.model
    def _variants(self, line):
        """What a product can be exchanged for: dicts ``id``, ``name``, ``available``, ``same``."""
        product = line.product_id
        warehouses = self.env["stock.warehouse"].sudo()
        known = warehouses.search([("company_id", "=", line.company_id.id)])
        variants = product.product_tmpl_id.product_variant_ids.filtered("sale_ok")[:MAX_VARIANTS]
        found = (product | variants).with_context(
            lang=self.env.lang, display_default_code=False, warehouse_id=known.ids
        )
        return [
            {
                "id": one.id,
                "name": one.product_template_attribute_value_ids._get_combination_name()
                or one.display_name,
                "available": not one.is_storable or one.free_qty > 0,
                "same": one.id == product.id,
            }
            for one in found
        ]

    @api.model
    def _write_answers(self, draft, form, files):
        """Keep what a form answers for a draft's products, and its photos.

        :param form: multi-dict of texts; ``files``: multi-dict of uploads
        :return: dict order line id → what is still wrong
        """
        lines, problems = [], {}
        questions = {one["id"]: one for one in self._questions(draft)}
        for line in draft.lines:
            asked = questions.get(line["line"])
            if not asked:
                continue
            name = asked["id"]
            reason = asked["reasons"].filtered(
                lambda one, name=name: one.code == form.get(f"reason_{name}")
            )
            outcome = form.get(f"outcome_{name}")
            exchange = form.get(f"exchange_{name}") or ""
            comment = (form.get(f"comment_{name}") or "").replace("\0", "").strip()
            photos, wrong = draft._add_photos(files.getlist(f"photos_{name}"), asked["photos"])
            known = {str(one["id"]): one["id"] for one in asked["variants"]}
            lines.append(
                line
                | {
                    "reason": reason.code or "",
                    "outcome": outcome if outcome in dict(asked["outcomes"]) else "",
                    "exchange": known.get(exchange) if outcome == "exchange" else False,
                    "comment": comment[:MAX_COMMENT],
                    "photos": photos,
                }
            )
            if not reason:
                wrong = self.env._("Say why you return it.")
            elif not lines[-1]["outcome"]:
                wrong = self.env._("Choose what you want instead.")
            elif reason.comment and not comment:
                wrong = self.env._("Describe in a few words what is wrong.")
            if wrong:
                problems[name] = wrong
        draft.lines = lines
        return problems or self._refused(draft)

    @api.model
    def _refused(self, draft):
        """dict order line id → why the policy does not allow what was chosen"""
        returns = self.env["oms.return"].sudo().with_context(lang=self.env.lang)
        wanted = returns._read_request(draft.order_id, self._asked(draft))
        judged = returns._judge(draft.order_id, wanted)["lines"]
        return {
            entry["order_line"].id: " ".join(one["reasons"])
            or self.env._("This cannot be returned.")
            for entry, one in zip(wanted, judged, strict=True)
            if not one["allowed"]
        }

    @api.model
    def _is_answered(self, draft):
        return all(line.get("reason") and line.get("outcome") for line in draft.lines)

    # --- third: what will be, and then it is sent ------------------------------------------------

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
            one = self._make(draft, "label", oms_return_preview=True)
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
        self.env.cr.execute(
            "SELECT return_id FROM oms_return_draft WHERE id = %s FOR UPDATE", [draft.id]
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


def _number(units):
    """``2``, ``1.5``"""
    return f"{units:g}"
