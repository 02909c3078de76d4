from odoo import api, models


class OmsTrackingPage(models.AbstractModel):
    """The tracking pages lead to returns."""

    _inherit = "oms.tracking.page"

    @api.model
    def _besides(self, order, key):
        besides = super()._besides(order, key)
        if not order or not self.env["oms.return.page"]._is_offered(order):
            return besides
        # A parcel's link opens for neighbours too: they are asked for more than the link.
        url = f"/return/order/{key}" if key else "/return"
        returns = self.env["oms.return.page"]._returns(order) if key else []
        return besides | {"return_url": url, "return_number": order.name, "returns": returns}
