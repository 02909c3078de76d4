"""The receiving table: from what the scanner reads to the return, and to the unit in hand.

Public methods of ``oms.return`` for stock users and customer service; they check who asks and run
with the rights that Odoo's documents need.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ....engine.tracking.numbers import normalise
from ..order_return import OPEN

MAX_CODE = 200
MAX_FOUND = 12


class OmsReturn(models.Model):
    _inherit = "oms.return"

    table_turn = fields.Integer(readonly=True, copy=False)

    # --- who, and which ---------------------------------------------------------------------------

    @api.model
    def _check_table(self):
        """
        :raise AccessError: who asks works neither in a warehouse nor for customer service
        """
        user = self.env.user
        if not (
            user.has_group("stock.group_stock_user") or user.has_group("oms_extension.group_user")
        ):
            raise AccessError(
                self.env._("Only the warehouse and customer service use the receiving table.")
            )

    @api.model
    def _at_table(self, return_id):
        """A return that the user may see, with the rights of the table.

        :raise UserError: there is none
        """
        self._check_table()
        if isinstance(return_id, bool) or not isinstance(return_id, int):
            raise UserError(self.env._("Scan the return first."))
        one = self.search([("id", "=", return_id)])
        if not one:
            raise UserError(self.env._("This return does not exist (any more)."))
        return one.sudo().with_company(one.company_id)

    def _take_table_turn(self):
        """Two tables that work on one return do so one after the other: Odoo runs the second again,
        which then sees what the first has done."""
        self.env.cr.execute(
            "UPDATE oms_return SET table_turn = COALESCE(table_turn, 0) + 1 WHERE id = %s", self.ids
        )

    # --- the first scan ---------------------------------------------------------------------------

    @api.model
    def table_find(self, code):
        """What a scanned or typed code stands for.

        :param str code: number of a return, transfer, order or parcel, a serial number, or the
            address of the customer's page
        :return: dict ``kind``: ``return`` (with ``return``, see :meth:`_table_data`), ``choices``
            (``returns``: list of dicts), ``order`` (``order``: what may come back of it), ``none``
        """
        self._check_table()
        code = str(code or "").strip()[:MAX_CODE]
        if not code:
            return {"kind": "none", "code": code}
        found = self._returns_of_code(code)
        orders = found.order_id if found else self._orders_of_code(code)
        if not found and orders:
            found = self._best_of(self.search([("order_id", "in", orders.ids)]))
        if len(found) == 1:
            return {"kind": "return", "return": found._at_table(found.id)._table_data()}
        if found:
            return {"kind": "choices", "returns": [one._table_choice() for one in found.sudo()]}
        if orders:
            return {"kind": "order", "order": self._table_order(orders[:1])}
        return {"kind": "none", "code": code}

    @api.model
    def _returns_of_code(self, code):
        """Returns that the code names, or whose parcel or transfer it does."""
        token = code.rstrip("/").rsplit("/return/", 1)[-1] if "/return/" in code else False
        if token:
            hidden = self.sudo().search([("access_token", "=", token.split("/")[0])])
            return self.search([("id", "in", hidden.ids)])
        found = self.search([("name", "in", (code, code.upper()))])
        if found:
            return found
        key = normalise(code)
        parcels = self.env["oms.shipment"].sudo()
        if key:
            parcels = parcels.search(
                [("tracking_key", "=", key), ("company_id", "in", self.env.companies.ids)]
            )
        pickings = (
            self.env["stock.picking"]
            .sudo()
            .search([("name", "=", code), ("company_id", "in", self.env.companies.ids)])
        )
        hidden = parcels.picking_id.oms_return_id | pickings.oms_return_id
        hidden |= self.sudo().search(
            [("origin", "=", "carrier"), ("line_ids.shipment_id", "in", parcels.ids)]
        )
        return self._best_of(self.search([("id", "in", hidden.ids)]))

    @api.model
    def _best_of(self, returns):
        """Open returns before those that are closed; of these the last."""
        live = returns.filtered(lambda one: one.state in OPEN)
        awaited = live.filtered(lambda one: one.receipt_state not in ("received", "none"))
        rest = returns.filtered(lambda one: one.state not in ("rejected", "cancelled"))
        return (awaited or live or rest or returns[:1])[:MAX_FOUND]

    @api.model
    def _orders_of_code(self, code):
        """Orders that the code names, or whose parcel, transfer or goods it does."""
        here = [("company_id", "in", self.env.companies.ids), ("state", "=", "sale")]
        orders = self.env["sale.order"].sudo()
        for field in ("name", "client_order_ref", "oms_external_reference"):
            found = orders.search([(field, "in", (code, code.upper())), *here], limit=MAX_FOUND)
            if found:
                return found
        key = normalise(code)
        if key:
            orders = self.env["oms.shipment"].sudo().search([("tracking_key", "=", key)]).order_id
        orders |= self.env["stock.picking"].sudo().search([("name", "=", code)]).sale_id
        if not orders:
            sent = (
                self.env["stock.move.line"]
                .sudo()
                .search(
                    [
                        ("lot_id.name", "=", code),
                        ("state", "=", "done"),
                        ("location_dest_usage", "=", "customer"),
                    ],
                    order="id desc",
                    limit=1,
                )
            )
            orders = sent.move_id.sale_line_id.order_id
        return orders.filtered(lambda one: one.company_id in self.env.companies)

    # --- the unit in hand -------------------------------------------------------------------------

    @api.model
    def table_scan(self, return_id, code):
        """Which unit of a return was scanned.

        :return: dict ``line`` (id or false), ``product`` (id or false), ``name``, ``lot`` (name or
            false), ``problem`` (of ``none``, ``wrong_item``, ``wrong_serial``); ``unknown`` alone
            where the code says nothing here
        """
        one = self._at_table(return_id)
        code = str(code or "").strip()[:MAX_CODE]
        lots = self.env["stock.lot"].sudo().search([("name", "=", code)])
        for line in one.line_ids:
            lot = line.order_line_id._oms_delivered_lots() & lots
            if lot:
                return self._scanned(line, lot[:1].product_id, lot[:1].name)
        for line in one.line_ids:
            lot = lots.filtered(lambda lot, line=line: lot.product_id == line.product_id)
            if lot:
                return self._scanned(line, line.product_id, lot[:1].name, "wrong_serial")
        product = self._product_of_code(code)
        if not product:
            return {"unknown": code}
        lines = one.line_ids.filtered(lambda line: line.product_id == product)
        wanted = lines.filtered(lambda line: line._units_to_take() > 0)
        parts = one.line_ids.filtered(lambda line: product.id in line._per_kit())
        line = (wanted or lines or parts)[:1]
        return self._scanned(line, product, False, "none" if line else "wrong_item")

    @api.model
    def _scanned(self, line, product, lot, problem="none"):
        return {
            "line": line.id,
            "product": product.id,
            "name": product.display_name,
            "lot": lot,
            "problem": problem,
        }

    @api.model
    def _product_of_code(self, code):
        products = self.env["product.product"].sudo()
        here = [("company_id", "in", (False, *self.env.companies.ids))]
        found = products.search([("barcode", "=", code), *here], limit=1)
        if not found and "product.uom" in self.env:
            found = (
                self.env["product.uom"].sudo().search([("barcode", "=", code)], limit=1).product_id
            )
        return found or products.search([("default_code", "=", code), *here], limit=1)
