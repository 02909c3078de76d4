from odoo import api, fields, models


class StockPicking(models.Model):
    """Every call by which a person moves stock enters through the lock protocol's door."""

    _inherit = "stock.picking"

    oms_notice = fields.Text("What Is Off the Plan", compute="_compute_oms_notice")

    @api.depends("move_ids.sale_line_id", "state")
    def _compute_oms_notice(self):
        """What the open exceptions of these lines say, so that the warehouse knows it too."""
        open_ones = (
            self.env["oms.exception"]
            .sudo()
            .search(
                [
                    ("order_line_id", "in", self.move_ids.sale_line_id.ids),
                    ("state", "!=", "closed"),
                ]
            )
        )
        for picking in self:
            lines = picking.move_ids.filtered(lambda move: move._oms_is_open()).sale_line_id
            said = open_ones.filtered(lambda one, lines=lines: one.order_line_id in lines)
            picking.oms_notice = "\n".join(said.mapped("name")) or False

    @api.depends("move_ids.sale_line_id")
    def _compute_move_type(self):
        result = super()._compute_move_type()
        for picking in self:
            orders = picking.move_ids.sale_line_id.order_id
            policies = orders.oms_allocation_id.policy_id
            if policies and all(policies.mapped("ship_complete")):
                picking.move_type = "one"
        return result

    def web_save(self, vals, specification, next_id=None):
        self._oms_enter_ledger()
        return super().web_save(vals, specification, next_id)

    def action_confirm(self):
        self._oms_enter_ledger()
        return super().action_confirm()

    def action_assign(self):
        self._oms_enter_ledger()
        return super().action_assign()

    def do_unreserve(self):
        self._oms_enter_ledger()
        return super().do_unreserve()

    def action_cancel(self):
        self._oms_enter_ledger()
        return super().action_cancel()

    def action_split_transfer(self):
        self._oms_enter_ledger()
        return super().action_split_transfer()

    def button_validate(self):
        self._oms_enter_ledger(arriving=True)
        return super().button_validate()

    def _oms_enter_ledger(self, arriving=False):
        self.env["oms.stock.ledger"].sudo()._enter(self.move_ids._oms_ledger_keys(arriving))

    def _oms_note_cut(self, move, units):
        """Tell whoever holds the printed slip, or the goods, that the order has changed."""
        if move.picked:
            body = self.env._(
                "The order changed: %(units)s × %(product)s, already picked, are no longer wanted. "
                "Please put them back and lower the quantity.",
                units=round(units),
                product=move.product_id.display_name,
            )
        else:
            body = self.env._(
                "%(units)s × %(product)s were taken out after this transfer had been printed, "
                "because the order changed. Please print it again.",
                units=round(units),
                product=move.product_id.display_name,
            )
        self.message_post(body=body)
