"""Goods come in: onto the transfer that awaits them, unit by unit if need be."""

from odoo import models
from odoo.exceptions import UserError


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _receive(self, units):
        """Take in goods that came.

        :param dict units: return line → units, or list of (lot, units) for traced products
        :return: the done moves
        :raise UserError: more than was announced; use the inspection for what is over
        """
        self.ensure_one()
        self._check_receivable()
        return self._take_in(units)

    def _check_receivable(self):
        if self.state not in ("approved", "received"):
            raise UserError(
                self.env._("%s has not been approved: ask customer service first.", self.name)
            )

    def _take_in(self, units):
        """As :meth:`_receive`, whatever the state of the return."""
        moves = self.env["stock.move"]
        awaited, receipt = self._open_pickings(), self._receipt()
        for line, quantity in units.items():
            lots = quantity if isinstance(quantity, list) else [(line.lot_id, quantity)]
            line._check_awaited(sum(count for _lot, count in lots))
            moves |= line._note_came(lots)
        if receipt:
            moves._action_done()
            awaited.filtered(lambda picking: not picking.move_ids).unlink()
            self._on_received()
            self._progress()
        else:
            moves.picking_id._action_done()
        return moves

    def _receipt(self):
        """The done transfer that units which come later are added to.

        A return that comes unit by unit has one receipt and one transfer that awaits the rest,
        not one of each per scan.
        """
        awaited = self._open_pickings()
        return self.sudo().picking_ids.filtered(
            lambda one: (
                one.state == "done"
                and one.location_id.usage == "customer"
                and one.location_dest_id in awaited.location_dest_id
            )
        )[:1]


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _check_awaited(self, units):
        """
        :raise UserError: fewer units are awaited
        """
        waiting = self._units_awaited()
        if self.product_id.uom_id.compare(units, waiting) > 0:
            raise UserError(
                self.env._(
                    "%(count)s units of %(product)s are awaited, not %(units)s.",
                    count=f"{waiting:g}",
                    product=self.product_id.display_name,
                    units=f"{units:g}",
                )
            )

    def _note_came(self, lots):
        """Note on the open moves what came.

        :param list lots: (lot, units of the line's product)
        :return: the moves that are to be done
        """
        self.ensure_one()
        moves = self.env["stock.move"]
        per_kit = self._per_kit() or {self.product_id.id: 1.0}
        for product, factor in per_kit.items():
            waiting = self._open_moves().filtered(
                lambda move, product=product: move.product_id.id == product
            )
            for lot, count in lots:
                left = count * factor
                for move in waiting:
                    part = min(left, move.product_qty - move._oms_units_picked())
                    if move.product_id.uom_id.compare(part, 0.0) <= 0:
                        continue
                    left -= part
                    moves |= move._oms_take(
                        lot if lot.product_id == move.product_id else None, part
                    )
        return moves


class StockMove(models.Model):
    _inherit = "stock.move"

    def _oms_units_picked(self):
        return self._oms_units_taken() if self.picked else 0.0

    def _oms_take(self, lot, units):
        """Note that so many units (of a lot) came in with this move, besides those noted before.

        :return: the move that carries them: this one, or a part of it on the return's receipt
        """
        self.ensure_one()
        receipt = self.oms_return_line_id.return_id._receipt()
        move = self._oms_part(units, receipt) if receipt else self
        if not move.picked:
            move.move_line_ids.unlink()
        lots = [(lot, units)]
        if move.has_tracking != "none" and not lot:
            lots = move._oms_lots_out(units)
        self.env["stock.move.line"].create(
            [
                move._prepare_move_line_vals()
                | {
                    "lot_id": one.id if one else False,
                    "owner_id": move._oms_owner_out(one).id,
                    "quantity": count,
                    "product_uom_id": move.product_id.uom_id.id,
                    "picking_id": move.picking_id.id,
                }
                for one, count in lots
            ]
        )
        move.picked = True
        return move

    def _oms_part(self, units, receipt):
        """``units`` of this open move on a receipt that is done already."""
        self.ensure_one()
        if self.product_id.uom_id.compare(units, self.product_qty) >= 0:
            self.picking_id = receipt
            return self
        values = self._split(units)
        part = self.create([one | {"picking_id": receipt.id} for one in values])
        part._action_confirm(merge=False)
        return part

    def _oms_owner_out(self, lot):
        """Whose goods the delivery carried."""
        lines = self.origin_returned_move_id.move_line_ids
        return (lines.filtered(lambda line: lot and line.lot_id == lot) or lines).owner_id[:1]

    def _oms_lots_out(self, units):
        """Lots of the delivery that this move gives back, for units whose lot nobody read.

        :return: list of (lot, units)
        :raise UserError: several lots went out: which one came back must be said
        """
        back = self.origin_returned_move_id.returned_move_ids.filtered(
            lambda move: move.state == "done"
        ).move_line_ids
        left = []
        for line in self.origin_returned_move_id.move_line_ids:
            gone = line.quantity_product_uom - sum(
                back.filtered(lambda one, lot=line.lot_id: one.lot_id == lot).mapped(
                    "quantity_product_uom"
                )
            )
            if gone > 0 and line.lot_id:
                left.append((line.lot_id, gone))
        if len(left) == 1 or sum(count for _lot, count in left) == units:
            chosen = []
            for lot, count in left:
                chosen.append((lot, min(count, units)))
                units -= chosen[-1][1]
            return chosen
        raise UserError(
            self.env._(
                "Which serial or lot number of %s came back? Scan it.", self.product_id.display_name
            )
        )
