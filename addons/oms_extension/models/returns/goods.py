"""The transfer that awaits returned goods, made of Odoo's own documents."""

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _await_goods(self):
        """Make the transfers for what is to come back and has none yet."""
        for one in self:
            lines = one.line_ids.filtered(lambda line: not line.keep and line._units_to_await() > 0)
            if not lines:
                continue
            if not one.warehouse_id:
                one._choose_warehouse()
            picking = self.env["stock.picking"].sudo().create(one._transfer_values())
            for line in lines:
                line._make_moves(picking, line._units_to_await())
            picking.action_confirm()
            picking.action_assign()

    def _choose_warehouse(self):
        """Where the goods go back to."""
        self.ensure_one()
        came_from = self.line_ids.order_line_id.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        ).warehouse_id
        warehouse = (came_from | self.order_id.warehouse_id).filtered("oms_takes_returns")[:1]
        self.warehouse_id = (
            warehouse
            or self.order_id.warehouse_id
            or self.env["stock.warehouse"].search(
                [("company_id", "=", self.company_id.id)], limit=1
            )
        )

    def _transfer_values(self):
        self.ensure_one()
        warehouse = self.warehouse_id.sudo()
        kind = warehouse.out_type_id.return_picking_type_id or warehouse.in_type_id
        customers = self.line_ids.order_line_id.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        ).location_dest_id[:1]
        return {
            "picking_type_id": kind.id,
            "partner_id": (self.order_id.partner_shipping_id or self.partner_id).id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "oms_return_id": self.id,
            "location_id": (customers or self.env.ref("stock.stock_location_customers")).id,
            "location_dest_id": warehouse._oms_return_location().id,
            "move_type": "direct",
        }

    def _stop_awaiting(self):
        """Nothing more comes: cancel the open transfers."""
        self.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel") and picking.location_id.usage == "customer"
            )
        ).sudo().action_cancel()

    def _receive(self, units):
        """Take in goods that came.

        :param dict units: return line → units, or list of (lot, units) for traced products
        :raise UserError: more than was announced; use the inspection for what is over
        """
        self.ensure_one()
        self._check_receivable()
        pickings = self.env["stock.picking"]
        for line, quantity in units.items():
            pickings |= line._pick(quantity)
        pickings.sudo()._action_done()

    def _check_receivable(self):
        if self.state not in ("approved", "received"):
            raise UserError(
                self.env._("%s has not been approved: ask customer service first.", self.name)
            )


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _units_to_await(self):
        """Units that neither came nor are awaited by an open transfer."""
        self.ensure_one()
        awaited = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        units = self.order_line_id._oms_count(awaited) if awaited else 0.0
        return self.quantity - self.received_qty - units

    def _make_moves(self, picking, units):
        """Reverse moves for so many units, of the deliveries that brought them."""
        self.ensure_one()
        sent = (
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
        own = sent.filtered(lambda move: move.product_id == self.product_id)
        if own or not sent:
            self._reverse(picking, own, units)
            return
        kits = self.order_line_id.sudo()._oms_count(sent)
        for product in sent.product_id:
            parts = sent.filtered(lambda move, product=product: move.product_id == product)
            per_kit = sum(move._oms_units() for move in parts) / kits
            self._reverse(picking, parts, per_kit * units)

    def _reverse(self, picking, sent, units):
        """Reverse ``units`` of these done moves, each no more than it carried and not gave back."""
        for move in sent:
            gave_back = sum(
                back._oms_units() for back in move.returned_move_ids if back.state != "cancel"
            )
            part = min(units, move._oms_units() - gave_back)
            if part <= 0:
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
                    "oms_return_line_id": self.id,
                    "route_ids": [Command.clear()],
                }
            )
            back.move_orig_ids = [Command.link(move.id)]

    def _pick(self, quantity):
        """Note on the open moves what came; their transfers."""
        self.ensure_one()
        lots = quantity if isinstance(quantity, list) else [(self.lot_id, quantity)]
        units = sum(count for _lot, count in lots)
        moves = self.sudo().move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        waiting = sum(move.product_qty for move in moves)
        if self.product_id.uom_id.compare(units, waiting) > 0:
            raise UserError(
                self.env._(
                    "%(count)s units of %(product)s are awaited, not %(units)s.",
                    count=f"{waiting:g}",
                    product=self.product_id.display_name,
                    units=f"{units:g}",
                )
            )
        for lot, count in lots:
            for move in moves:
                part = min(count, move.product_qty - (move.quantity if move.picked else 0.0))
                if part <= 0:
                    continue
                count -= part
                move._oms_take(lot, part)
        return moves.filtered("picked").picking_id


class StockMove(models.Model):
    _inherit = "stock.move"

    def _oms_take(self, lot, units):
        """Note that so many units (of a lot) came in with this move, besides those noted before."""
        self.ensure_one()
        before = self.quantity if self.picked else 0.0
        if not self.picked:
            self.move_line_ids.unlink()
        if self.has_tracking == "none" or not lot:
            self.quantity = before + units
        else:
            self.env["stock.move.line"].create(
                self._prepare_move_line_vals() | {"lot_id": lot.id, "quantity": units}
            )
        self.picked = True
