"""What the customer puts into the parcel, and onto it."""

import base64

from reportlab.graphics import renderSVG
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import fields, models
from odoo.exceptions import UserError

SLIP = "oms_extension.action_report_return_slip"


class OmsReturn(models.Model):
    _inherit = "oms.return"

    label_ids = fields.Many2many(
        "ir.attachment", string="Labels", compute="_compute_label_ids", compute_sudo=True
    )

    def _compute_label_ids(self):
        """Labels that the carrier's integration made, on the transfers of the way back."""
        for one in self:
            pickings = one.picking_ids
            one.label_ids = pickings.return_label_ids if pickings else False

    def action_slip(self):
        """Print the slip."""
        return self.env.ref(SLIP).report_action(self)

    def _slip_pdf(self):
        """The slip as bytes of a PDF."""
        self.ensure_one()
        pdf, _kind = self.env["ir.actions.report"].sudo()._render_qweb_pdf(SLIP, self.ids)
        return pdf

    def action_label(self):
        """Get the carrier's label for the way back, once; where the carrier makes none, the slip
        carries the address.

        :raise UserError: no goods are awaited
        """
        self.ensure_one()
        self.check_access("write")
        if self._make_label():
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.label_ids[:1].id}?download=true",
                "target": "new",
            }
        return self.action_slip()

    def _make_label(self):
        """Ask Odoo's own integration of the carrier for a label; whether there is one.

        A label costs money: it is asked for when somebody wants it, and never twice.
        """
        self.ensure_one()
        if self.label_ids:
            return True
        picking = self._open_pickings()[:1]
        if not picking:
            raise UserError(self.env._("No goods of %s are awaited.", self.name))
        carrier = picking.carrier_id or self._label_carrier()
        if not carrier.can_generate_return:
            return False
        picking.carrier_id = carrier
        carrier.get_return_label(picking)
        self.invalidate_recordset(["label_ids"])
        return bool(self.label_ids)

    def _label_carrier(self):
        """The service that brought the goods, if it takes them back, too."""
        self.ensure_one()
        sent = self.line_ids.order_line_id.sudo().move_ids.picking_id.carrier_id
        return (sent | self.order_id.sudo().carrier_id).filtered("can_generate_return")[:1]

    def _barcode(self, symbology, **sizes):
        """The number as an image that needs no raster library: a data URI of an SVG."""
        self.ensure_one()
        drawing = createBarcodeDrawing(symbology, value=self.name, **sizes)
        svg = renderSVG.drawToString(drawing)
        return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()

    def _slip_address(self):
        """Where the parcel goes."""
        self.ensure_one()
        return self.warehouse_id.sudo().partner_id or self.company_id.sudo().partner_id
