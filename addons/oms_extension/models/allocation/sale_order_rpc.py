from odoo import api, models
from odoo.exceptions import UserError

from .answer import Answer, about


class SaleOrder(models.Model):
    """What other programs may ask about the allocation of an order, see ``docs/api.md``."""

    _inherit = "sale.order"

    @api.readonly
    def oms_preview_allocation(self, policy=None):
        """How these orders would be allocated now. Changes nothing.

        :param str policy: code of a sourcing policy; by default the one that fits each order
        :return: list with one dict per order: ``order`` (id), ``name``, ``state``, ``policy``
            (code), ``currency``, ``plan`` (parcels, missing units, cost, total, reason; false where
            nothing has to be allocated), ``alternatives``, ``cards``, ``begun``, ``reason``
        :raise UserError: the policy is unknown
        :raise AccessError: the user may not see an order, or no sourcing policies
        """
        self._oms_check_allocation_access("read")
        answers = []
        for order in self:
            chosen, decided = order._oms_decide(policy)
            answers.append(order._oms_answer(chosen, decided))
        return answers

    def oms_allocate(self, policy=None):
        """Allocate these confirmed orders now and move what no warehouse has begun.

        :param str policy: as in :meth:`oms_preview_allocation`
        :return: as :meth:`oms_preview_allocation`, of what is now in force
        :raise UserError: the policy is unknown, or an order is not confirmed or is locked
        :raise AccessError: the user may not change an order
        """
        self._oms_check_allocation_access("write")
        self._oms_enter_ledger()
        for order in self:
            if order.state != "sale" or order.locked:
                raise UserError(
                    self.env._(
                        "%(order)s cannot be allocated: only confirmed orders that are not locked "
                        "can. Confirm or unlock it first.",
                        order=order.name,
                    )
                )
        answers = []
        for order in self:
            chosen, decided = order._oms_decide(policy)
            if decided:
                order._oms_put_in_force(*decided, trigger="reallocate", policy=chosen)
                order._oms_carry_out()
            answers.append(order._oms_answer(chosen, decided))
        return answers

    def _oms_check_allocation_access(self, operation):
        """Raise where the user may not see or change these orders, or is a customer: costs and
        warehouses are none of a customer's business.
        """
        self.check_access(operation)
        self.env["oms.policy"].check_access("read")

    def _oms_decide(self, policy_code):
        """(policy, what :meth:`oms.decision._decide` returns) for one order."""
        self.ensure_one()
        policy = self.env["oms.policy"]._for_order(self, policy_code)
        if self.state == "cancel":
            return policy, None
        return policy, self.env["oms.decision"]._decide(self, policy, free=True)

    def _oms_answer(self, policy, decided):
        return Answer(self, policy, *decided).as_dict() if decided else about(self, policy)
