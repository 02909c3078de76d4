from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Changing an order's allocation by hand."""

    _inherit = "sale.order"

    def action_oms_change_by_hand(self):
        """Open the board on which a person moves units between warehouses."""
        self.ensure_one()
        self._oms_check_changeable()
        if not self.env["oms.decision"]._needs(self, free=True):
            raise UserError(self.env._("Nothing in this order has to be allocated."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the allocation of %s", self.name),
            "res_model": "oms.allocation.change",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "dialog_size": "extra-large"},
        }

    def _oms_check_changeable(self):
        """:raise UserError: allocations of this order are fixed."""
        self.ensure_one()
        if self.state not in ("draft", "sent", "sale"):
            raise UserError(self.env._("%s is cancelled: nothing is allocated.", self.name))
        if self.locked:
            raise UserError(self.env._("%s is locked. Unlock it first.", self.name))

    def _oms_change_by_hand(self, board, cells, redecide, reason):
        """Keep what a person decided: who, why, and what it costs more.

        A confirmed order follows at once; a quotation keeps the locked units for its confirmation.

        :param board: :class:`by_hand.Board`, ``cells`` of which have no problems.
        """
        self.ensure_one()
        snapshot, decision = board.decision(cells, redecide)
        hand_locks = board.hand_locks(cells)
        gain = board.before.total - decision.plan.total
        decisions = self.env["oms.decision"]
        if self.state == "sale":
            decisions._commit(
                self,
                board.needs,
                snapshot,
                decision,
                "manual",
                board.policy,
                reason,
                hand_locks=hand_locks,
                gain=gain,
            )
            self._oms_carry_out()
            return
        self._oms_current_allocations().write({"state": "superseded"})
        decisions._record(
            self,
            board.needs,
            snapshot,
            decision,
            hand_locks,
            state="proposed",
            trigger="manual",
            policy_id=board.policy.id,
            policy_version=board.policy.version,
            reason=reason,
            gain=gain,
        )
