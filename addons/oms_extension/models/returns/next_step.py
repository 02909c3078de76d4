from odoo import api, models


class OmsReturn(models.Model):
    """What is to be done next, and by whom, in one sentence."""

    _inherit = "oms.return"

    @api.depends(
        "state", "receipt_state", "money_state", "review", "way", "pay_back_left",
        "exchange_ids.state", "line_ids.outcome", "line_ids.due_amount",
        "line_ids.credited_amount",
    )  # fmt: skip
    def _compute_next_step(self):
        for one in self:
            one.next_step = one._next_step()

    def _next_step(self):
        if self.state == "requested":
            return self.env._("Decide whether to approve it.")
        if self.state in ("rejected", "cancelled", "done"):
            return self.env._("The payment provider pays back.") if self.pay_back_left else False
        if self.receipt_state in ("awaited", "underway", "partial"):
            goods = {
                "awaited": self.env._("The customer sends the goods."),
                "underway": self.env._(
                    "The goods are on their way to %s.", self.warehouse_id.name or ""
                ),
                "partial": self.env._("The rest of the goods is awaited."),
            }[self.receipt_state]
            if self.money_state in ("due", "partial"):
                return self.env._("%s Money for what came is due.", goods)
            return goods
        if self.money_state in ("due", "partial"):
            return self._next_step_of_money()
        if self.line_ids.filtered(lambda line: line.outcome == "repair"):
            return self.env._("Repair the goods and send them back.")
        return False

    def _next_step_of_money(self):
        """For goods in exchange nothing is paid back: what came is set against what goes out."""
        offered = self.sudo().exchange_ids.filtered(lambda order: order.state in ("draft", "sent"))
        if offered:
            return self.env._(
                "Let the customer accept %s: it costs more than what came back.",
                ", ".join(offered.mapped("name")),
            )
        due = self.line_ids.filtered(
            lambda line: self.currency_id.compare_amounts(line.due_amount, line.credited_amount) > 0
        )
        if due and set(due.mapped("outcome")) == {"exchange"}:
            return self.env._("Credit what came: it is set against what goes out in exchange.")
        return self.env._("Pay the customer back.")
