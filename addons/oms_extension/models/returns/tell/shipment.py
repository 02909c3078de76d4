from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        sent = self.exists().filtered(
            lambda picking: picking.state == "done" and picking.location_dest_id.usage == "customer"
        )
        sent.sudo().sale_id.oms_return_id._tell("exchange")
        return result


class OmsShipment(models.Model):
    """The first parcel of an exchange is told of once, as what it is."""

    _inherit = "oms.shipment"

    def _why_not_told(self, kind):
        order = self.order_id.sudo()
        if (
            kind == "shipped"
            and order.oms_return_id
            and order.company_id.oms_tell_return_exchange
            and self.picking_id == order._oms_first_sent()
        ):
            return "return_mail"
        return super()._why_not_told(kind)


class OmsShipmentNotice(models.Model):
    _inherit = "oms.shipment.notice"

    why = fields.Selection(
        selection_add=[("return_mail", "The message about the exchange says it")]
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_first_sent(self):
        """The transfer that brought the order's first goods to the customer."""
        self.ensure_one()
        return self.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.location_dest_id.usage == "customer"
        ).sorted("id")[:1]
