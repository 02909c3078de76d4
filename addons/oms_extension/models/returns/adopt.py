"""What comes back without having been announced becomes a return, too: every return counts.

A plain reverse transfer of Odoo keeps working as ever; the return stands beside it. A parcel that
the carrier brings back is awaited by a transfer like every other.
"""

from odoo import api, fields, models

from .order_return import OPEN

COMES_BACK = ("returning", "returned")


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    def _note_unannounced(self, order, lines, origin, **values):
        """A return for goods that come, or came, without being asked about.

        The policy is not asked: the goods are here, whatever it says.

        :param list lines: values of the lines
        :return: the return, approved
        """
        made = (
            self.sudo()
            .with_company(order.company_id)
            .create(
                {
                    "company_id": order.company_id.id,
                    "order_id": order.id,
                    "partner_id": order.partner_id.id,
                    "origin": origin,
                    "state": "approved",
                    "approved_at": fields.Datetime.now(),
                    "approved_by": "policy",
                    "line_ids": [(0, 0, line) for line in lines],
                }
                | values
            )
        )
        made.line_ids._note_worth()
        made._note_shipping()
        return made

    # --- reverse transfers ------------------------------------------------------------------------

    def _give_up_rest(self):
        """Of unannounced goods nothing is awaited but what their transfers bring."""
        for one in self:
            if one.origin != "transfer" or one.state not in OPEN or one.line_ids._open_moves():
                continue
            if any(one.line_ids.mapped("received_qty")):
                for line in one.line_ids:
                    line.quantity = line.received_qty or line.quantity
                one._progress()
            else:
                one.state = "cancelled"

    # --- parcels that the carrier brings back -----------------------------------------------------

    @api.model
    def _adopt_parcels(self, shipments):
        """A return for each of these outbound parcels that has none yet."""
        known = set(
            self.sudo()
            .search([("request_key", "in", [f"parcel-{one.id}" for one in shipments])])
            .mapped("request_key")
        )
        for shipment in shipments:
            if f"parcel-{shipment.id}" in known or not shipment.order_id:
                continue
            order_lines = shipment.line_ids.order_line_id
            order_lines._oms_take_turn()
            lines = self._lines_of_parcel(shipment)
            if lines:
                made = self._note_unannounced(
                    shipment.order_id,
                    lines,
                    "carrier",
                    request_key=f"parcel-{shipment.id}",
                    comment=shipment.last_event_text or False,
                )
                made._await_goods()
                made._on_approved()

    @api.model
    def _lines_of_parcel(self, shipment):
        """Contents of a parcel that are still with the customer, by order line and lot."""
        returnable = shipment.line_ids.order_line_id._oms_returnable()
        reason = self.env["oms.return.reason"]._by_code(["not_delivered"]).get("not_delivered")
        lines = []
        for content in shipment._oms_contents():
            sold = content["order_line"]
            units = min(content["quantity"], returnable.get(sold, 0.0))
            if sold.product_id.uom_id.compare(units, 0.0) <= 0:
                continue
            returnable[sold] -= units
            lines.append(
                {
                    "order_line_id": sold.id,
                    "product_id": sold.product_id.id,
                    "quantity": units,
                    "lot_id": content["lot"].id,
                    "reason_id": reason.id if reason else False,
                    "shipment_id": shipment.id,
                }
            )
        return lines

    @api.model
    def _forget_delivered(self, shipments):
        """Parcels that were to come back and reached the customer after all."""
        returns = self.sudo().search(
            [
                ("request_key", "in", [f"parcel-{one.id}" for one in shipments]),
                ("state", "in", ("requested", "approved")),
            ]
        )
        for one in returns:
            if not any(one.line_ids.mapped("received_qty")):
                one.action_cancel()
                one.message_post(body=self.env._("The parcel reached the customer after all."))


