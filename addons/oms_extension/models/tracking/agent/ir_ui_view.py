from odoo import fields, models


class IrUiView(models.Model):
    """A view that shows parcels over the world: ``<oms_map/>``."""

    _inherit = "ir.ui.view"

    type = fields.Selection(selection_add=[("oms_map", "Map")])

    def _get_view_info(self):
        return {"oms_map": {"icon": "fa fa-globe"}} | super()._get_view_info()


class IrActionsActWindowView(models.Model):
    _inherit = "ir.actions.act_window.view"

    view_mode = fields.Selection(
        selection_add=[("oms_map", "Map")], ondelete={"oms_map": "cascade"}
    )
