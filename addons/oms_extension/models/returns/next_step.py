from odoo import api, models


class OmsReturn(models.Model):
    """What is to be done next, and by whom, in one sentence."""

    _inherit = "oms.return"

    @api.depends("state", "receipt_state", "money_state", "review", "way", "pay_back_left")
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
            return self.env._("Pay the customer back.")
        if self.line_ids.filtered(lambda line: line.outcome == "repair"):
            return self.env._("Repair the goods and send them back.")
        return False
