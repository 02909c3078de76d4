"""What a customer is not credited for goes back to them, as a delivery of Odoo."""

from odoo import api, models


class OmsReturnInspection(models.Model):
    _inherit = "oms.return.inspection"

    def _send_back(self, contents):
        """The open delivery of the units to the customer, reserved where they stand."""
        self.ensure_one()
        one = self.return_id
        place = contents[0][-1]
        customers = one.sudo()._open_pickings().location_id | one.picking_ids.location_id
        target = customers.filtered(lambda found: found.usage == "customer")[:1]
        kind = (place.warehouse_id or self.warehouse_id).out_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": (one.order_id.partner_shipping_id or one.partner_id).id,
                "company_id": self.company_id.id,
                "origin": one.name,
                "oms_return_id": one.id,
                "location_id": place.id,
                "location_dest_id": (target or self.env.ref("stock.stock_location_customers")).id,
            }
        )
        moves = self.env["stock.move"]
        for product, lot, owner, units, where in contents:
            receipt = self._receipt_of(product, lot)
            move = moves.create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": units,
                    "picking_id": picking.id,
                    "location_id": where.id,
                    "location_dest_id": picking.location_dest_id.id,
                    "company_id": self.company_id.id,
                    "oms_inspection_id": self.id,
                    "sale_line_id": receipt.sale_line_id.id,
                    "origin_returned_move_id": receipt.id,
                    "to_refund": bool(receipt.sale_line_id),
                }
            )
            move._action_confirm(merge=False)
            move._do_unreserve()
            self.env["stock.move.line"].create(
                move._prepare_move_line_vals()
                | {
                    "lot_id": lot.id,
                    "owner_id": owner.id,
                    "quantity": units,
                    "location_id": where.id,
                    "picking_id": picking.id,
                }
            )
            moves |= move
        moves.sale_line_id._oms_note_sent_again()
        return moves

    def _receipt_of(self, product, lot):
        """The move that brought these units in."""
        came = self.return_line_id.sudo().move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.product_id == product
                and move.location_id.usage == "customer"
            )
        )
        return (came.filtered(lambda move: lot and lot in move.lot_ids) or came)[:1]

    def _fetch_back(self):
        """Call off a delivery that has not left yet.

        Units that left to be scrapped, or stand elsewhere, are moved from where they are.
        """
        self.ensure_one()
        waiting = self.last_move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        if waiting:
            waiting._action_cancel()
            waiting.sale_line_id._oms_note_sent_again()


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _units_sent_back(self):
        """Units that came in and go back to the customer: no money is due for them."""
        self.ensure_one()
        return sum(
            unit.quantity
            for unit in self.return_id.inspection_ids
            if unit.return_line_id == self and unit.disposition == "send_back"
        )

    @api.depends("return_id.inspection_ids.disposition", "return_id.inspection_ids.active")
    def _compute_accepted_qty(self):
        return super()._compute_accepted_qty()

    def _accepted_units(self):
        """What is sent back to the customer is not accepted."""
        units = super()._accepted_units()
        return max(min(units, self.quantity - self._units_sent_back()), 0.0)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_note_sent_again(self):
        """What leaves a second time stands beside what was ordered."""
        for line in self.filtered(lambda one: one._oms_targets() is not None):
            procured = round(sum(line._oms_procured().values()))
            line.sudo().oms_sent_again = procured - round(line._oms_units())
