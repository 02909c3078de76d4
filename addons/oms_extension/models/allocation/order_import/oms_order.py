import time
from collections import Counter, defaultdict

from odoo import api, http, models
from odoo.exceptions import UserError
from odoo.tools import config

from .customers import Customers
from .draft import Draft
from .known import find_known
from .lookup import Lookup
from .reader import Reader, shown
from .sale_values import sale_values
from .store import Store
from .work import transactions

MAX_ORDERS = 2000
LOOKED_UP_TOGETHER = 200
STORED_TOGETHER = 10
"""More would be faster still, but others who want the same stock wait for the whole lot."""
SHARE_OF_TIME = 0.75


class OmsOrder(models.AbstractModel):
    """Orders as other programs see them."""

    _name = "oms.order"
    _description = "Orders of Other Programs"

    @api.model
    def import_orders(self, orders, confirm=True):
        """Store orders of another program, confirm them and allocate them.

        Each order stands alone: it is stored whole or not at all, whatever becomes of the others.
        An order whose source and reference are known is left as it is, so that a call that failed
        half-way, or got no answer, can simply be repeated.

        :param list orders: at most 2,000 objects, see ``docs/api.md``
        :param bool confirm: leave them as quotations when false
        :return: list with one dict per order, in the same order: ``reference``, ``source``,
            ``status`` (``created``, ``unchanged`` or ``rejected``), ``id`` and ``name`` of the
            sales order (false when rejected), ``errors`` (list of sentences)
        :raise UserError: ``orders`` is not a list, or too long
        :raise AccessError: the user may not create sales orders
        """
        self.env["sale.order"].check_access("create")
        drafts = self._read(orders)
        groups = self._groups(drafts)
        time_is_up = _stopwatch()
        with transactions(self.env) as work:
            for company_id, group in groups:
                for chunk in batched(group, LOOKED_UP_TOGETHER):
                    if not time_is_up():
                        self._resolve(work, company_id, chunk)
                    store = Store(work, company_id, confirm)
                    for part in batched([one for one in chunk if one.is_open], STORED_TOGETHER):
                        if time_is_up():
                            self._postpone(part)
                        else:
                            store.all(part)
        return [draft.answer() for draft in drafts]

    # --- reading ---------------------------------------------------------------------------------

    def _read(self, orders):
        if not isinstance(orders, list | tuple):
            raise UserError(self.env._("Send a list of orders, even for a single one."))
        if len(orders) > MAX_ORDERS:
            raise UserError(
                self.env._(
                    "%(count)s orders are too many for one call: send at most %(limit)s at a time.",
                    count=len(orders),
                    limit=MAX_ORDERS,
                )
            )
        drafts = []
        for data in orders:
            reader = Reader(self.env)
            drafts.append(Draft(reader.order(data), reader.errors))
        return drafts

    def _groups(self, drafts):
        """(company id, drafts) to be stored one group after the other.

        A reference that occurs again goes to a later group, where it will be found as known.
        """
        companies = self.env.user.company_ids
        groups, seen = defaultdict(list), Counter()
        for draft in drafts:
            wanted = draft.values.get("company")
            company = (
                companies.filtered(lambda one, wanted=wanted: wanted in (one.id, one.name))[:1]
                if wanted
                else self.env.company
            )
            if not company:
                draft.errors.append(
                    self.env._(
                        "company: %(company)s is not a company you may work for. Yours: %(known)s.",
                        company=shown(wanted),
                        known=", ".join(companies.mapped("name")),
                    )
                )
            else:
                groups[seen[company, draft.key], company.id].append(draft)
                seen[company, draft.key] += draft.is_open
        return [(company_id, group) for (_round, company_id), group in sorted(groups.items())]

    def _postpone(self, drafts):
        for draft in drafts:
            draft.errors.append(
                self.env._("The time for one call was used up before this order: send it again.")
            )

    # --- looking up ------------------------------------------------------------------------------

    def _resolve(self, work, company_id, drafts):
        """Find what the orders name, and make the customers they need."""

        def step(env):
            company = env["res.company"].browse(company_id)
            # Two calls that bring the same new customer must not make two of him.
            env.cr.execute(
                "SELECT set_config('lock_timeout', '15s', true), "
                "pg_advisory_xact_lock(hashtext('oms.order customers'), %s)",
                [company_id],
            )
            find_known(env, company, drafts)
            new = [draft for draft in drafts if not draft.status]
            lookup = Lookup(env, company, [draft.values for draft in new])
            found = [(draft, *sale_values(lookup, draft.values)) for draft in new]
            buyers = [draft for draft, _values, errors in found if draft.is_open and not errors]
            parties = Customers(lookup.env, company, lookup.place).resolve(
                [draft.values for draft in buyers]
            )
            return found, dict(zip(map(id, buyers), parties, strict=True))

        found, parties = work.run(step, newest=True)
        for draft, values, errors in found:
            draft.errors += errors
            if draft.is_open:
                one = parties[id(draft)]
                draft.errors += one.errors
                draft.to_create = values | {
                    "partner_id": one.customer,
                    "partner_shipping_id": one.shipping,
                    "partner_invoice_id": one.billing,
                }


def batched(items, size):
    """Lists of at most ``size`` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _stopwatch():
    """Whether a call has used up most of what Odoo's limits grant a request before killing it."""
    started, used = time.monotonic(), time.process_time()
    real = config["limit_time_real"] if http.request else 0
    cpu = config["limit_time_cpu"] if http.request and config["workers"] else 0

    def is_up():
        return bool(
            (real and time.monotonic() - started > SHARE_OF_TIME * real)
            or (cpu and time.process_time() - used > SHARE_OF_TIME * cpu)
        )

    return is_up
