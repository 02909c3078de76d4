"""The transfer that awaits returned goods, made of Odoo's own documents."""

from odoo import fields, models
from odoo.fields import Command


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _await_goods(self):
        """Make the transfers for what is to come back and has none yet."""
        for one in self:
            lines = one.line_ids.filtered(
                lambda line: (
                    not line.keep and line.product_id.uom_id.compare(line._units_to_await(), 0) > 0
                )
            )
            if not lines:
                continue
            if not one.warehouse_id:
                one._choose_warehouse()
            picking = (
                self.env["stock.picking"]
                .sudo()
                .with_company(one.company_id)
                .create(one._transfer_values())
            )
            for line in lines:
                line._make_moves(picking, line._units_to_await())
            picking.action_confirm()
            picking.action_assign()

    def _transfer_values(self):
        self.ensure_one()
        warehouse = self.warehouse_id.sudo()
        customers = (
            self.line_ids.order_line_id.sudo()
            .move_ids.filtered(
                lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
            )
            .location_dest_id[:1]
        )
        return {
            "picking_type_id": warehouse._oms_return_type().id,
            "partner_id": (self.order_id.partner_shipping_id or self.partner_id).id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "oms_return_id": self.id,
            "location_id": (customers or self.env.ref("stock.stock_location_customers")).id,
            "location_dest_id": warehouse._oms_return_location().id,
            "move_type": "direct",
        }

    def _open_pickings(self):
        """Transfers that still await goods from the customer."""
        return self.sudo().picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel") and picking.location_id.usage == "customer"
            )
        )

    def _stop_awaiting(self):
        """Nothing more comes: cancel the open transfers."""
        self._open_pickings().action_cancel()


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _open_moves(self):
        """Moves that still await units of these lines."""
        return self.sudo().move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and move.location_id.usage == "customer"
            )
        )

    def _units_awaited(self):
        """Units that open transfers await; of kits, whole ones."""
        self.ensure_one()
        moves = self._open_moves()
        if not moves:
            return 0.0
        own = moves.filtered(lambda move: move.product_id == self.product_id)
        if own or not self.order_line_id:
            return sum(own.mapped("product_qty"))
        return min(
            sum(move.product_qty for move in moves if move.product_id.id == product) / per_kit
            for product, per_kit in self._per_kit().items()
        )

    def _units_to_await(self):
        """Units that neither came nor are awaited by an open transfer."""
        self.ensure_one()
        return self.quantity - self.received_qty - self._units_awaited()

    def _sent_moves(self):
        """The deliveries that brought these units: of the lot first, then the latest."""
        self.ensure_one()
        return (
            self.order_line_id.sudo()
            .move_ids.filtered(
                lambda move: (
                    move.state == "done"
                    and move.location_dest_id.usage == "customer"
                    and move.location_id.usage != "customer"
                )
            )
            .sorted(lambda move: (self.lot_id not in move.move_line_ids.lot_id, -move.id))
        )

    def _per_kit(self):
        """What one kit consists of: dict product id → units. Empty where the line sold no kit.

        By what was sent: the bill of materials may have changed since.
        """
        self.ensure_one()
        sent = self._sent_moves()
        if not sent or self.product_id in sent.product_id:
            return {}
        kits = self.order_line_id.sudo()._oms_count(sent)
        if not kits:
            return {}
        return {
            product.id: sum(move._oms_units() for move in sent if move.product_id == product) / kits
            for product in sent.product_id
        }

    def _make_moves(self, picking, units):
        """Reverse moves for so many units, of the deliveries that brought them."""
        self.ensure_one()
        sent, per_kit = self._sent_moves(), self._per_kit()
        if not per_kit:
            self._reverse(
                picking, sent.filtered(lambda move: move.product_id == self.product_id), units
            )
        for product, count in per_kit.items():
            parts = sent.filtered(lambda move, product=product: move.product_id.id == product)
            self._reverse(picking, parts, count * units)

    def _reverse(self, picking, sent, units):
        """Reverse ``units`` of these done moves, each no more than it carried and not gave back."""
        for move in sent:
            gave_back = sum(
                back._oms_units() for back in move.returned_move_ids if back.state != "cancel"
            )
            part = min(units, move._oms_units() - gave_back)
            if move.product_id.uom_id.compare(part, 0.0) <= 0:
                continue
            units -= part
            back = move.copy(
                {
                    "product_uom_qty": part,
                    "product_uom": move.product_id.uom_id.id,
                    "picking_id": picking.id,
                    "state": "draft",
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "location_final_id": False,
                    "picking_type_id": picking.picking_type_id.id,
                    "warehouse_id": picking.picking_type_id.warehouse_id.id,
                    "origin_returned_move_id": move.id,
                    "procure_method": "make_to_stock",
                    "to_refund": True,
                    "date": fields.Datetime.now(),
                    "date_deadline": False,
                    "oms_return_line_id": self.id,
                    "route_ids": [Command.clear()],
                }
            )
            back.move_orig_ids = [Command.link(move.id)]