class OmsShipment(models.Model):
    _inherit = "oms.shipment"

    def _follow(self):
        result = super()._follow()
        outbound = self.filtered(lambda one: one.direction == "outbound").sudo()
        returns = self.env["oms.return"]
        returns._adopt_parcels(outbound.filtered(lambda one: one.state in COMES_BACK))
        delivered = outbound.filtered(lambda one: one.state == "delivered")
        if delivered:
            returns._forget_delivered(delivered)
        return result

    def _oms_contents(self):
        """What is in the parcel: dicts ``order_line``, ``quantity`` (of kits, whole ones), ``lot``.

        Of a parcel whose contents nobody wrote down nothing is guessed.
        """
        self.ensure_one()
        contents = []
        kits = self.env["sale.order.line"]
        for line in self.line_ids.filtered("order_line_id"):
            sold = line.order_line_id
            if line.product_id != sold.product_id:
                kits |= sold
                continue
            lot = self.env["stock.lot"]
            if line.lot_name:
                lot = lot.search(
                    [
                        ("name", "=", line.lot_name),
                        ("product_id", "=", line.product_id.id),
                        ("company_id", "in", (self.company_id.id, False)),
                    ],
                    limit=1,
                )
            contents.append({"order_line": sold, "quantity": line.quantity, "lot": lot})
        for sold in kits:
            moves = self.picking_id.move_ids.filtered(
                lambda one, sold=sold: one.sale_line_id == sold
            )
            contents.append(
                {
                    "order_line": sold,
                    "quantity": sold._oms_count(moves),
                    "lot": self.env["stock.lot"],
                }
            )
        return contents


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, *args, **kwargs):
        moves = super()._action_confirm(*args, **kwargs)
        moves._oms_adopt()
        return moves

    def _action_cancel(self):
        result = super()._action_cancel()
        gone = self.filtered(lambda move: move.state == "cancel" and move.oms_return_line_id)
        if gone:
            gone.sudo().oms_return_line_id.return_id._give_up_rest()
        return result

    def _oms_adopt(self):
        """Returns for those of these moves that bring goods back unannounced."""
        back = self.sudo().filtered(
            lambda move: (
                move.location_id.usage == "customer"
                and move.location_dest_id.usage not in ("customer", "supplier", "view")
                and move.sale_line_id
                and not move.oms_return_line_id
                and move.state not in ("draft", "cancel")
                and move.product_id.uom_id.compare(move.product_qty, 0.0) > 0
            )
        )
        if not back:
            return
        back.sale_line_id._oms_take_turn()
        for picking in back.picking_id or [back.picking_id]:
            here = back.filtered(lambda move, picking=picking: move.picking_id == picking)
            for order in here.sale_line_id.order_id:
                here.filtered(
                    lambda move, order=order: move.sale_line_id.order_id == order
                )._oms_make_return(picking, order)

    def _oms_make_return(self, picking, order):
        """One return of an order for moves of one transfer; announced goods keep theirs."""
        left = self.filtered(lambda move: not move._oms_join_announced())
        if not left:
            return
        lines = []
        for sold in left.sale_line_id:
            moves = left.filtered(lambda move, sold=sold: move.sale_line_id == sold)
            units = sold._oms_count(moves) or sum(moves.mapped("product_qty"))
            lines.append(
                {
                    "order_line_id": sold.id,
                    "product_id": sold.product_id.id,
                    "quantity": units,
                    "shipment_id": self.env["oms.return"]
                    ._came_by(sold, moves.move_line_ids.lot_id[:1])
                    .id,
                }
            )
        one = self.env["oms.return"]._note_unannounced(
            order,
            lines,
            "transfer",
            warehouse_id=(picking.picking_type_id.warehouse_id or left._oms_warehouse_in()).id,
            warehouse_text=self.env._("By a transfer that nobody had announced."),
        )
        for line in one.line_ids:
            left.filtered(
                lambda move, line=line: move.sale_line_id == line.order_line_id
            ).oms_return_line_id = line
        if picking and not picking.oms_return_id:
            picking.oms_return_id = one

    def _oms_warehouse_in(self):
        return self.location_dest_id.warehouse_id[:1]

    def _oms_join_announced(self):
        """These units were announced: the plain transfer brings them, the one made for them does
        not await them any more.

        :return: whether it was so
        """
        self.ensure_one()
        if not self.origin_returned_move_id and not self.sale_line_id:
            return False
        announced = self.sale_line_id.oms_return_line_ids.filtered(
            lambda line: (
                line.state in OPEN
                and not line.keep
                and line.product_id == self.product_id
                and line.product_id.uom_id.compare(
                    line.quantity - line.received_qty, self.product_qty
                )
                >= 0
            )
        )[:1]
        if not announced:
            return False
        waiting = announced._open_moves()
        too_many = (
            announced.received_qty
            + sum(waiting.mapped("product_qty"))
            + self.product_qty
            - announced.quantity
        )
        self.oms_return_line_id = announced
        if self.picking_id and not self.picking_id.oms_return_id:
            self.picking_id.oms_return_id = announced.return_id
        for move in waiting:
            cut = min(too_many, move.product_qty)
            if move.product_id.uom_id.compare(cut, 0.0) > 0:
                too_many -= cut
                move._oms_cut(cut)
        return True
