import logging

import psycopg2

from odoo.exceptions import ConcurrencyError, UserError

from ..stock_ledger import CONFLICTS
from .known import find_known

_logger = logging.getLogger(__name__)


class Store:
    """Stores drafts as sales orders of one company, in steps of ``work``."""

    def __init__(self, work, company_id, confirm):
        self.work = work
        self.company_id = company_id
        self.confirm = confirm

    def all(self, drafts):
        """Store some orders in one transaction; each in its own where that fails."""
        try:
            stored = self.work.run(lambda env: self._create(env, drafts))
        except Exception as caught:
            if isinstance(caught, CONFLICTS) and not self.work.keeps_what_is_done:
                raise
            problem = caught
        else:
            for draft, order in stored:
                draft.status, draft.order = "created", order
            return
        if len(drafts) > 1:
            for draft in drafts:
                if draft.is_open:
                    self.all([draft])
        elif drafts[0].is_open:
            self.work.run(lambda env: self._explain(env, drafts[0], problem))

    def _create(self, env, drafts):
        """Create, confirm and allocate orders, one after the other over the same stock.

        In a transaction of its own it meets nobody: all stock that may be needed is locked before
        any is read. Another call that brings the same orders waits there, and then finds them.

        :return: list of (draft, its order) for those that were not known
        """
        orders = env["sale.order"].with_context(
            allowed_company_ids=[self.company_id],
            oms_trigger="import",
            # Who sent it is on the order: no note of each change, no followers.
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )
        if self.confirm:
            unsaved = orders.concat(*(orders.new(draft.to_create) for draft in drafts))
            keys = unsaved._oms_ledger_keys()
            env.transaction.clear()
            env["oms.stock.ledger"].sudo()._enter(keys)
        find_known(env, env["res.company"].browse(self.company_id), drafts)
        drafts = [draft for draft in drafts if draft.is_open]
        created = orders.create([draft.to_create for draft in drafts])
        env["oms.payment"].sudo().create(
            [
                {"order_id": order.id, **payment}
                for order, draft in zip(created, drafts, strict=True)
                for payment in draft.values.get("payment", ())
            ]
        )
        if self.confirm:
            for order, draft in zip(created, drafts, strict=True):
                order.action_confirm()
                if "ordered_at" in draft.values:
                    order.date_order = draft.values["ordered_at"]
        return [
            (draft, {"id": order.id, "name": order.name})
            for order, draft in zip(created, drafts, strict=True)
        ]

    def _explain(self, env, draft, problem):
        """Say why an order could not be stored, or find it stored by another call."""
        if _is_stored_twice(problem):
            find_known(env, env["res.company"].browse(self.company_id), [draft])
            if draft.is_open:
                # It was stored after this transaction began, which will not see it.
                raise ConcurrencyError(env._("Another call stores the same order: try again."))
        elif isinstance(problem, (*CONFLICTS, ConcurrencyError)):
            draft.errors.append(
                env._("Too many others change the same stock at the moment: send it again.")
            )
        elif isinstance(problem, UserError):
            draft.errors.append(str(problem))
        else:
            _logger.error(
                "order %s could not be imported from '%s'", *reversed(draft.key), exc_info=problem
            )
            draft.errors.append(
                env._(
                    "An unexpected error; the server's log tells more. Nothing of this order was "
                    "kept."
                )
            )


def _is_stored_twice(problem):
    """Whether the database refused a second order of the same source and reference."""
    return (
        isinstance(problem, psycopg2.errors.UniqueViolation)
        and problem.diag.constraint_name == "sale_order_oms_external_reference_unique"
    )
