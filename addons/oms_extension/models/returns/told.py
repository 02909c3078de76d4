"""What only the flow of a return may write, lest units be announced or paid back twice."""

from odoo import api, models
from odoo.exceptions import UserError

TOLD_OF_RETURN = {
    *("state", "origin", "order_id", "company_id", "request_key", "access_token", "verdict"),
    *("verdict_text", "approved_by", "requested_at", "approved_at", "received_at", "done_at"),
    *("receipt_state", "amount_due", "amount_refunded", "amount_total", "money_state"),
    *("shipping_refund", "shipping_refunded", "fee_kept", "paid_back", "pay_back_left"),
    *("refund_ids", "exchange_ids", "picking_ids", "transaction_ids"),
}
TOLD_OF_LINE = {
    *("return_id", "order_line_id", "product_id", "quantity", "received_qty", "move_ids"),
    *("refund_amount", "credited_qty", "credited_amount", "shipment_id"),
}


def refuse_by_hand(records, told, vals_list):
    """Refuse to set what follows from the flow.

    :raise UserError: a field among the values is told by the flow
    """
    if records.env.su:
        return
    touched = told & set().union(*vals_list) if vals_list else set()
    if touched:
        raise UserError(
            records.env._(
                "%(field)s follows from what happens with the return: use its buttons.",
                field=records._fields[min(touched)]._description_string(records.env),
            )
        )


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.check_access("create")
            raise UserError(
                self.env._("Make returns with 'New Return', or by the method request_return.")
            )
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        refuse_by_hand(self, TOLD_OF_RETURN, [vals])
        return super().write(vals)


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        refuse_by_hand(self, TOLD_OF_LINE, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        refuse_by_hand(self, TOLD_OF_LINE, [vals])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_flow(self):
        if not self.env.su:
            raise UserError(
                self.env._("Cancel the return instead: what was asked stays on record.")
            )
