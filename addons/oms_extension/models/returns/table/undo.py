"""The last unit was a mistake: it was not received after all."""

from odoo import api, models
from odoo.exceptions import UserError


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    def table_undo(self, return_id, unit_id):
        """Take back the last unit of a return; a unit taken back already stays so.

        :return: the return, see :meth:`_table_data`
        :raise UserError: it is not the last one, or money was paid back for it
        """
        one = self._at_table(return_id)
        one._take_table_turn()
        units = self.env["oms.return.inspection"].sudo().with_context(active_test=False)
        unit = units.search([("return_id", "=", one.id), ("id", "=", unit_id)])
        if not unit:
            raise UserError(self.env._("This unit is not known here."))
        if unit.active:
            if unit != one.inspection_ids.sorted("id")[-1:]:
                raise UserError(self.env._("Only the last unit can be taken back."))
            unit._take_back()
        return one._table_data()


class OmsReturnInspection(models.Model):
    _inherit = "oms.return.inspection"

    def _take_back(self):
        """As if the unit had not come; the row stays on record, archived."""
        self.ensure_one()
        one = self.return_id
        received = self.move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "customer"
        )
        counts = received.filtered("oms_return_line_id")
        if counts and (
            one.refund_ids.filtered(lambda note: note.state == "posted")
            or one.exchange_ids.filtered(lambda order: order.state == "sale")
        ):
            raise UserError(
                self.env._(
                    "Money or goods went back to the customer already: ask customer service."
                )
            )
        self._back_to(received)
        # Odoo's own way of correcting a done transfer: the goods are with the customer again.
        for line in received.move_line_ids:
            line.quantity = 0
        self.active = False
        self.env["oms.exception"].search(
            [("cause_key", "=", f"return-unit-{self.id}"), ("state", "!=", "closed")]
        )._close_solved()
        if counts:
            if one.state in ("received", "done"):
                one.write({"state": "approved", "received_at": False, "done_at": False})
            one._await_goods()

    def _back_to(self, received):
        """Move the units to where they were before they were put away."""
        if not self.last_move_ids or self.last_move_ids <= received:
            return
        contents = self._contents()
        self._fetch_back()
        self._check_there(contents)
        places = received.move_line_ids.location_dest_id or (
            self.move_ids.move_line_ids.sorted("id")[:1].location_id
        )
        back = [(*content, places[:1]) for content in contents if content[-1] != places[:1]]
        if back:
            self._move(back)
        self.last_move_ids = False
