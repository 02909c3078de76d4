from odoo import api, fields, models

from ...engine.tracking.rules import worst
from .shipment import STATE_NAMES


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    oms_shipment_line_ids = fields.One2many("oms.shipment.line", "order_line_id", "In Parcels")


class SaleOrder(models.Model):
    """An order is where its parcels are."""

    _inherit = "sale.order"

    oms_shipment_ids = fields.One2many("oms.shipment", "order_id", "Shipments")
    oms_shipment_count = fields.Integer(compute="_compute_oms_tracking")
    oms_tracking_state = fields.Selection(
        STATE_NAMES, "Parcels", compute="_compute_oms_tracking", search="_search_oms_tracking_state"
    )
    oms_tracking_summary = fields.Char("Delivered", compute="_compute_oms_tracking")

    @api.depends("oms_shipment_ids.state", "picking_ids.state")
    def _compute_oms_tracking(self):
        """The state of the worst open parcel, and how many have arrived.

        Transfers that have not left count as one parcel each: an order is delivered when all of it
        is.
        """
        states = {}
        for order, state, direction, count in self.env["oms.shipment"]._read_group(
            [("order_id", "in", self.ids)], ["order_id", "state", "direction"], ["__count"]
        ):
            states.setdefault(order.id, []).append((state, direction, count))
        coming = dict(
            self.env["stock.picking"]
            .sudo()
            ._read_group(
                [
                    ("sale_id", "in", self.ids),
                    ("state", "not in", ("done", "cancel")),
                    ("location_dest_id.usage", "=", "customer"),
                ],
                ["sale_id"],
                ["__count"],
            )
        )
        for order in self:
            known = states.get(order.id, [])
            outbound = {}
            for state, direction, count in known:
                if direction == "outbound" and state != "cancelled":
                    outbound[state] = outbound.get(state, 0) + count
            to_come = coming.get(order, 0)
            total = sum(outbound.values()) + to_come
            order.oms_shipment_count = sum(count for *_key, count in known)
            order.oms_tracking_state = (
                worst([*outbound, *(["pending"] if to_come else [])]) if outbound else False
            )
            order.oms_tracking_summary = (
                self.env._(
                    "%(delivered)s of %(total)s delivered",
                    delivered=outbound.get("delivered", 0),
                    total=total,
                )
                if outbound
                else False
            )

    @api.model
    def _search_oms_tracking_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = set(value)
        parcels = self.env["oms.shipment"]._read_group(
            [("order_id", "!=", False), ("direction", "=", "outbound")],
            ["order_id"],
            ["state:array_agg"],
            having=[],
        )
        found = [order.id for order, states in parcels if worst(set(states)) in wanted]
        domain = [("id", "in", found)]
        if False in wanted:
            domain = ["|", ("oms_shipment_ids", "=", False), *domain]
        return domain

    def action_oms_shipments(self):
        self.ensure_one()
        return self.oms_shipment_ids._open(self.env._("Shipments of %s", self.name))
