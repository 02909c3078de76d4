"""The one way in: every request for a return passes here."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero

from .order_return import WAYS
from .return_line import OUTCOMES

MAX_LINES = 200
MAX_COMMENT = 4000


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    def _request(self, order, lines, origin, way="label", comment="", override=None, **values):
        """Announce units of an order, judge them by the policy, and approve them if it says so.

        :param order: the order
        :param list lines: dicts ``order_line_id``, ``quantity`` (product's unit), ``reason``
            (code), ``comment``, ``outcome``, ``exchange_product_id``, ``lot`` (name), ``photos``
            (attachment ids); equal lines are added up
        :param override: why a clerk accepts what the policy refuses
        :param values: further fields of the return
        :return: the return
        :raise UserError: what cannot be returned, and why; nothing is kept then
        """
        wanted = self._read_request(order, lines)
        order_lines = self.env["sale.order.line"].union(*(one["order_line"] for one in wanted))
        order_lines._oms_take_turn()
        self._check_returnable(order_lines, wanted)
        verdict = self._judge(order, wanted)
        against = self._against_policy(verdict, override)
        self.check_access("create")
        made = self.sudo().create(
            {
                "company_id": order.company_id.id,
                "order_id": order.id,
                "partner_id": order.partner_id.id,
                "origin": origin,
                "kind": "claim" if any(one["reason"].claim for one in wanted) else "return",
                "way": way if way in dict(WAYS) else "label",
                "comment": (comment or "")[:MAX_COMMENT],
                "line_ids": [
                    (0, 0, self._line_values(one, judged))
                    for one, judged in zip(wanted, verdict["lines"], strict=True)
                ],
            }
            | self._verdict_values(verdict)
            | against
            | values
        )
        made = made.with_env(self.env)
        made.sudo().line_ids._note_worth()
        made.sudo()._note_shipping()
        if verdict["automatic"]:
            made._approve("policy")
        return made

    @api.model
    def _read_request(self, order, lines):
        """Records for what was asked, equal lines added up.

        :raise UserError: the first thing that is wrong, in words
        """
        if not isinstance(lines, list) or not lines:
            raise UserError(self.env._("Choose what you want to return."))
        if len(lines) > MAX_LINES:
            raise UserError(self.env._("Return at most %s lines at once.", MAX_LINES))
        own = {line.id: line for line in order.order_line}
        reasons = self.env["oms.return.reason"]._by_code(
            {str(one.get("reason")) for one in lines if isinstance(one, dict) and one.get("reason")}
        )
        wanted = {}
        for one in lines:
            key = one.get("order_line_id") if isinstance(one, dict) else None
            line = own.get(key) if isinstance(key, int) else None
            if line is None or line.display_type or line.product_id.type == "service":
                raise UserError(
                    self.env._("This is no line of order %s that can be returned.", order.name)
                )
            quantity = one.get("quantity")
            if (
                isinstance(quantity, bool)
                or not isinstance(quantity, int | float)
                or not 0 < quantity < 1e9
            ):
                raise UserError(
                    self.env._(
                        "How many of %s do you want to return?", line.product_id.display_name
                    )
                )
            code = str(one.get("reason") or "")
            reason = reasons.get(code) or self.env["oms.return.reason"]
            if code and not reason:
                raise UserError(self.env._("There is no return reason '%s'.", code[:64]))
            if reason.parent_id:
                reason = reason.parent_id
            outcome = str(one.get("outcome") or "refund")
            if outcome not in dict(OUTCOMES):
                raise UserError(
                    self.env._(
                        "There is no outcome '%(outcome)s'. Use one of %(known)s.",
                        outcome=outcome[:64],
                        known=", ".join(dict(OUTCOMES)),
                    )
                )
            exchange = self._exchange_product(line, outcome, one.get("exchange_product_id"))
            lot = self._lot(line, one.get("lot"))
            key = (line.id, reason.id, outcome, exchange.id, lot.id)
            known = wanted.get(key)
            if known:
                known["quantity"] += quantity
                continue
            photos = self.env["ir.attachment"].browse(one.get("photos") or [])
            wanted[key] = {
                "order_line": line,
                "product": line.product_id,
                "quantity": line.product_id.uom_id.round(quantity),
                "reason": reason,
                "outcome": outcome,
                "exchange_product": exchange,
                "lot": lot,
                "comment": str(one.get("comment") or "")[:MAX_COMMENT],
                "photos": len(photos),
                "opened": one["opened"] if isinstance(one.get("opened"), bool) else None,
                "photo_records": photos,
            }
        return list(wanted.values())

    @api.model
    def _exchange_product(self, line, outcome, product_id):
        """The variant wanted instead; the same product where none is named."""
        none = self.env["product.product"]
        if outcome != "exchange":
            return none
        if not product_id:
            return line.product_id
        product = none.browse(product_id).exists()
        if not product or product.product_tmpl_id != line.product_id.product_tmpl_id:
            raise UserError(
                self.env._(
                    "%s can be exchanged for another variant of it only.",
                    line.product_id.display_name,
                )
            )
        return product

    @api.model
    def _lot(self, line, name):
        """The delivered lot of this name."""
        if not name:
            return self.env["stock.lot"]
        lot = line.sudo()._oms_delivered_lots().filtered(lambda one: one.name == str(name))
        if not lot:
            raise UserError(
                self.env._(
                    "%(lot)s is not a serial or lot number of %(product)s that was delivered.",
                    lot=str(name)[:64],
                    product=line.product_id.display_name,
                )
            )
        return lot[:1]

    @api.model
    def _check_returnable(self, order_lines, wanted):
        """Refuse more units than the customer has and has not announced.

        :raise UserError: with the line and what is left of it
        """
        returnable = order_lines.sudo()._oms_returnable()
        left = {line.id: units for line, units in returnable.items()}
        for one in wanted:
            line, rounding = one["order_line"], one["product"].uom_id.rounding
            if float_compare(one["quantity"], left[line.id], precision_rounding=rounding) > 0:
                with_customer = line.sudo()._oms_with_customer()[line.sudo()]
                if float_is_zero(with_customer, precision_rounding=rounding):
                    raise UserError(
                        self.env._("%s has not been delivered yet.", one["product"].display_name)
                    )
                raise UserError(
                    self.env._(
                        "%(left)s units of %(product)s can still be returned, not %(wanted)s: "
                        "the others came back or are announced in another return.",
                        product=one["product"].display_name,
                        left=f"{left[line.id]:g}",
                        wanted=f"{one['quantity']:g}",
                    )
                )
            left[line.id] -= one["quantity"]

    @api.model
    def _line_values(self, one, judged):
        line = one["order_line"]
        keep = bool(judged.get("returnless")) or one["outcome"] == "discount"
        return {
            "order_line_id": line.id,
            "product_id": one["product"].id,
            "quantity": one["quantity"],
            "lot_id": one["lot"].id,
            "reason_id": one["reason"].id,
            "comment": one["comment"],
            "outcome": one["outcome"],
            "exchange_product_id": one["exchange_product"].id,
            "keep": keep,
            "photo_ids": [(6, 0, one["photo_records"].ids)],
            "seal": {True: "broken", False: "closed"}.get(one.get("opened")),
            "shipment_id": self._came_by(line, one["lot"]).id,
        }

    @api.model
    def _came_by(self, line, lot):
        """The outbound parcel that brought these units: of the lot, else the latest."""
        parcels = (
            line.sudo()
            .oms_shipment_line_ids.filtered(lambda one: one.shipment_id.direction == "outbound")
            .sorted("id", reverse=True)
        )
        own = parcels.filtered(lambda one: lot and one.lot_name == lot.name)
        return (own or parcels)[:1].shipment_id
