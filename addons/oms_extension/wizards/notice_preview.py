from odoo import api, fields, models

from ..models.tracking.tell.notice import KIND_NAMES

# A parcel in this state has the most to tell; any other will do.
LIKELY_STATES = {
    "shipped": ("picked_up", "in_transit"),
    "delay": ("delayed", "in_transit"),
}


class OmsNoticePreview(models.TransientModel):
    """A message as a customer would get it about a parcel, in any language. Nothing is sent."""

    _name = "oms.notice.preview"
    _description = "Preview of a Message to the Customer"

    kind = fields.Selection(KIND_NAMES, "Message", required=True, default="shipped")
    shipment_id = fields.Many2one(
        "oms.shipment",
        "About",
        compute="_compute_shipment_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('direction', '=', 'outbound')]",
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
    )
    email_to = fields.Char("To", compute="_compute_mail")
    subject = fields.Char(compute="_compute_mail")
    body = fields.Html(compute="_compute_mail", sanitize=False)

    @api.depends("kind")
    def _compute_shipment_id(self):
        shipments = self.env["oms.shipment"]
        outbound = [("direction", "=", "outbound"), ("company_id", "=", self.env.company.id)]
        for preview in self:
            states = LIKELY_STATES.get(preview.kind, (preview.kind,))
            likely = shipments.search([*outbound, ("state", "in", states)], limit=1)
            preview.shipment_id = (
                likely or preview.shipment_id or shipments.search(outbound, limit=1)
            )

    @api.depends("shipment_id")
    def _compute_lang(self):
        for preview in self:
            preview.lang = (
                preview.shipment_id and preview.shipment_id.sudo().mail_language()
            ) or self.env.lang

    @api.depends("kind", "shipment_id", "lang")
    def _compute_mail(self):
        for preview in self:
            template = self.env["oms.shipment.notice"]._template_of(preview.kind or "shipped")
            preview.email_to = preview.subject = preview.body = False
            if template and preview.shipment_id:
                preview._render(template.sudo())

    def _render(self, template):
        shipment = self.shipment_id._origin
        shipment.check_access("read")
        speaking = template.with_context(template_preview_lang=self.lang, lang=self.lang)
        fields_ = ("subject", "body_html", "email_to")
        values = speaking._generate_template([shipment.id], fields_)[shipment.id]
        self.email_to = values.get("email_to")
        self.subject = values["subject"]
        self.body = speaking._render_encapsulate(
            template.email_layout_xmlid,
            values["body_html"],
            add_context={"company": shipment.company_id, "lang": self.lang},
            context_record=shipment.sudo().with_context(lang=self.lang),
        )
