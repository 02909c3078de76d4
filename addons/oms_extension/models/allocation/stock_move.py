from odoo import fields, models

from ...engine.allocation import reasons


class StockMove(models.Model):
    _inherit = "stock.move"

    oms_carrier_id = fields.Many2one(
        "delivery.carrier",
        "Allocated Carrier",
        copy=True,
        index="btree_not_null",
        help="The carrier service that the order's allocation chose for these units.",
    )

    # --- lock protocol ------------------------------------------------------------------------

    def _oms_ledger_keys(self, arriving=False):
        """What to claim before these moves reserve or release, or, ``arriving``, are done."""
        ledger = self.env["oms.stock.ledger"]
        keys = set()
        for move in self.sudo():
            places = (move.location_id | move.move_line_ids.location_id).filtered(
                lambda place: arriving or not place.should_bypass_reservation()
            )
            if arriving:
                places |= move.location_dest_id | move.move_line_ids.location_dest_id
            keys |= ledger._keys(move.product_id, places)
        return keys

    def _oms_enter_ledger(self, arriving=False):
        self.env["oms.stock.ledger"].sudo()._enter(self._oms_ledger_keys(arriving))

    def _action_assign(self, force_qty=False):
        self._oms_enter_ledger()
        sendable = self._oms_sendable()
        if not sendable:
            return super()._action_assign(force_qty=force_qty)
        # What a person reserved by hand stays.
        most = {move: max(units, move._oms_units_taken()) for move, units in sendable.items()}
        free = self.filtered(lambda move: sendable.get(move, 1))
        result = super(StockMove, free)._action_assign(force_qty=force_qty)
        for move in free.filtered(lambda move: move in most):
            move._oms_give_back(most[move])
        return result

    def _do_unreserve(self):
        self._oms_enter_ledger()
        return super()._do_unreserve()

    def _action_cancel(self):
        self._oms_enter_ledger()
        return super()._action_cancel()

    def _action_done(self, cancel_backorder=False):
        self._oms_enter_ledger(arriving=True)
        return super()._action_done(cancel_backorder=cancel_backorder)

    # --- the allocated carrier ----------------------------------------------------------------

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        values["oms_carrier_id"] = self.oms_carrier_id.id
        return values

    def _key_assign_picking(self):
        return (*super()._key_assign_picking(), self.oms_carrier_id)

    def _search_picking_for_assignation(self):
        picking = super()._search_picking_for_assignation()
        carrier = self.oms_carrier_id
        if not carrier or not picking or picking.carrier_id == carrier:
            return picking
        # Not part of the search: PostgreSQL would rather read all transfers of the carrier than
        # the few of the order.
        others = picking.search(self._search_picking_for_assignation_domain())
        return others.filtered(lambda one: one.carrier_id == carrier)[:1]

    def _get_new_picking_values(self):
        values = super()._get_new_picking_values()
        carrier = self.oms_carrier_id[:1]
        if carrier and any(rule.propagate_carrier for rule in self.rule_id):
            values["carrier_id"] = carrier.id
        return values

    def _prepare_merge_moves_distinct_fields(self):
        # Otherwise units of another carrier would vanish in an open move.
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "oms_carrier_id",
        ]

    # --- what may not be sent yet --------------------------------------------------------------

    def _oms_sendable(self):
        """How much each of these moves may reserve, where units of its line are held.

        Held are units that no warehouse may send, or that a person let wait. The goods may lie on
        the shelf: they are reserved once another allocation is in force, or by hand; until then an
        exception asks somebody to decide.

        :return: dict move → units in the product's unit of measure; moves without limit are absent
        """
        if not self.sale_line_id:
            return {}
        in_force = [("order_line_id", "in", self.sale_line_id.ids), ("state", "=", "committed")]
        allocated = self.env["oms.allocation.line"].sudo()
        held = allocated.search([*in_force, ("cause", "in", reasons.HELD_CAUSES)])
        if not held:
            return {}
        allocated = allocated.search(in_force)
        sendable = {}
        for line, warehouse in {(one.order_line_id, one.warehouse_id) for one in held}:
            here = allocated.filtered(
                lambda one, at=(line, warehouse): (one.order_line_id, one.warehouse_id) == at
            )
            left = sum(one.quantity for one in here - held)
            moves = self.filtered(
                lambda move, at=(line, warehouse): (move.sale_line_id, move._oms_warehouse()) == at
            )
            if line._oms_kit():
                sendable.update({} if left else dict.fromkeys(moves, 0))
                continue
            heads = line._oms_heads().get(warehouse, (moves, None))[0]
            left -= sum(move._oms_units_taken() for move in heads - moves)
            for move in moves:
                if move in heads or not left:
                    sendable[move] = max(left, 0)
                    left -= min(sendable[move], move.product_qty)
        return sendable

    def _oms_units_taken(self):
        """Units that have left by this move, or that it has reserved."""
        self.ensure_one()
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _oms_give_back(self, units):
        """Undo what is reserved beyond so many units."""
        self.ensure_one()
        if self._oms_is_untouched() and self._oms_units_taken() > units:
            self.quantity = self.product_id.uom_id._compute_quantity(
                units, self.product_uom, rounding_method="HALF-UP"
            )

    # --- what can still be changed ------------------------------------------------------------

    def _oms_is_open(self):
        """Whether the move still waits for somebody to work on it."""
        return self.state in ("confirmed", "waiting", "partially_available", "assigned")

    def _oms_is_untouched(self):
        """Whether nobody has picked any of it."""
        return self._oms_is_open() and not self.picked

    def _oms_can_cut(self):
        """Whether units may be taken out of this move although its transfer may be printed.

        Not where it pulls its goods from a step before: Odoo lowers the whole chain.
        """
        return self._oms_is_untouched() and not self.move_orig_ids

    def _oms_is_picked_first(self):
        """Whether somebody holds its units in hand, taken from the shelf itself."""
        return self._oms_is_open() and self.picked and not self.move_orig_ids

    def _oms_can_reallocate(self):
        """Whether the warehouse has not begun: a better allocation may take these units away."""
        picking = self.picking_id
        return (
            self._oms_is_untouched()
            and all(origin._oms_can_reallocate() for origin in self.move_orig_ids)
            and not picking.printed
            and not picking.carrier_tracking_ref
            and not ("batch_id" in picking._fields and picking.batch_id)
        )

    def _oms_warehouse(self):
        """The warehouse that ships it; a rule of one's own making may not name it."""
        self.ensure_one()
        return self.warehouse_id or self.picking_type_id.warehouse_id

    def _oms_units(self):
        """Units of the product that this move carries: moved if done, else demanded."""
        self.ensure_one()
        return self._oms_units_taken() if self.state == "done" else self.product_qty

    def _oms_chain_heads(self):
        """The moves of an order line that stand for its procured units, each unit once.

        A multi-step delivery has several moves for one unit; its head is the first of them
        towards the customer. Goods a customer sent back stay procured: they are not shipped
        again unless the ordered quantity is changed (see ``sale.order.line.oms_sent_again``).

        :return: (heads, reversals): moves that add units, and moves that take back units which
            had left the shelf but not the warehouse.
        """
        heads = reversals = self.browse()
        for move in self:
            if move.state == "cancel" or move.location_dest_usage == "inventory":
                continue
            final = move.location_final_id or move.location_dest_id
            if final._is_outgoing():
                origins = move.move_orig_ids.filtered(
                    lambda origin, line=move.sale_line_id: (
                        origin.state != "cancel"
                        and origin.sale_line_id == line
                        and (origin.location_final_id or origin.location_dest_id)._is_outgoing()
                    )
                )
                if not origins and (not move.origin_returned_move_id or move.to_refund):
                    heads |= move
            elif (
                move.to_refund
                and final.usage == "internal"
                and not move.location_id._is_outgoing()
                and not move.move_dest_ids.filtered("to_refund")
            ):
                reversals |= move
        # Where each step pulls from the one before, the last step is the head, and it was lowered
        # itself when the units were sent back.
        inside = {
            move._oms_warehouse() for move in heads if not move.location_dest_id._is_outgoing()
        }
        return heads, reversals.filtered(lambda move: move._oms_warehouse() in inside)

    def _oms_cut(self, quantity):
        """Take ``quantity`` units (product's unit) out of one open move, keeping lots reserved.

        Reserved units go down before the demand does: the other way round Odoo unreserves all
        and may reserve other lots.
        """
        self.ensure_one()
        if self.picked:
            # As Odoo does: the demand goes down, what somebody holds in hand stays reserved.
            self.product_uom_qty -= self.product_id.uom_id._compute_quantity(
                min(quantity, self.product_qty), self.product_uom, rounding_method="HALF-UP"
            )
            return
        if quantity >= self.product_qty:
            self._action_cancel()
            self.product_uom_qty = 0
            return
        kept = self.product_id.uom_id._compute_quantity(
            self.product_qty - quantity, self.product_uom, rounding_method="HALF-UP"
        )
        if self.quantity > kept:
            self.quantity = kept
        self.product_uom_qty = kept
