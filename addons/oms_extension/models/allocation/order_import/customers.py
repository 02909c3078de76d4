"""Finds or creates the customers and addresses of many orders.

A customer is known by the shop's own reference, else by e-mail. What is known is never changed by
an order: whoever can place one could otherwise rewrite somebody else's address. Where the order
says something else, it goes to an address of its own under that customer.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo.exceptions import UserError
from odoo.tools import email_normalize

ADDRESS_FIELDS = {
    "name": "name",
    "street": "street",
    "street2": "street2",
    "city": "city",
    "postcode": "zip",
    "phone": "phone",
    "email": "email",
}
PLACE_FIELDS = ("street", "street2", "city", "zip", "state_id", "country_id")


@dataclass
class Parties:
    """Who an order is for: ids of customer, delivery and invoice address, or what is wrong."""

    customer: int = 0
    shipping: int = 0
    billing: int = 0
    errors: tuple[str, ...] = ()


class Customers:
    """The customers of one company's orders.

    :param place: function address → (country, state, error), see :meth:`Lookup.place`
    """

    def __init__(self, env, company, place):
        self.env = env(context=dict(env.context, allowed_company_ids=company.ids))
        self.company = company
        self.place = place
        self._ = self.env._
        self.partners = self.env["res.partner"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True, active_test=True
        )
        languages = self.env["res.lang"].get_installed()
        self.languages = {code.casefold(): code for code, _name in languages}

    def resolve(self, orders):
        """The parties of each order, creating what is missing.

        :param orders: list of order values
        :return: list of :class:`Parties`, in the same order
        """
        found, refused = self._customers(orders)
        parties = []
        wanted = []
        for order in orders:
            key = self._key(order)
            partner = found.get(key)
            one = Parties(errors=refused.get(key, ()))
            parties.append(one)
            if partner:
                one.customer = partner.id
                wanted += self._wanted_addresses(order, partner, one)
        self._addresses(wanted)
        return parties

    # --- customers --------------------------------------------------------------------------------

    def _key(self, order):
        """What makes two orders of the same call orders of the same customer."""
        customer = order["customer"]
        if customer.get("reference"):
            return "reference", self._reference(order)
        email = email_normalize(customer.get("email") or "")
        return ("email", email) if email else ("order", id(order))

    def _reference(self, order):
        source = order.get("source")
        reference = order["customer"]["reference"]
        return f"{source}:{reference}" if source else reference

    def _customers(self, orders):
        """(dict key → partner, dict key → errors)"""
        by_key = {self._key(order): order for order in reversed(orders)}
        found = self._known(by_key)
        missing = {key: order for key, order in by_key.items() if key not in found}
        values = {}
        refused = {}
        for key, order in missing.items():
            customer = order["customer"]
            name = customer.get("name") or customer.get("email")
            if not name:
                refused[key] = (
                    self._("customer.name: is missing, and the customer is not known yet."),
                )
                continue
            values[key] = self._address_values(customer) | {
                "name": name,
                "ref": self._reference(order) if customer.get("reference") else False,
                "vat": customer.get("vat", False),
                "company_id": False,
            }
            language = customer.get("language", "").replace("-", "_").casefold()
            if language in self.languages:
                values[key]["lang"] = self.languages[language]
        created, problems = self._create(values)
        return found | created, refused | problems

    def _known(self, by_key):
        references = [value for kind, value in by_key if kind == "reference"]
        emails = [value for kind, value in by_key if kind == "email"]
        own_or_shared = [("company_id", "in", (False, self.company.id))]
        fields = ["ref", "email_normalized", *PLACE_FIELDS, "name", "phone", "email"]
        found = {}
        if references:
            for partner in self.partners.search_fetch(
                [("ref", "in", references), *own_or_shared], fields, order="id desc"
            ):
                found["reference", partner.ref] = partner
        if emails:
            # The contact of a company comes after a person who has the address alone.
            for partner in self.partners.search_fetch(
                [("email_normalized", "in", emails), ("type", "=", "contact"), *own_or_shared],
                fields,
                order="id desc",
            ).sorted(lambda one: not one.parent_id):
                found["email", partner.email_normalized] = partner
        return found

    # --- addresses --------------------------------------------------------------------------------

    def _wanted_addresses(self, order, partner, parties):
        """Addresses that differ from the customer's own: (parties, role, partner, values)."""
        customer = order["customer"]
        own = {name: customer[name] for name in ADDRESS_FIELDS if name in customer}
        if any(name in customer for name in ("street", "city", "postcode", "country")):
            own |= {name: customer[name] for name in ("state", "country") if name in customer}
        else:
            own = {}
        wanted = []
        for role, kind, address in (
            ("shipping", "delivery", order.get("shipping_address") or own),
            ("billing", "invoice", order.get("billing_address") or own),
        ):
            setattr(parties, role, partner.id)
            if not address:
                continue
            values = self._address_values(address)
            values.setdefault("name", partner.name)
            if not _is_at(partner, values):
                wanted.append((parties, role, partner, values | {"type": kind}))
        if not wanted and not partner.country_id:
            parties.errors += (
                self._("shipping_address.country: is missing. Without it nobody knows the way."),
            )
        return wanted

    def _addresses(self, wanted):
        """Give each of the wanted addresses its partner, known or new."""
        parents = self.partners.browse({partner.id for _p, _r, partner, _v in wanted})
        known = defaultdict(list)
        for child in self.partners.search_fetch(
            [("parent_id", "in", parents.ids), ("type", "!=", "contact")],
            ["parent_id", "type", *PLACE_FIELDS, "name", "phone", "email"],
        ):
            known[child.parent_id.id].append(child)
        values = {}
        for _parties, _role, partner, address in wanted:
            if not any(_is_at(child, address) for child in known[partner.id]):
                values.setdefault(
                    _identity(partner.id, address), address | {"parent_id": partner.id}
                )
        created, problems = self._create(values)
        for parties, role, partner, address in wanted:
            key = _identity(partner.id, address)
            if key in problems:
                parties.errors += problems[key]
                continue
            child = created.get(key) or next(
                child for child in known[partner.id] if _is_at(child, address)
            )
            setattr(parties, role, child.id)
            if not child.country_id:
                parties.errors += (self._("%(role)s_address.country: is missing.", role=role),)

    def _address_values(self, address):
        """Field values of an address as it was sent."""
        country, state, _error = self.place(address)
        values = {
            field: address[name] for name, field in ADDRESS_FIELDS.items() if address.get(name)
        }
        return values | {"country_id": country.id, "state_id": state.id}

    # --- creation ---------------------------------------------------------------------------------

    def _create(self, values):
        """Create partners in one go; one by one where one of them is refused.

        :param values: dict key → field values
        :return: (dict key → partner, dict key → errors)
        """
        if not values:
            return {}, {}
        try:
            with self.env.cr.savepoint():
                partners = self.partners.create(list(values.values()))
            return dict(zip(values, partners, strict=True)), {}
        except UserError as refusal:
            if len(values) == 1:
                return {}, {next(iter(values)): (f"customer: {refusal}",)}
        created, problems = {}, {}
        for key, one in values.items():
            done, refused = self._create({key: one})
            created |= done
            problems |= refused
        return created, problems


def _is_at(partner, values):
    """Whether a partner is exactly the address that an order names."""
    return all(
        _plain(partner[name].id if name.endswith("_id") else partner[name])
        == _plain(values.get(name))
        for name in PLACE_FIELDS
    ) and all(
        name not in values or _plain(partner[name]) == _plain(values[name])
        for name in ("name", "phone", "email")
    )


def _identity(parent_id, values):
    """Equal where two orders, or the two addresses of one, name the same new address."""
    names = (*PLACE_FIELDS, "name", "phone", "email")
    return (parent_id, *(_plain(values.get(name)) for name in names))


def _plain(value):
    return " ".join(value.split()).casefold() if isinstance(value, str) else value or ""
