"""What is still to be taken into the figures: noted where it happens, in the same transaction."""

from odoo import api, fields, models

PARCEL_FIELDS = {
    *("cost", "carrier_id", "oms_carrier_id", "promised_at", "delivered_at", "state", "lane_id"),
    *("country_id", "country_state_id", "picking_id", "package_id", "direction"),
}
RETURN_FIELDS = {"state", "fee", "way", "received_at", "requested_at", "order_id", "company_id"}
LINE_FIELDS = {
    *("order_line_id", "product_id", "quantity", "lot_id", "shipment_id", "reason_id", "cause_id"),
    *("outcome", "keep", "refund_amount", "return_id"),
}


class OmsReturnChange(models.Model):
    """A transfer or a return that changed since the figures were prepared."""

    _name = "oms.return.change"
    _description = "Change Not Yet in the Return Figures"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    picking_id = fields.Many2one("stock.picking", ondelete="cascade", index="btree_not_null")
    return_id = fields.Many2one("oms.return", ondelete="cascade", index="btree_not_null")

    @api.model
    def _note(self, changed):
        """Note that these transfers to customers, or returns, are to be looked at again."""
        changed = changed.sudo().exists()
        if not changed:
            return
        column = "picking_id" if changed._name == "stock.picking" else "return_id"
        # Who only adds rows waits for nobody; what is noted twice is worked off once.
        self.env.cr.execute(
            f"INSERT INTO oms_return_change (company_id, {column}) "
            f"SELECT company_id, id FROM {changed._table} WHERE id = ANY(%s)",
            [changed.ids],
        )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        done = self.exists().filtered(lambda picking: picking.state == "done")
        if done:
            done.flush_recordset(["company_id"])
            changes = self.env["oms.return.change"]
            changes._note(
                done.filtered(
                    lambda picking: "customer" in picking.move_ids.location_dest_id.mapped("usage")
                )
            )
            changes._note(done.sudo().oms_return_id)
        return result


class OmsShipment(models.Model):
    _inherit = "oms.shipment"

    def write(self, vals):
        result = super().write(vals)
        if not PARCEL_FIELDS.isdisjoint(vals):
            self._note_for_returns()
        return result

    def _follow(self):
        result = super()._follow()
        self.filtered(
            lambda one: one.finished or one.delivered_at or one.state in ("damaged", "returning")
        )._note_for_returns()
        return result

    def _note_for_returns(self):
        pickings = self.sudo().picking_id
        changes = self.env["oms.return.change"]
        changes._note(pickings.filtered(lambda one: one.state == "done" and not one.oms_return_id))
        changes._note(pickings.oms_return_id)


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model_create_multi
    def create(self, vals_list):
        returns = super().create(vals_list)
        self.env["oms.return.change"]._note(returns)
        return returns

    def write(self, vals):
        result = super().write(vals)
        if not RETURN_FIELDS.isdisjoint(vals):
            self.env["oms.return.change"]._note(self)
        return result


class OmsReturnPart(models.AbstractModel):
    """A record of a return's: what is added to it or taken from it changes the figures."""

    _name = "oms.return.part"
    _description = "Part of a Return"

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        self.env["oms.return.change"]._note(made.return_id)
        return made

    def unlink(self):
        returns = self.return_id
        result = super().unlink()
        self.env["oms.return.change"]._note(returns)
        return result


class OmsReturnLine(models.Model):
    _name = "oms.return.line"
    _inherit = ["oms.return.line", "oms.return.part"]

    def write(self, vals):
        returns = self.return_id
        result = super().write(vals)
        if not LINE_FIELDS.isdisjoint(vals):
            self.env["oms.return.change"]._note(returns | self.return_id)
        return result


class OmsReturnInspection(models.Model):
    _name = "oms.return.inspection"
    _inherit = ["oms.return.inspection", "oms.return.part"]

    def write(self, vals):
        result = super().write(vals)
        self.env["oms.return.change"]._note(self.return_id)
        return result
