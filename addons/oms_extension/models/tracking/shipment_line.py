from odoo import fields, models


class OmsShipmentLine(models.Model):
    """What a parcel contains, by order line."""

    _name = "oms.shipment.line"
    _description = "Shipment Contents"
    _order = "shipment_id, id"

    shipment_id = fields.Many2one("oms.shipment", required=True, ondelete="cascade", index=True)
    order_line_id = fields.Many2one("sale.order.line", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, index=True)
    quantity = fields.Float(required=True, digits="Product Unit", default=1.0)
    lot_name = fields.Char("Lot or Serial Number")
