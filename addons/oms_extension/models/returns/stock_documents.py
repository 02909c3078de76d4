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
            returns._give_up_rest()
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

    def _prepare_merge_moves_distinct_fields(self):
        # Two reasons for returning one product are two moves.
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "oms_return_line_id",
            "oms_inspection_id",
        ]

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

    oms_refurbish_location_id = fields.Many2one(
        "stock.location", "To Refurbish", check_company=True, copy=False
    )
    oms_vendor_location_id = fields.Many2one(
        "stock.location", "To Return to Vendors", check_company=True, copy=False
    )
    oms_quarantine_location_id = fields.Many2one(
        "stock.location", "Quarantine", check_company=True, copy=False
    )

    def _oms_return_type(self):
        """The kind of transfer that brings returned goods in, whatever the steps of receipts."""
        self.ensure_one()
        back = self.out_type_id.return_picking_type_id
        return back if back.code == "incoming" else self.in_type_id

    def _oms_place_for(self, disposition):
        """The location below *Returns* for units of this disposition, made when first needed.

        :param disposition: ``refurbish``, ``vendor`` or ``quarantine``
        """
        self.ensure_one()
        warehouse = self.sudo()
        name = {
            "refurbish": self.env._("To Refurbish"),
            "vendor": self.env._("To Return to Vendors"),
            "quarantine": self.env._("Quarantine"),
        }[disposition]
        field = f"oms_{disposition}_location_id"
        if not warehouse[field]:
            warehouse[field] = warehouse[field].create(
                {
                    "name": name,
                    "location_id": warehouse._oms_return_location().id,
                    "usage": "internal",
                    "company_id": warehouse.company_id.id,
                    "barcode": f"{warehouse.code}-{disposition.upper()}",
                }
            )
        return warehouse[field]

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
