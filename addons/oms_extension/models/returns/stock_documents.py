from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    oms_return_id = fields.Many2one("oms.return", "Return", index="btree_not_null", copy=False)

    def _create_backorder_picking(self):
        """What is still to come belongs to the same return."""
        backorder = super()._create_backorder_picking()
        backorder.oms_return_id = self.oms_return_id
        return backorder

    def _action_done(self):
        result = super()._action_done()
        came_in = self.exists().filtered(
            lambda picking: picking.state == "done" and picking.location_id.usage == "customer"
        )
        returns = came_in.sudo().oms_return_id
        if returns:
            returns._on_received()
            returns._progress()
        return result


class StockMove(models.Model):
    _inherit = "stock.move"

    oms_return_line_id = fields.Many2one(
        "oms.return.line", "Returned Goods", index="btree_not_null", copy=False
    )
    oms_inspection_id = fields.Many2one(
        "oms.return.inspection", "Inspection", index="btree_not_null", copy=False
    )

    def _prepare_move_split_vals(self, qty):
        """What is still to come of an announced return stays announced."""
        return super()._prepare_move_split_vals(qty) | {
            "oms_return_line_id": self.oms_return_line_id.id
        }


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    oms_takes_returns = fields.Boolean("Takes Returns", default=True)
    oms_return_location_id = fields.Many2one(
        "stock.location",
        "Returns",
        check_company=True,
        copy=False,
        help="Where returned goods stand until somebody has looked at them. Not for sale.",
    )

    def _oms_return_location(self):
        """The place for returned goods, made when it is first needed."""
        self.ensure_one()
        if not self.oms_return_location_id:
            self.sudo().oms_return_location_id = self.sudo().oms_return_location_id.create(
                {
                    "name": self.env._("Returns"),
                    "location_id": self.view_location_id.id,
                    "usage": "internal",
                    "company_id": self.company_id.id,
                    "barcode": f"{self.code}-RETURNS",
                }
            )
        return self.oms_return_location_id


class AccountMove(models.Model):
    _inherit = "account.move"

    oms_return_id = fields.Many2one("oms.return", "Return", index="btree_not_null", copy=False)
