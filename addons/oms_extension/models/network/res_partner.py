from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _oms_coordinates(self):
        return {
            partner.id: (partner.partner_latitude, partner.partner_longitude, "address")
            for partner in self
            if partner.partner_latitude or partner.partner_longitude
        }
