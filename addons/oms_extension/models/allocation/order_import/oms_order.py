import logging
import time
from dataclasses import dataclass, field

import psycopg2

from odoo import api, fields, http, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tools import config, plaintext2html

from ..stock_ledger import CONFLICTS
from .customers import Customers
from .lookup import Lookup
from .reader import Reader, shown
from .work import transactions

_logger = logging.getLogger(__name__)

MAX_ORDERS = 2000
CHUNK = 200


@dataclass
class Draft:
    """One order of a call, on its way to an answer.

    :ivar values: what was sent, see ``reader.ORDER``.
    :ivar to_create: field values of the sales order, once everything it names was found.
    """

    values: dict
    errors: list = field(default_factory=list)
    to_create: dict | None = None
    status: str = ""
    order: dict = field(default_factory=dict)

    @property
    def is_open(self):
        return not self.status and not self.errors

    @property
    def key(self):
        """What makes two orders of a company the same one."""
        return self.values.get("source", ""), self.values["reference"]

    def answer(self):
        """What the caller learns."""
        return {
            "reference": self.values.get("reference", ""),
            "source": self.values.get("source", ""),
            "status": "rejected" if self.errors else self.status,
            "id": self.order.get("id", False),
            "name": self.order.get("name", False),
            "errors": self.errors,
        }


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
        chunks = [
            (company_id, group[start : start + CHUNK])
            for company_id, group in self._by_company(drafts).items()
            for start in range(0, len(group), CHUNK)
        ]
        time_is_up = _stopwatch()
        stored = {}
        with transactions(self.env) as work:
            for company_id, chunk in chunks:
                if not time_is_up():
                    self._resolve(work, company_id, chunk)
                for draft in filter(lambda one: one.is_open, chunk):
                    if time_is_up():
                        self._postpone(draft)
                    elif (key := (company_id, *draft.key)) in stored:
                        draft.status, draft.order = "unchanged", stored[key]
                    else:
                        self._store_one(work, company_id, draft, confirm)
                        if draft.status:
                            stored[key] = draft.order
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

    def _by_company(self, drafts):
        """dict company id → drafts, of the companies the user may work for."""
        companies = self.env.user.company_ids
        groups = {}
        for draft in drafts:
            wanted = draft.values.get("company")
            company = self.env.company
            if wanted:
                company = companies.filtered(
                    lambda one, wanted=wanted: wanted in (one.id, one.name)
                )[:1]
            if not company:
                draft.errors.append(
                    self.env._(
                        "company: %(company)s is not a company you may work for. Yours: %(known)s.",
                        company=shown(wanted),
                        known=", ".join(companies.mapped("name")),
                    )
                )
            groups.setdefault(company.id, []).append(draft)
        return groups

    def _postpone(self, draft):
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
            self._find_known(env, company, drafts)
            whole = [draft for draft in drafts if draft.is_open]
            lookup = Lookup(env, company, [draft.values for draft in whole])
            found = [(draft, *self._sale_values(lookup, draft.values)) for draft in whole]
            buyers = [draft for draft, _values, errors in found if not errors]
            parties = Customers(lookup.env, company, lookup.place).resolve(
                [draft.values for draft in buyers]
            )
            return found, dict(zip(map(id, buyers), parties, strict=True))

        if not any(draft.is_open for draft in drafts):
            return
        found, parties = work.run(step, newest=True)
        for draft, values, errors in found:
            draft.errors += errors
            if not errors:
                one = parties[id(draft)]
                draft.errors += one.errors
                draft.to_create = values | {
                    "partner_id": one.customer,
                    "partner_shipping_id": one.shipping,
                    "partner_invoice_id": one.billing,
                }

    def _find_known(self, env, company, drafts):
        """Answer for the orders that are stored already."""
        by_reference = {}
        for draft in drafts:
            if draft.is_open:
                by_reference.setdefault(draft.key, []).append(draft)
        orders = env["sale.order"].with_context(allowed_company_ids=company.ids)
        known = orders.sudo().search_fetch(
            [
                ("company_id", "=", company.id),
                ("oms_external_reference", "in", [reference for _source, reference in by_reference]),
            ],
            ["name", "oms_source", "oms_external_reference"],
        )
        visible = orders.search([("id", "in", known.ids)]) if known else known
        for order in known:
            key = (order.oms_source or "", order.oms_external_reference)
            for draft in by_reference.get(key, ()):
                if order in visible:
                    draft.status = "unchanged"
                    draft.order = {"id": order.id, "name": order.name}
                else:
                    draft.errors.append(
                        self.env._(
                            "This reference belongs to an order that you may not see. "
                            "Ask for access to it, or use another source."
                        )
                    )

    @api.model
    def _sale_values(self, lookup, sent):
        """(field values of a sales order without its customer, errors)"""
        errors = []

        def found(name, finder, *args):
            record, error = finder(sent[name], *args) if name in sent else (None, None)
            if error:
                errors.append(f"{name}: {error}")
            return record.id if record else False

        values = {
            "company_id": lookup.company.id,
            "oms_source": sent.get("source", False),
            "oms_external_reference": sent["reference"],
            "client_order_ref": sent["reference"],
            "carrier_id": found("carrier", lookup.carrier),
            "oms_policy_id": found("policy", lookup.policy),
            "date_order": sent.get("ordered_at") or fields.Datetime.now(),
            "commitment_date": sent.get("requested_date", False),
        }
        if "channel" in sent:
            values["team_id"] = found("channel", lookup.channel)
        if "pricelist" in sent or "currency" in sent:
            pricelist, error = lookup.pricelist(sent.get("pricelist"), sent.get("currency"))
            if error:
                errors.append(f"currency: {error}")
            values["pricelist_id"] = pricelist.id if pricelist else False
        if "note" in sent:
            values["note"] = plaintext2html(sent["note"])
        if lookup.env.user.has_group("oms_extension.group_integrator"):
            # Nobody sold it: the account of a program is no salesperson.
            values["user_id"] = False
        values["order_line"] = self._line_values(lookup, sent, errors)
        if "shipping_price" in sent:
            values["order_line"].append(self._shipping_line(lookup, sent, values, errors))
        return values, errors

    def _line_values(self, lookup, sent, errors):
        commands = []
        for at, line in enumerate(sent["lines"]):
            product, error = lookup.product(line["sku"])
            if error:
                errors.append(f"lines[{at}].sku: {error}")
                continue
            values = {"product_id": product.id, "product_uom_qty": line["quantity"]}
            if "unit_price" in line:
                # No price list's price is negative: so Odoo sees that somebody set this one, and
                # keeps it when the quantity changes.
                values |= {"price_unit": line["unit_price"], "technical_price_unit": -1.0}
            if "discount" in line:
                values["discount"] = line["discount"]
            if "description" in line:
                values["name"] = line["description"]
            commands.append(Command.create(values))
        return commands

    def _shipping_line(self, lookup, sent, values, errors):
        if not values["carrier_id"]:
            errors.append(
                self.env._("shipping_price: name the carrier as well, whose product it is sold as.")
            )
            return Command.create({})
        carrier = lookup.env["delivery.carrier"].browse(values["carrier_id"])
        return Command.create(
            {
                "product_id": carrier.product_id.id,
                "name": carrier.name,
                "product_uom_qty": 1,
                "price_unit": sent["shipping_price"],
                "technical_price_unit": -1.0,
                "is_delivery": True,
                "sequence": 1000,
            }
        )

    # --- storing ---------------------------------------------------------------------------------

    def _store_one(self, work, company_id, draft, confirm):
        try:
            draft.order = work.run(lambda env: self._store(env, company_id, draft, confirm))
            draft.status = "created"
        except (*CONFLICTS, ConcurrencyError):
            if not work.keeps_what_is_done:
                raise
            draft.errors.append(
                self.env._("Too many others change the same stock at the moment: send it again.")
            )
        except UserError as refusal:
            draft.errors.append(str(refusal))
        except Exception as problem:
            if _is_known(problem):
                # Another call has stored it since we looked.
                work.run(
                    lambda env: self._find_known(env, env["res.company"].browse(company_id), [draft])
                )
                if draft.is_open:
                    raise ConcurrencyError(
                        self.env._("Another call stores the same order: try again.")
                    )
                return
            _logger.exception("order %s of source '%s' could not be imported", *reversed(draft.key))
            draft.errors.append(
                self.env._(
                    "An unexpected error; the server's log tells more. Nothing of this order was "
                    "kept."
                )
            )

    @api.model
    def _store(self, env, company_id, draft, confirm):
        """Create one order, confirm and allocate it. In its own transaction it meets nobody: the
        stock it may need is locked before anything is read or written.
        """
        orders = env["sale.order"].with_context(
            allowed_company_ids=[company_id],
            oms_trigger="import",
            # Who sent it is on the order: no note of each change, no followers.
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )
        if confirm:
            keys = orders.new(draft.to_create)._oms_ledger_keys()
            env.transaction.clear()
            env["oms.stock.ledger"].sudo()._enter(keys)
        order = orders.create(draft.to_create)
        env["oms.payment"].sudo().create(
            [{"order_id": order.id, **payment} for payment in draft.values.get("payment", ())]
        )
        if confirm:
            order.action_confirm()
            if "ordered_at" in draft.values:
                order.date_order = draft.values["ordered_at"]
        return {"id": order.id, "name": order.name}


def _is_known(problem):
    """Whether the database refused a second order of the same source and reference."""
    return (
        isinstance(problem, psycopg2.errors.UniqueViolation)
        and problem.diag.constraint_name == "sale_order__oms_external_reference_unique"
    )


def _stopwatch():
    """Whether a call has used up most of what Odoo's limits grant a request before killing it."""
    started, used = time.monotonic(), time.process_time()
    real = config["limit_time_real"] if http.request else 0
    cpu = config["limit_time_cpu"] if http.request and config["workers"] else 0

    def is_up():
        return (
            real
            and time.monotonic() - started > 0.75 * real
            or cpu
            and time.process_time() - used > 0.75 * cpu
        )

    return is_up
