from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    oms_policy_id = fields.Many2one(
        "oms.policy",
        "Sourcing Policy",
        copy=False,
        check_company=True,
        help="Empty: the first policy whose conditions fit the order.",
    )
    oms_allocation_id = fields.Many2one(
        "oms.allocation", "Allocation", readonly=True, copy=False, index="btree_not_null"
    )
    oms_allocation_ids = fields.One2many("oms.allocation", "order_id", "Allocations", copy=False)
    oms_promise_date = fields.Datetime("Promised Delivery", readonly=True, copy=False)
    oms_parcel_count = fields.Integer("Number of Parcels", readonly=True, copy=False)
    oms_missing = fields.Integer("Units Missing", readonly=True, copy=False)

    # --- the order's way through allocation -----------------------------------------------------

    def action_confirm(self):
        wanted = self.filtered(lambda order: order.state in ("draft", "sent"))
        self._oms_enter_ledger()
        # Two who confirm the same order at once both get what they want: it is confirmed.
        orders = self - wanted.filtered(lambda order: order.state == "sale")
        return super(SaleOrder, orders).action_confirm() if orders or not self else True

    def action_cancel(self):
        self._oms_enter_ledger()
        return super().action_cancel()

    def write(self, vals):
        if "order_line" in vals and any(order.state == "sale" for order in self):
            added = [
                command[2]["product_id"]
                for command in vals["order_line"] or ()
                if command[0] == fields.Command.CREATE and command[2].get("product_id")
            ]
            self._oms_enter_ledger(added)
        return super().write(vals)

    def _action_cancel(self):
        result = super()._action_cancel()
        allocations = self._oms_current_allocations().sudo()
        allocations.write({"state": "cancelled"})
        self.sudo().write({"oms_allocation_id": False, "oms_parcel_count": 0, "oms_missing": 0})
        self.env["oms.exception"]._close_for(self)
        return result

    def set_delivery_line(self, carrier, amount):
        """The delivery method of the order is not that of parcels whose service was allocated."""
        allocated = {
            picking: picking.carrier_id
            for picking in self.picking_ids
            if picking.move_ids.oms_carrier_id and picking.state not in ("done", "cancel")
        }
        result = super().set_delivery_line(carrier, amount)
        for picking, chosen in allocated.items():
            if picking.carrier_id != chosen:
                picking.carrier_id = chosen
        return result

    def _oms_enter_ledger(self, added=()):
        """Come in through the door of the lock protocol with all that a decision may look at."""
        self.env["oms.stock.ledger"].sudo()._enter(self._oms_ledger_keys(added))

    def _oms_ledger_keys(self, added=()):
        """What to claim before deciding about these orders: all that a decision may look at.

        :param added: ids of products that are about to be added to them
        """
        # Searched: read through the orders, transfers made later in the call would stand behind
        # these in the cache instead of in Odoo's order.
        pickings = self.env["stock.picking"].sudo().search([("sale_id", "in", self.ids)])
        keys = pickings.move_ids._oms_ledger_keys()
        for company, orders in self.grouped("company_id").items():
            # A kit need not be storable itself: its components are.
            goods = orders.order_line.filtered(lambda line: line.product_id.type == "consu")
            components = goods._oms_components()
            products = {key for taken in components.values() for key in taken or ()}
            products.update(added)
            warehouses = self.env["oms.snapshot"]._candidates(company)
            keys |= self.env["oms.stock.ledger"]._keys(
                self.env["product.product"].browse(products), warehouses.lot_stock_id
            )
        return keys

    def _oms_follow_lines(self):
        """Bring the allocation in line with the ordered quantities, before Odoo procures them.

        Called whenever Odoo launches procurements: on confirmation, when a line is added and when
        a quantity changes. What is allocated stays; only the difference is decided.
        """
        self.ensure_one()
        if self.state != "sale" or self.locked:
            return
        allocation = self.oms_allocation_id
        if allocation and self._oms_is_followed():
            return
        policy = self.env["oms.policy"]._choose_for(self)
        if not policy:
            # The customer must not notice: Odoo ships it from the order's own warehouse.
            self.env["oms.exception"]._raise_no_policy(self)
            return
        decided = self.env["oms.decision"]._decide(self, policy)
        if not decided:
            return
        trigger = "change" if allocation else self.env.context.get("oms_trigger", "confirm")
        self._oms_put_in_force(*decided, trigger=trigger, policy=policy)
        self.order_line._oms_cut_surplus()

    def _oms_is_followed(self):
        """Whether the allocation in force covers exactly what is ordered."""
        targets = self.oms_allocation_id._targets()
        left = self.order_line._oms_left_to_odoo()
        return all(
            sum(targets.get(line.id, {}).values()) == line._oms_wanted()
            for line in self.order_line
            if line not in left
        )

    def _oms_put_in_force(self, needs, snapshot, decision, trigger, policy=None, reason=False):
        self.ensure_one()
        policy = policy or self.env["oms.policy"]._for_order(self)
        return self.env["oms.decision"]._commit(
            self, needs, snapshot, decision, trigger, policy, reason
        )

    def _oms_carry_out(self):
        """Move open units to where the allocation in force wants them.

        Cut, procure, and give back what was reserved but is to wait now.
        """
        for order in self:
            order.order_line._oms_cut_surplus()
            order.order_line._action_launch_stock_rule()
        for move, units in self.order_line.move_ids._oms_sendable().items():
            move._oms_give_back(units)

    def _oms_reserve(self):
        """Reserve what ships now by the allocation in force but waited by the one before."""
        self.ensure_one()
        ships = {
            (line.order_line_id, line.warehouse_id)
            for line in self.oms_allocation_id.line_ids
            if line.kind == "ship"
        }
        self.order_line.move_ids.filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available")
                and move.picking_type_id.reservation_method == "at_confirm"
                and (move.sale_line_id, move._oms_warehouse()) in ships
            )
        )._action_assign()

    def _oms_recheck_missing(self):
        """Count again what these orders wait for, now that goods may have come.

        :return: the order lines that still wait
        """
        waiting = self.env["sale.order.line"]
        for order in self.filtered(lambda order: order.state == "sale"):
            missing = 0
            for line in order.order_line:
                if line._oms_targets() is None:
                    continue
                units = sum(line._oms_waiting().values())
                missing += units
                if units:
                    waiting |= line
            if order.oms_missing != missing:
                order.oms_missing = missing
        return waiting

    def _oms_current_allocations(self):
        return self.sudo().oms_allocation_ids.filtered(
            lambda allocation: allocation.state in ("proposed", "committed")
        )

    def _oms_hand_locks(self):
        """Units that a person locked at a warehouse.

        :return: dict order line → dict warehouse id → units
        """
        self.ensure_one()
        locks = {}
        if not self._origin.id:
            return locks
        for allocated in self._origin._oms_current_allocations().line_ids:
            if allocated.locked:
                line = allocated.order_line_id
                # While a form is edited the lines are shadows of the stored ones.
                line = next((one for one in self.order_line if one._origin == line), line)
                by_warehouse = locks.setdefault(line, {})
                warehouse_id = allocated.warehouse_id.id
                by_warehouse[warehouse_id] = by_warehouse.get(warehouse_id, 0) + allocated.quantity
        return locks
