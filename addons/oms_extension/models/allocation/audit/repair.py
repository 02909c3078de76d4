from odoo import api, models
from odoo.exceptions import UserError

from . import checks


class OmsAuditRepair(models.AbstractModel):
    """What can be put right without a person's judgement, for each rule of the audit.

    A repair takes the breach as :meth:`oms.audit._breaches` returns it. Whoever calls it checks
    afterwards that the breach is gone.
    """

    _name = "oms.audit.repair"
    _description = "Conservation Repair"

    @api.model
    def _remedies(self):
        """What is offered to do, in words: dict code → sentence."""
        release = self.env._(
            "Release the newest reservations until they fit, and decide those orders again."
        )
        merge = self.env._("Merge the shelf's quants, and reserve what the transfers say.")
        decide = self.env._("Bring allocation and transfers in line with what is ordered.")
        add_up = self.env._("Add it up again.")
        return {
            "oversold": release,
            "over_reserved": release,
            "split_quant": merge,
            "negative_reservation": merge,
            "reservation_drift": merge,
            "allocation_state": self.env._("Keep the newest allocation of a confirmed order only."),
            "allocation_sum": decide,
            "procured_less": decide,
            "procured_more": decide,
            "parcel_contents": add_up,
            "allocation_totals": add_up,
            "shortage_untold": self.env._("Open an exception."),
            "exception_unfounded": self.env._("Close the exception."),
        }

    @api.model
    def _repair(self, breach):
        """Repair one breach.

        :raise UserError: it cannot be repaired, with the reason.
        """
        getattr(self, f"_repair_{breach['check']}")(breach)

    # --- stock --------------------------------------------------------------------------------

    def _enter_shelf(self, breach):
        product = self.env["product.product"].browse(breach["product"])
        location = self.env["stock.location"].browse(breach["location"])
        ledger = self.env["oms.stock.ledger"]
        ledger._claim(ledger._keys(product, location))
        return product, location

    def _repair_split_quant(self, breach):
        self._true_up(*self._enter_shelf(breach))

    _repair_negative_reservation = _repair_split_quant
    _repair_reservation_drift = _repair_split_quant

    def _true_up(self, product, location):
        """Make one quant of each lot, package and owner, reserved as the transfers say."""
        quants = self.env["stock.quant"]
        shelf = [("product_id", "=", product.id), ("location_id", "=", location.id)]
        here = quants.search(shelf)
        if here:
            here._merge_quants()
        self.env.invalidate_all()
        promised = {
            (lot, package, owner): units
            for lot, package, owner, units in self.env["stock.move.line"]._read_group(
                [*shelf, ("state", "not in", ("draft", "done", "cancel"))],
                ["lot_id", "package_id", "owner_id"],
                ["quantity_product_uom:sum"],
            )
        }
        for quant in quants.search(shelf):
            units = promised.pop((quant.lot_id, quant.package_id, quant.owner_id), 0.0)
            if abs(quant.reserved_quantity - units) > checks.DUST:
                quant.reserved_quantity = units
        for (lot, package, owner), units in promised.items():
            if units > checks.DUST:
                quants._update_reserved_quantity(
                    product, location, units, lot_id=lot, package_id=package, owner_id=owner
                )

    def _repair_oversold(self, breach):
        product, location = self._enter_shelf(breach)
        self._true_up(product, location)
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
                ("state", "in", ("assigned", "partially_available")),
                ("picked", "=", False),
            ],
            order="id desc",
        )
        released = self.env["stock.move"]
        for line in lines:
            quants = self.env["stock.quant"].search(
                [("product_id", "=", product.id), ("location_id", "=", location.id)]
            )
            if breach["check"] == "over_reserved":
                quants = quants.filtered(
                    lambda one, line=line: (
                        (one.lot_id, one.package_id, one.owner_id)
                        == (line.lot_id, line.package_id, line.owner_id)
                    )
                )
            beyond = sum(quants.mapped("reserved_quantity")) - max(
                sum(quants.mapped("quantity")), 0.0
            )
            if beyond <= checks.DUST:
                continue
            released |= line.move_id
            kept = line.quantity_product_uom - beyond
            if kept > checks.DUST:
                line.quantity = product.uom_id._compute_quantity(
                    kept, line.product_uom_id, rounding_method="DOWN"
                )
            else:
                line.unlink()
        released._recompute_state()
        orders = released.sale_line_id.order_id.filtered(
            lambda order: order.state == "sale" and not order.locked and order.oms_allocation_id
        )
        if orders:
            orders.oms_allocate()

    _repair_over_reserved = _repair_oversold

    # --- allocations --------------------------------------------------------------------------

    def _repair_allocation_state(self, breach):
        order = self.env["sale.order"].browse(breach["order"])
        in_force = self.env["oms.allocation"].search(
            [("order_id", "=", order.id), ("state", "=", "committed")], order="id desc"
        )
        newest = in_force[:1] if order.state == "sale" else in_force.browse()
        (in_force - newest).write({"state": "superseded" if newest else "cancelled"})
        order.oms_allocation_id = newest

    def _repair_allocation_sum(self, breach):
        order = self.env["sale.order"].browse(breach["order"])
        if order.locked:
            raise UserError(self.env._("Unlock %s first.", order.name))
        order._oms_enter_ledger()
        order._oms_follow_lines()
        order._oms_carry_out()

    _repair_procured_less = _repair_allocation_sum
    _repair_procured_more = _repair_allocation_sum

    def _repair_parcel_contents(self, breach):
        parcel = self.env["oms.allocation.parcel"].browse(breach["record"])
        parcel.line_ids.filtered(
            lambda line: (
                line.allocation_id != parcel.allocation_id
                or line.warehouse_id != parcel.warehouse_id
            )
        ).parcel_id = False
        parcel.write(
            {
                "units": sum(parcel.line_ids.mapped("quantity")),
                "line_count": len(parcel.line_ids.order_line_id),
            }
        )

    def _repair_allocation_totals(self, breach):
        allocation = self.env["oms.allocation"].browse(breach["record"])
        parcels = allocation.parcel_ids
        plan = (allocation.decision or {}).get("plan") or {}
        parts = ("freight", "handling", "delay", "split_penalty")
        allocation.write(
            {part: sum(parcels.mapped(part)) for part in parts}
            | {
                "total": sum(parcels.mapped("total")) + plan.get("cost", {}).get("unfilled", 0.0),
                "parcel_count": len(parcels),
                "missing": sum(
                    allocation.line_ids.filtered(lambda line: line.kind == "backorder").mapped(
                        "quantity"
                    )
                ),
            }
        )

    # --- exceptions ---------------------------------------------------------------------------

    def _repair_shortage_untold(self, breach):
        self.env["oms.exception"]._raise_untold(
            self.env["sale.order.line"].browse(breach["record"])
        )

    def _repair_exception_unfounded(self, breach):
        self.env["oms.exception"].browse(breach["record"])._close_solved()
