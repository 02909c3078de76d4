from odoo import fields, models


class SaleOrder(models.Model):
    """Where an imported order comes from."""

    _inherit = "sale.order"

    oms_source = fields.Char(
        "Imported from",
        readonly=True,
        copy=False,
        help="The shop or program that sent the order; its references are unique within it.",
    )
    oms_external_reference = fields.Char(
        "External Reference",
        readonly=True,
        copy=False,
        help="The order's name in the program that sent it. Sending it again changes nothing.",
    )
    oms_payment_ids = fields.One2many(
        "oms.payment", "order_id", "Payments in the Shop", readonly=True, copy=False
    )

    _oms_external_reference_unique = models.UniqueIndex(
        "(company_id, COALESCE(oms_source, ''), oms_external_reference)"
        " WHERE oms_external_reference IS NOT NULL",
        "This order was imported already.",
    )
