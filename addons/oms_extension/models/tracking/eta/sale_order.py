from datetime import UTC
from zoneinfo import ZoneInfo

import babel.dates

from odoo import models
from odoo.tools.misc import babel_locale_parse


class SaleOrder(models.Model):
    """Before a parcel leaves, the customer reads beside the promise when it will probably come."""

    _inherit = "sale.order"

    def _oms_portal_delivery(self):
        delivery = super()._oms_portal_delivery()
        for parcel in delivery["parcels"] if delivery else ():
            allocated = parcel.pop("allocated", None)
            if allocated and not parcel["due"]:
                parcel["due"] = self._oms_portal_estimate(allocated)
        return delivery

    def _oms_portal_estimate(self, allocated):
        """A sentence on what was learned; empty where only the promise is known."""
        if not allocated.eta_high_at:
            return ""
        partner = self.sudo().partner_shipping_id
        zone = ZoneInfo(partner.tz or allocated.warehouse_id.oms_tz or "UTC")
        locale = babel_locale_parse(self.env.context.get("lang"))
        likely, low, high = (
            babel.dates.format_skeleton(
                "MMMEd", moment.replace(tzinfo=UTC).astimezone(zone).date(), locale=locale
            )
            for moment in (allocated.eta_at, allocated.eta_low_at, allocated.eta_high_at)
        )
        if low == high:
            return self.env._("Our estimate: %(day)s.", day=likely)
        return self.env._(
            "Our estimate: %(day)s, between %(low)s and %(high)s.", day=likely, low=low, high=high
        )
