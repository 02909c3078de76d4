from odoo import fields, models


class DeliveryCarrier(models.Model):
    """Which carrier stands behind a service."""

    _inherit = "delivery.carrier"

    oms_carrier_id = fields.Many2one(
        "oms.carrier",
        "Carrier",
        help="Who moves the parcels of this service: its tracking codes and page are used.",
    )
