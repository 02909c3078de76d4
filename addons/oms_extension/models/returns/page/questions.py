"""The second page: why each of the goods comes back, and what the customer wants for it."""

from odoo import api, models

from ..request import MAX_COMMENT
from .goods import number

MAX_VARIANTS = 60


class OmsReturnPage(models.AbstractModel):
    _inherit = "oms.return.page"

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
                    "quantity": number(one["quantity"]),
                    "reasons": reasons.with_context(lang=self.env.lang),
                    "reason": one.get("reason") or "",
                    "outcomes": [(code, outcomes[code]) for code in open_outcomes],
                    "outcome": one.get("outcome") or open_outcomes[0],
                    "variants": self._variants(line) if "exchange" in open_outcomes else [],
                    "exchange": one.get("exchange") or line.product_id.id,
                    "comment": one.get("comment") or "",
                    "photos": one.get("photos") or [],
                    "seal": choice[line]["seal"],
                    "opened": one.get("opened"),
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
                    "opened": {"closed": False, "broken": True}.get(form.get(f"seal_{name}")),
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
