"""From request to done. Receipt (``goods.py``) and refund (``money/``) go their own ways."""

from odoo import fields, models
from odoo.exceptions import UserError

from .order_return import OPEN


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def action_approve(self):
        self.check_access("write")
        self._approve("person")

    def _approve(self, by):
        """Accept the request: say where the goods go, and await them.

        :param by: ``policy`` or ``person``
        """
        self._check_state(("requested",), self.env._("Only a requested return can be approved."))
        for one in self:
            one.sudo().write(
                {
                    "state": "approved",
                    "approved_at": fields.Datetime.now(),
                    "approved_by": by,
                    "refusal": False,
                }
            )
        self._await_goods()
        self._on_approved()
        self._progress()

    def _on_approved(self):
        """What approval entails. Each part of the room adds its own."""

    def _on_received(self):
        """What it entails that goods came in. Each part of the room adds its own."""

    def action_reject(self, reason=False):
        """Refuse the request. What was announced may be asked for again."""
        self.check_access("write")
        self._check_state(
            ("requested", "approved"), self.env._("Goods that came in cannot be refused any more.")
        )
        self._check_nothing_received()
        self._stop_awaiting()
        self.sudo().write({"state": "rejected"} | ({"refusal": reason} if reason else {}))

    def action_cancel(self):
        """Give the return up. What came in or was paid back stays, and forbids it."""
        self.check_access("write")
        self._check_state(OPEN, self.env._("This return is closed already."))
        self._check_nothing_received()
        self._stop_awaiting()
        self.sudo().state = "cancelled"

    def action_reopen(self):
        """Take up a rejected, cancelled or finished return again.

        :raise UserError: the customer has announced these units elsewhere meanwhile
        """
        self.check_access("write")
        self._check_state(
            ("rejected", "cancelled", "done"), self.env._("This return is open already.")
        )
        for one in self:
            if one.state == "done":
                one.sudo().write({"state": "approved", "done_at": False})
                one._await_goods()
                one._progress()
                continue
            one.line_ids.order_line_id._oms_take_turn()
            one._check_returnable(
                one.line_ids.order_line_id,
                [
                    {
                        "order_line": line.order_line_id,
                        "product": line.product_id,
                        "quantity": line.quantity,
                    }
                    for line in one.line_ids
                    if line.order_line_id
                ],
            )
            one.sudo().write({"state": "requested", "approved_by": False, "approved_at": False})

    def action_close(self):
        """Finish with what came: nothing more is awaited."""
        self.check_access("write")
        self._check_state(
            ("approved", "received"), self.env._("Only an approved return can be closed.")
        )
        self._stop_awaiting()
        for one in self:
            one.sudo().write(
                {
                    "state": "received" if one.money_state in ("due", "partial") else "done",
                    "received_at": one.received_at or fields.Datetime.now(),
                }
            )
        self._progress()

    def _progress(self):
        """Go on to received, and to done, where the goods and the money are settled."""
        now = fields.Datetime.now()
        for one in self:
            if one.state == "approved" and one.receipt_state in ("none", "received"):
                one.sudo().write({"state": "received", "received_at": one.received_at or now})
            if one.state == "received" and one.money_state in ("none", "settled"):
                one.sudo().write({"state": "done", "done_at": now})

    def _check_state(self, allowed, problem):
        if any(one.state not in allowed for one in self):
            raise UserError(problem)

    def _check_nothing_received(self):
        for one in self:
            if any(one.line_ids.mapped("received_qty")):
                raise UserError(
                    self.env._(
                        "Some goods of %s came in already: close it instead, with what came.",
                        one.name,
                    )
                )
            if one.refund_ids.filtered(lambda move: move.state == "posted"):
                raise UserError(
                    self.env._("Money of %s was paid back already: close it instead.", one.name)
                )
