from odoo import api, models
from odoo.exceptions import UserError

from ..tracking.timeline import iso
from .order_return import WAYS

LINE_FIELDS = {
    "line", "sku", "quantity", "reason", "comment", "outcome", "exchange_sku", "lot"
}  # fmt: skip


class OmsReturn(models.Model):
    """What other programs may ask of returns, see ``docs/api.md``."""

    _inherit = "oms.return"

    @api.model
    def request_return(self, order, lines, way="label", comment="", key=False):
        """Announce goods of an order to come back.

        :param order: our number of the order, the customer's, or its id
        :param list lines: dicts ``line`` (id of the order line) or ``sku``, ``quantity``
            (default: 1), ``reason`` (code), ``comment``, ``outcome`` (``refund``, ``exchange``,
            ``credit``, ``repair``, ``discount``), ``exchange_sku``, ``lot``
        :param way: ``label``, ``drop_off``, ``pickup`` or ``none``
        :param key: a text of the caller's; a call with a known key returns the return it made
        :return: dict ``id``, ``name``, ``state``, ``approved``, ``verdict`` (text), ``needs``,
            ``fee``, ``refund`` (expected), ``currency``, ``warehouse`` (code, or false),
            ``url`` (the customer's page), ``instructions`` (list of texts), ``lines``: dicts
            ``id``, ``line``, ``sku``, ``quantity``, ``outcome``, ``refund``, ``keep``, ``until``
        :raise UserError: what cannot be returned, and why; nothing is kept then
        :raise AccessError: the user may not create returns
        """
        self.check_access("create")
        found = self._order_named(order)
        if key:
            known = self.search(
                [("request_key", "=", str(key)), ("order_id", "=", found.id)], limit=1
            )
            if known:
                return known._told_by_rpc()
        if not isinstance(way, str) or way not in dict(WAYS):
            raise UserError(
                self.env._(
                    "There is no way back '%(way)s'. Use one of %(known)s.",
                    way=str(way)[:64],
                    known=", ".join(dict(WAYS)),
                )
            )
        made = self._request(
            found,
            self._lines_named(found, lines),
            "rpc",
            way,
            comment,
            request_key=str(key) if key else False,
        )
        return made._told_by_rpc()

    @api.model
    def _order_named(self, reference):
        """The order of an id or a number, ours first.

        :raise UserError: there is none that the user may see, or there are several
        """
        orders = self.env["sale.order"]
        if isinstance(reference, int) and not isinstance(reference, bool):
            found = orders.search([("id", "=", reference)])
        else:
            text = str(reference or "").strip()
            found = orders.search([("name", "=", text)]) if text else orders
            for field in ("oms_external_reference", "client_order_ref"):
                found = found or (orders.search([(field, "=", text)]) if text else orders)
        if not found:
            raise UserError(
                self.env._("There is no order '%s'. Check its number.", str(reference)[:80])
            )
        if len(found) > 1:
            raise UserError(
                self.env._(
                    "Several orders are called '%(reference)s': %(orders)s. Use our number.",
                    reference=str(reference)[:80],
                    orders=", ".join(found[:5].mapped("name")),
                )
            )
        return found

    @api.model
    def _lines_named(self, order, lines):
        """The lines of a request in the words of :meth:`_request`.

        :raise UserError: a line that names nothing, or nothing unambiguous
        """
        if not isinstance(lines, list) or not all(isinstance(one, dict) for one in lines):
            raise UserError(self.env._("Send the lines as a list of objects."))
        wanted = []
        for position, one in enumerate(lines, start=1):
            unknown = one.keys() - LINE_FIELDS
            if unknown:
                raise UserError(
                    self.env._(
                        "Line %(position)s: there is no field '%(field)s'. Use %(known)s.",
                        position=position,
                        field=min(map(str, unknown))[:64],
                        known=", ".join(sorted(LINE_FIELDS)),
                    )
                )
            wanted.append(
                {
                    "order_line_id": one.get("line") or self._line_of_sku(order, one, position),
                    "quantity": one.get("quantity", 1),
                    "reason": one.get("reason"),
                    "comment": one.get("comment"),
                    "outcome": one.get("outcome"),
                    "exchange_product_id": self._product_of_sku(one.get("exchange_sku")),
                    "lot": one.get("lot"),
                }
            )
        return wanted

    def _line_of_sku(self, order, one, position):
        sku = str(one.get("sku") or "")
        found = order.order_line.filtered(
            lambda line: sku and sku in (line.product_id.default_code, line.product_id.barcode)
        )
        if len(found) == 1:
            return found.id
        if found:
            raise UserError(
                self.env._(
                    "Line %(position)s: several lines of %(order)s sell %(sku)s. Name the one by "
                    "its id (line): %(ids)s.",
                    position=position,
                    order=order.name,
                    sku=sku[:64],
                    ids=", ".join(map(str, found.ids)),
                )
            )
        raise UserError(
            self.env._(
                "Line %(position)s: order %(order)s has no product '%(sku)s'.",
                position=position,
                order=order.name,
                sku=sku[:64],
            )
        )

    def _product_of_sku(self, sku):
        if not sku:
            return False
        found = self.env["product.product"].search(
            ["|", ("default_code", "=", str(sku)), ("barcode", "=", str(sku))], limit=1
        )
        if not found:
            raise UserError(self.env._("There is no product '%s'.", str(sku)[:64]))
        return found.id

    def _told_by_rpc(self):
        self.ensure_one()
        verdict = self.verdict or {}
        until = [one.get("until") for one in verdict.get("lines", [])]
        until += [False] * (len(self.line_ids) - len(until))
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "approved": self.state not in ("requested", "rejected", "cancelled"),
            "requested_at": iso(self.requested_at),
            "verdict": self.verdict_text or "",
            "needs": verdict.get("needs", []),
            "fee": self.fee,
            "refund": self.amount_total,
            "currency": self.currency_id.name,
            "warehouse": self.warehouse_id.code or False,
            "url": f"{self.get_base_url()}/return/{self.sudo().access_token}",
            "instructions": self._instructions(),
            "lines": [
                {
                    "id": line.id,
                    "line": line.order_line_id.id,
                    "sku": line.product_id.default_code or False,
                    "quantity": line.quantity,
                    "outcome": line.outcome,
                    "refund": line.refund_amount,
                    "keep": line.keep,
                    "until": last_day,
                }
                for line, last_day in zip(self.line_ids, until, strict=False)
            ],
        }

    def _instructions(self):
        """What the customer is to do now, in sentences."""
        self.ensure_one()
        if self.state == "requested":
            return [self.env._("We look at your request and write to you. Keep the goods so long.")]
        if self.state in ("rejected", "cancelled", "done"):
            return []
        if all(self.line_ids.mapped("keep")):
            return [self.env._("You need not send anything back.")]
        if self.receipt_state == "received":
            return [self.env._("You need not do anything more: the goods are with us.")]
        address = self.warehouse_id.partner_id or self.company_id.partner_id
        sentences = [
            self.env._("Pack the goods well and put the return slip %s inside.", self.name)
        ]
        if self.way == "pickup":
            sentences.append(self.env._("Our carrier picks the parcel up at your address."))
        elif self.way == "drop_off":
            sentences.append(self.env._("Bring the parcel to a drop-off point, with the code."))
        sentences.append(
            self.env._(
                "It goes to: %s.",
                ", ".join(
                    part
                    for part in (
                        address.name,
                        address.street,
                        f"{address.zip or ''} {address.city or ''}".strip(),
                        address.country_id.name,
                    )
                    if part
                ),
            )
        )
        return sentences
