"""A parcel that nobody announced: find its order, say what is in it, and it is a return."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MAX_ORDERS = 8


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    def table_orders(self, text):
        """Orders to which a parcel may belong, by number or customer.

        :return: list of dicts ``id``, ``name``, ``customer``, ``date``, ``products``
        """
        self._check_table()
        text = str(text or "").strip()[:100]
        if len(text) < 2:
            return []
        words = [
            [(field, "ilike", text)]
            for field in ("name", "client_order_ref", "oms_external_reference")
        ]
        words += [
            [("partner_id", "ilike", text)],
            [("partner_shipping_id", "ilike", text)],
        ]
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                Domain.OR([Domain(one) for one in words])
                & Domain("company_id", "in", self.env.companies.ids)
                & Domain("state", "=", "sale"),
                limit=MAX_ORDERS,
                order="date_order desc",
            )
        )
        return [
            {
                "id": order.id,
                "name": order.name,
                "customer": order.partner_shipping_id.display_name,
                "date": order.date_order.date().isoformat(),
                "products": ", ".join(
                    f"{line.product_uom_qty:g} × {line.product_id.display_name}"
                    for line in order.order_line
                    if line.product_id.type == "consu"
                )[:200],
            }
            for order in orders
        ]

    @api.model
    def table_order(self, order_id):
        """What may still come back of an order: dict ``id``, ``name``, ``customer``, ``lines``."""
        self._check_table()
        return self._table_order(self._order_at_table(order_id))

    @api.model
    def _order_at_table(self, order_id):
        order = (
            self.env["sale.order"]
            .sudo()
            .search([("id", "=", order_id), ("company_id", "in", self.env.companies.ids)])
        )
        if not order:
            raise UserError(self.env._("This order does not exist (any more)."))
        return order

    @api.model
    def _table_order(self, order):
        order = order.sudo()
        lines = order.order_line.filtered(
            lambda line: not line.display_type and line.product_id.type == "consu"
        )
        returnable = lines._oms_returnable()
        return {
            "id": order.id,
            "name": order.name,
            "customer": order.partner_shipping_id.display_name,
            "lines": [
                {
                    "id": line.id,
                    "product": line.product_id.id,
                    "name": line.product_id.display_name,
                    "sku": line.product_id.default_code or "",
                    "barcode": line.product_id.barcode or "",
                    "lots": line._oms_delivered_lots()[:50].mapped("name"),
                    "most": units,
                    "image": f"/web/image/product.product/{line.product_id.id}/image_128",
                }
                for line, units in returnable.items()
                if units > 0
            ],
        }

    @api.model
    def table_unannounced(self, order_id, quantities, key, warehouse=False):
        """A return for what is in a parcel that nobody announced.

        The policy is asked; whatever it says, the goods are here: what it does not approve waits
        for customer service.

        :param dict quantities: id of the order line → units in the parcel
        :param str key: of this submission: repeated, it changes nothing
        :return: the return, see :meth:`_table_data`
        """
        self._check_table()
        order = self._order_at_table(order_id)
        key = f"table-{str(key or '')[:64]}"
        known = self.sudo().search([("request_key", "=", key), ("order_id", "=", order.id)])
        if known:
            return self._at_table(known.id)._table_data()
        lines = [
            {"order_line_id": int(line), "quantity": units}
            for line, units in (quantities or {}).items()
            if isinstance(units, int | float) and units > 0
        ]
        if not lines:
            raise UserError(self.env._("Scan what is in the parcel first."))
        returns = self.sudo().with_company(order.company_id)
        values = {"request_key": key}
        place = returns.env["stock.warehouse"].search(
            [
                ("id", "=", warehouse),
                ("company_id", "=", order.company_id.id),
                ("oms_takes_returns", "=", True),
            ]
        )
        if place:
            values |= {
                "warehouse_id": place.id,
                "warehouse_text": self.env._("It came there unannounced."),
            }
        try:
            with self.env.cr.savepoint():
                one = returns._request(order, lines, "transfer", **values)
        except UserError as refused:
            one = self._against_the_policy(order, lines, values, str(refused))
        return self._at_table(one.id)._table_data()

    @api.model
    def _against_the_policy(self, order, lines, values, why):
        """The goods are here although the policy, or the guard, would not have had them."""
        returnable = order.order_line.sudo()._oms_returnable()
        kept = []
        for one in lines:
            line = order.order_line.filtered(lambda own, one=one: own.id == one["order_line_id"])
            if not line or one["quantity"] > returnable[line]:
                raise UserError(why)
            kept.append(
                {
                    "order_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": one["quantity"],
                    "shipment_id": self._came_by(line, self.env["stock.lot"]).id,
                }
            )
        order.order_line._oms_take_turn()
        return self._note_unannounced(
            order,
            kept,
            "transfer",
            state="requested",
            approved_at=False,
            approved_by=False,
            review=why,
            **values,
        )
