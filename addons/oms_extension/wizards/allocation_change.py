from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.allocation.board_view import board_view
from ..models.allocation.by_hand import Board


class OmsAllocationChange(models.TransientModel):
    """A person changes which warehouse ships what, sees what that costs, and says why."""

    _name = "oms.allocation.change"
    _description = "Change an Allocation by Hand"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    is_quotation = fields.Boolean(compute="_compute_is_quotation")
    cells = fields.Json(
        help="Units by line and warehouse: list of {line, warehouse, quantity, locked}."
    )
    redecide = fields.Boolean(
        "Decide the rest again",
        help="The policy decides anew about the units that are not locked. "
        "Otherwise they stay where they are.",
    )
    reason = fields.Char(help="Kept with the change, for whoever asks why.")
    board = fields.Json(compute="_compute_board")
    can_apply = fields.Boolean(compute="_compute_board")

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        order = self.env["sale.order"].browse(values.get("order_id"))
        if order and "cells" in names:
            board = Board(order)
            values["cells"] = plain_cells(board.cells())
            values["redecide"] = board.is_quotation
        return values

    @api.depends("order_id.state")
    def _compute_is_quotation(self):
        for change in self:
            change.is_quotation = change.order_id.state != "sale"

    @api.depends("order_id", "cells", "redecide")
    def _compute_board(self):
        for change in self:
            view = False
            if change.order_id:
                board = Board(change.order_id)
                cells = board.read(change.cells or [])
                view = board_view(board, cells, change._redecides(board))
            change.board = view
            change.can_apply = bool(view and view["changed"])

    def _redecides(self, board):
        """What is not locked on a quotation is decided on confirmation, whatever a person wants."""
        return self.redecide or board.is_quotation

    def action_apply(self):
        """Put the change in force, or keep it for the confirmation of a quotation.

        :raise UserError: no reason is given, or the change is impossible.
        """
        self.ensure_one()
        order = self.order_id
        order.check_access("write")
        order._oms_check_changeable()
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Say why you change the allocation: the reason is kept with it.")
            )
        order._oms_enter_ledger()
        board = Board(order)
        cells = board.read(self.cells or [])
        redecide = self._redecides(board)
        plan, problems = board.plan(cells, redecide)
        if problems:
            raise UserError("\n".join(problems))
        if board.is_changed(board.outcome(cells, plan) if redecide else cells):
            order._oms_change_by_hand(board, cells, redecide, self.reason.strip())
        return {"type": "ir.actions.act_window_close"}


def plain_cells(cells):
    """Cells of a board as the field ``cells`` keeps them."""
    return [
        {
            "line": line,
            "warehouse": warehouse_id,
            "quantity": cell.quantity,
            "locked": cell.locked,
        }
        for (line, warehouse_id), cell in cells.items()
    ]
