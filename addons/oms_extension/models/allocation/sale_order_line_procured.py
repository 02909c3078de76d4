"""What warehouses hold, have begun and have sent of an order line, counted from its moves."""

from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _oms_kit(self):
        """The bill of materials whose components this line's moves carry, if it is a kit."""
        self.ensure_one()
        if "mrp.bom" not in self.env:
            return None
        moved = self.move_ids.filtered(lambda move: move.state != "cancel").bom_line_id.bom_id
        return (
            moved.filtered(
                lambda bom: (
                    bom.type == "phantom"
                    and bom.product_tmpl_id == self.product_id.product_tmpl_id
                    and (not bom.product_id or bom.product_id == self.product_id)
                )
            )[:1]
            or None
        )

    def _oms_heads(self):
        """Chain heads of this line by warehouse, see ``stock.move._oms_chain_heads``.

        :return: dict warehouse → (heads, reversals); units sent back to the shelf count against
            the warehouse they had left.
        """
        self.ensure_one()
        heads, reversals = self.move_ids._oms_chain_heads()
        none = self.env["stock.move"]
        by_warehouse = {}
        for move in heads:
            warehouse = move._oms_warehouse()
            first, second = by_warehouse.get(warehouse, (none, none))
            by_warehouse[warehouse] = (first | move, second)
        for move in reversals:
            warehouse = move._oms_warehouse()
            first, second = by_warehouse.get(warehouse, (none, none))
            by_warehouse[warehouse] = (first, second | move)
        return by_warehouse

    def _oms_count(self, moves, reversals=None):
        """Units of the line's product that moves carry; whole kits where it is a kit."""
        self.ensure_one()
        kit = self._oms_kit()
        reversals = self.env["stock.move"] if reversals is None else reversals
        if not kit:
            return sum(move._oms_units() for move in moves) - sum(
                move._oms_units() for move in reversals
            )
        if not moves:
            return 0.0
        ordered = self.product_uom_id._compute_quantity(self.product_uom_qty, kit.product_uom_id)
        kits = (moves | reversals)._compute_kit_quantities(
            self.product_id,
            ordered or 1.0,
            kit,
            {
                "incoming_moves": lambda move: move in moves,
                "outgoing_moves": lambda move: move in reversals,
            },
        )
        return kit.product_uom_id._compute_quantity(kits, self.product_id.uom_id)

    def _oms_procured(self):
        """Units on their way or gone, by warehouse.

        :return: dict warehouse id → units in the product's unit of measure
        """
        self.ensure_one()
        return {
            warehouse.id: self._oms_count(heads, reversals)
            for warehouse, (heads, reversals) in self._oms_heads().items()
        }

    def _oms_held(self):
        """What warehouses hold for this line, by warehouse id in whole units.

        :return: (begun, reserved, waiting): worked on or gone; reserved but untouched; awaited
            from stock that is not there yet
        """
        self.ensure_one()
        begun, reserved, waiting = {}, {}, {}
        for warehouse, (heads, reversals) in self._oms_heads().items():
            untouched = heads.filtered(lambda move: move._oms_can_reallocate())
            held = self._oms_count(heads, reversals)
            gone = self._oms_count(heads - untouched, reversals) if heads - untouched else 0
            free = held - gone
            if self._oms_kit():
                ready = free if all(move.state == "assigned" for move in untouched) else 0
            else:
                ready = sum(
                    move.product_uom._compute_quantity(move.quantity, self.product_id.uom_id)
                    for move in untouched
                )
            for units, target in ((gone, begun), (ready, reserved), (free - ready, waiting)):
                if round(units) > 0:
                    target[warehouse.id] = round(units)
        return begun, reserved, waiting

    def _oms_waiting(self, begun_only=False):
        """Units that open transfers of this line have not got yet.

        :param begun_only: only in transfers that a warehouse has begun, which no decision moves
        :return: dict warehouse id → whole units
        """
        self.ensure_one()
        waiting = {}
        for warehouse, (heads, _reversals) in self._oms_heads().items():
            heads = heads.filtered(
                lambda move: move._oms_is_open() and not (begun_only and move._oms_can_reallocate())
            )
            short = heads.filtered(lambda move: move.state != "assigned")
            if self._oms_kit():
                units = self._oms_count(heads) - self._oms_whole_kits(heads) if short else 0
            else:
                units = sum(
                    move.product_qty
                    - move.product_uom._compute_quantity(move.quantity, self.product_id.uom_id)
                    for move in short
                )
            if round(units) > 0:
                waiting[warehouse.id] = round(units)
        return waiting

    def _oms_whole_kits(self, moves):
        """Kits for which these moves have reserved every component."""
        reserved = defaultdict(float)
        for move in moves:
            reserved[move.product_id.id] += move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id
            )
        per_kit = self._oms_components()[self.product_id] or {}
        return min((reserved[key] // units for key, units in per_kit.items()), default=0)

    def _oms_in_house(self, warehouse, heads):
        """Open moves of later steps, whose units Odoo brings back to the shelf by itself."""
        later = self.move_ids.filtered(
            lambda move: (
                (move not in heads or move.move_orig_ids)
                and move._oms_is_untouched()
                and move._oms_warehouse() == warehouse
                and (move.location_final_id or move.location_dest_id)._is_outgoing()
            )
        )
        # Of a chain of open steps the first one stands for the units.
        return later.filtered(lambda move: not move.move_orig_ids & later)

    def _oms_lower_begun(self, begun, surplus):
        """Where ``surplus`` begun units are given up when less is ordered than was begun.

        Printed transfers first, then goods that left the shelf but not the warehouse, at last what
        somebody holds in hand.

        :return: dict warehouse id → units that remain
        :raise UserError: units are picked in a later step: only the warehouse can take them out.
        """
        self.ensure_one()
        lowered = dict(begun)
        ways = (
            lambda _warehouse, heads: heads.filtered(lambda move: move._oms_can_cut()),
            self._oms_in_house,
            lambda _warehouse, heads: heads.filtered(lambda move: move._oms_is_picked_first()),
        )
        for way in ways:
            for warehouse, (heads, _reversals) in self._oms_heads().items():
                moves = way(warehouse, heads)
                units = round(self._oms_count(moves)) if moves else 0
                part = min(surplus, lowered.get(warehouse.id, 0), units)
                lowered[warehouse.id] = lowered.get(warehouse.id, 0) - part
                surplus -= part
        picked = self.move_ids.filtered(lambda move: move._oms_is_open() and move.picked)
        if surplus > 0 and picked:
            raise UserError(
                self.env._(
                    "%(units)s units of %(product)s are already picked in %(transfers)s. "
                    "Ask %(warehouses)s to take them out of the transfer first.",
                    units=surplus,
                    product=self.product_id.display_name,
                    transfers=", ".join(picked.picking_id.mapped("name")),
                    warehouses=", ".join(picked.warehouse_id.mapped("name")),
                )
            )
        return lowered
