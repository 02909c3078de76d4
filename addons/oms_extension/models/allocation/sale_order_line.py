from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import float_is_zero


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_allocation_line_ids = fields.One2many(
        "oms.allocation.line", "order_line_id", "Allocated Units", copy=False
    )
    oms_sent_again = fields.Integer(
        "Returned and Sent Again",
        copy=False,
        readonly=True,
        help="Units that had come back when the ordered quantity was last changed: they are sent "
        "once more, because the new quantity is what the customer is to have in the end.",
    )

    # --- doors of the lock protocol -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"].browse(
            {values["order_id"] for values in vals_list if values.get("order_id")}
        )
        confirmed = orders.filtered(lambda order: order.state == "sale")
        if confirmed:
            products = [values["product_id"] for values in vals_list if values.get("product_id")]
            confirmed._oms_enter_ledger(products)
        return super().create(vals_list)

    def write(self, vals):
        if "product_uom_qty" in vals:
            confirmed = self.order_id.filtered(lambda order: order.state == "sale")
            if confirmed:
                confirmed._oms_enter_ledger()
        return super().write(vals)

    # --- what allocation decides, and what it leaves to Odoo -------------------------------------

    def _oms_units(self):
        """Ordered quantity in the product's unit of measure."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _oms_wanted(self):
        """Units to procure in all: what is ordered, and what came back and is sent again."""
        self.ensure_one()
        return round(self._oms_units()) + self.oms_sent_again

    def _oms_is_whole(self):
        units = self._oms_units()
        return abs(units - round(units)) < 1e-6

    def _oms_left_to_odoo(self, components=None):
        """Why allocation does not decide a line.

        :param components: of :meth:`_oms_components`, where the caller has them
        :return: dict line → reason code, only for lines that are left alone: ``service``,
            ``route`` (a person or the carrier chose a route), ``make_to_order``, ``dropship``,
            ``fraction`` (not a whole number of units).
        """
        reasons = {}
        components = components or self._oms_components()
        own_ways = self._oms_own_ways()
        for line in self:
            product = line.product_id
            if product.type != "consu" or line.display_type or line.is_downpayment:
                reasons[line] = "service"
            elif line.route_ids or line.order_id.carrier_id.route_ids:
                reasons[line] = "route"
            elif components[product] is None or not line._oms_is_whole():
                reasons[line] = "fraction"
            elif product in own_ways:
                reasons[line] = own_ways[product]
        return reasons

    def _oms_own_ways(self):
        """Products whose routes bring the goods for each very order, with the reason code.

        :return: dict product → ``make_to_order`` or ``dropship``; other products are absent
        """
        routes = {
            product: product.route_ids | product.categ_id.total_route_ids
            for product in self.product_id
        }
        every = self.env["stock.route"].union(*routes.values())
        if not every:
            return {}
        # Searched, not read from the routes: what the superuser reads there would stay in
        # everybody's cache, rules of other companies included.
        reasons = {}
        for rule in (
            self.env["stock.rule"]
            .sudo()
            .search(
                [
                    ("route_id", "in", every.ids),
                    ("company_id", "in", (False, *self.company_id.ids)),
                    ("location_dest_id.usage", "=", "customer"),
                ]
            )
        ):
            source = rule.picking_type_id.default_location_src_id
            if rule.action == "buy" or source.usage == "supplier":
                reasons[rule.route_id.id] = "dropship"
            elif rule.procure_method != "make_to_stock":
                reasons.setdefault(rule.route_id.id, "make_to_order")
        return {
            product: next(reasons[route.id] for route in taken if route.id in reasons)
            for product, taken in routes.items()
            if any(route.id in reasons for route in taken)
        }

    def _oms_components(self):
        """What one unit of each line's product takes from the shelf.

        :return: dict product → dict product id → whole units; the product itself unless it is a
            kit. ``None`` instead of a dict where a kit takes fractions of a unit.
        """
        products = self.product_id
        components = {product: {product.id: 1} for product in products}
        if "mrp.bom" not in self.env:
            return components
        kits = (
            self.env["mrp.bom"]
            .sudo()
            ._bom_find(products, company_id=self.company_id[:1].id, bom_type="phantom")
        )
        for product, bom in kits.items():
            if not bom:
                continue
            needed = defaultdict(float)
            per_unit = product.uom_id._compute_quantity(1, bom.product_uom_id, round=False)
            for bom_line, data in bom.explode(product, per_unit / bom.product_qty)[1]:
                component = bom_line.product_id
                needed[component.id] += bom_line.product_uom_id._compute_quantity(
                    data["qty"], component.uom_id, round=False
                )
            whole = all(abs(units - round(units)) < 1e-6 for units in needed.values())
            components[product] = (
                {key: round(units) for key, units in needed.items() if round(units)}
                if whole
                else None
            )
        return components

    # --- what has been delivered ----------------------------------------------------------------

    def _prepare_qty_delivered(self):
        """Parcels of a third of a dozen each are a whole dozen: convert their sum, not each."""
        delivered = super()._prepare_qty_delivered()
        for line in self:
            unit = line.product_id.uom_id
            if (
                line.qty_delivered_method != "stock_move"
                or line.product_uom_id == unit
                or not line.order_id.oms_allocation_id
                or line._oms_kit()
            ):
                continue
            outgoing, incoming = line._get_outgoing_incoming_moves()
            units = sum(
                sign * move._oms_units()
                for moves, sign in ((outgoing, 1), (incoming, -1))
                for move in moves
                if move.state == "done"
            )
            delivered[line] = unit._compute_quantity(
                units, line.product_uom_id, rounding_method="HALF-UP"
            )
        return delivered

    # --- availability shown on the quotation ----------------------------------------------------

    def _read_qties(self, date, wh):
        """Where the order's own warehouse falls short, the stock of all that may ship instead."""
        quantities = super()._read_qties(date, wh)
        wanted = defaultdict(float)
        for line in self:
            wanted[line.product_id.id] += line._oms_units()
        short = {one["id"] for one in quantities if one["free_qty"] < wanted[one["id"]]}
        lines = self.filtered(lambda line: line.product_id.id in short)
        if wh and lines and not lines._oms_left_to_odoo():
            every = self.env["oms.snapshot"]._candidates(lines.company_id[:1]).ids
            together = super(SaleOrderLine, lines)._read_qties(date, every or wh)
            quantities = [one for one in quantities if one["id"] not in short] + together
        return quantities

    # --- procurement -------------------------------------------------------------------------

    def _oms_targets(self):
        """Units that the allocation in force asks of each warehouse for this line, or None."""
        self.ensure_one()
        allocation = self.order_id.oms_allocation_id
        if not allocation:
            return None
        targets = {}
        for allocated in allocation._lines_of(self):
            warehouse_id = allocated.warehouse_id.id
            targets[warehouse_id] = targets.get(warehouse_id, 0) + allocated.quantity
        if targets or (self.move_ids and not self._oms_left_to_odoo()):
            return targets
        return None

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        if self._oms_targets() is None:
            return super()._get_qty_procurement(previous_product_uom_qty=previous_product_uom_qty)
        units = sum(self._oms_procured().values()) - self.oms_sent_again
        # Converted once: converting move by move would lose parts of a dozen.
        return self.product_id.uom_id._compute_quantity(
            units, self.product_uom_id, rounding_method="HALF-UP"
        )

    def _create_procurements(self, product_qty, procurement_uom, values):
        targets = self._oms_targets()
        if targets is None:
            return super()._create_procurements(product_qty, procurement_uom, values)
        procured = self._oms_procured()
        unit = self.product_id.uom_id
        allocation = self.order_id.oms_allocation_id
        carriers = {
            allocated.warehouse_id.id: allocated.carrier_id.id
            for allocated in allocation._lines_of(self)
            if allocated.carrier_id
        }
        # Read together: what Odoo looks up per warehouse is then looked up once for the order.
        together = allocation.line_ids.warehouse_id._ids
        warehouses = self.env["stock.warehouse"].browse(sorted({*targets, *procured}))
        procurements = []
        for warehouse in warehouses.with_prefetch(together):
            missing = targets.get(warehouse.id, 0) - procured.get(warehouse.id, 0.0)
            if float_is_zero(missing, precision_rounding=unit.rounding):
                continue
            quantity, uom = self._oms_procurement_quantity(missing, procurement_uom)
            procurements += super()._create_procurements(
                quantity,
                uom,
                dict(
                    values,
                    warehouse_id=warehouse,
                    oms_carrier_id=carriers.get(warehouse.id, False),
                ),
            )
        return procurements

    def _oms_procurement_quantity(self, units, procurement_uom):
        """In the unit that Odoo asks for if that gives a whole number, else in the product's."""
        unit = self.product_id.uom_id
        quantity = unit._compute_quantity(units, procurement_uom, round=False)
        if abs(quantity - round(quantity)) < 1e-6:
            return round(quantity), procurement_uom
        return units, unit

    def _oms_returned(self):
        """Units that customers sent, or are sending, back for a refund."""
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state != "cancel" and move.to_refund and move.location_id._is_outgoing()
            )
        )
        return round(self._oms_count(moves)) if moves else 0

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        if self.env.context.get("skip_procurement"):
            return super()._action_launch_stock_rule(
                previous_product_uom_qty=previous_product_uom_qty
            )
        for line in self.filtered(lambda line: line.id in (previous_product_uom_qty or {})):
            returned = line._oms_returned()
            if line.oms_sent_again != returned:
                line.sudo().oms_sent_again = returned
        # One order after the other: each is decided on what those before it have left.
        for order in self.order_id:
            order._oms_follow_lines()
            lines = self.filtered(lambda line, order=order: line.order_id == order)
            super(SaleOrderLine, lines)._action_launch_stock_rule(
                previous_product_uom_qty=previous_product_uom_qty
            )
            order._oms_reserve()
        return True

    def _oms_cut_surplus(self):
        """Take out of open transfers what the allocation in force no longer asks for there.

        Newest transfers first, printed and picked ones last and with a note to their warehouse.
        What has left the shelf but not the house goes back by Odoo's own reversal, when the
        procurements are created.
        """
        for line in self:
            targets = line._oms_targets()
            if targets is None:
                continue
            for warehouse, (heads, reversals) in line._oms_heads().items():
                surplus = line._oms_count(heads, reversals) - targets.get(warehouse.id, 0)
                if surplus > 1e-6:
                    line._oms_cut(warehouse, heads, round(surplus))

    def _oms_cut(self, warehouse, heads, surplus):
        self.ensure_one()
        kit = self._oms_kit()
        if kit:
            per_kit = self._oms_components()[self.product_id] or {}
            wanted = {
                heads.product_id.browse(component): surplus * units
                for component, units in per_kit.items()
            }
        else:
            wanted = {self.product_id: surplus}
        for product, units in wanted.items():
            moves = heads.filtered(lambda move, product=product: move.product_id == product)
            cuttable = moves.filtered(
                lambda move: move._oms_can_cut() or move._oms_is_picked_first()
            ).sorted(
                lambda move: (
                    not move.picked,
                    not move.picking_id.printed,
                    move.picking_id.id,
                    move.id,
                ),
                reverse=True,
            )
            for move in cuttable:
                part = min(units, move.product_qty)
                if part <= 0:
                    break
                if move.picked or move.picking_id.printed:
                    move.picking_id._oms_note_cut(move, part)
                move._oms_cut(part)
                units -= part
