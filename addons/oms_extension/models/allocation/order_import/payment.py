from odoo import fields, models


class OmsPayment(models.Model):
    """What the shop said about the payment of an order. Odoo's accounting does not read it."""

    _name = "oms.payment"
    _description = "Payment in the Shop"
    _order = "order_id, id"
    _rec_name = "reference"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    method = fields.Char(required=True, help="As the shop calls it, such as 'credit_card'.")
    amount = fields.Monetary(required=True)
    reference = fields.Char("Transaction", help="The payment provider's own reference.")
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("authorized", "Authorized"),
            ("paid", "Paid"),
            ("refunded", "Refunded"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="pending",
    )
    paid_at = fields.Datetime("Paid on")
