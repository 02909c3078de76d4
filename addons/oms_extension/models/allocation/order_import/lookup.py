"""What the names, codes and SKUs of many orders stand for.

The number of queries depends on how many countries they name, not on how many orders there are.
"""

from collections import defaultdict

from odoo.fields import Domain

from .reader import shown


class Lookup:
    """Records that the orders of one company mention.

    :param orders: values of the orders, see :class:`Reader`
    """

    def __init__(self, env, company, orders):
        self.env = env(context=dict(env.context, allowed_company_ids=company.ids, active_test=True))
        self.company = company.with_env(self.env)
        self._ = self.env._
        self.own_or_shared = Domain("company_id", "in", (False, company.id))
        self._products = self._read_products(orders)
        self._named = {}
        self._countries = {}
        self._states = {}

    # --- products -------------------------------------------------------------------------------

    def _read_products(self, orders):
        lines = [line for order in orders for line in order.get("lines", ())]
        skus = list({line["sku"] for line in lines if "sku" in line})
        products = self.env["product.product"].search_fetch(
            self.own_or_shared
            & (Domain("default_code", "in", skus) | Domain("barcode", "in", skus)),
            ["default_code", "barcode", "sale_ok", "type"],
        )
        by_code, by_barcode = defaultdict(products.browse), {}
        for product in products:
            if product.default_code:
                by_code[product.default_code] |= product
            if product.barcode:
                by_barcode[product.barcode] = product
        found = {sku: by_code.get(sku) or by_barcode.get(sku) for sku in skus}
        # Whatever is read of one of them is read of all.
        return {sku: one and one.with_prefetch(products.ids) for sku, one in found.items()}

    def product(self, sku):
        """(product, error): the sellable product with this internal reference or barcode."""
        products = self._products.get(sku)
        if not products:
            return None, self._(
                "There is no product with the SKU %(sku)s: create it, or correct the SKU. "
                "An SKU is a product's internal reference or barcode.",
                sku=shown(sku),
            )
        if len(products) > 1:
            return None, self._(
                "%(count)s products have the SKU %(sku)s: give them different internal references.",
                count=len(products),
                sku=shown(sku),
            )
        if not products.sale_ok or products.type == "combo":
            return None, self._(
                "The product with the SKU %(sku)s cannot be sold by itself: mark it as saleable.",
                sku=shown(sku),
            )
        return products, None

    # --- records with a name or a code ------------------------------------------------------------

    def _index(self, model, *codes):
        """Records of a small table by id, and by lower-case name and code."""
        if model not in self._named:
            records = self.env[model].search(
                self.own_or_shared if "company_id" in self.env[model]._fields else Domain.TRUE
            )
            index = defaultdict(records.browse)
            for record in records:
                index[record.id] |= record
                for path in codes:
                    value = record.mapped(path)
                    if value and value[0]:
                        index[value[0].casefold()] |= record
            self._named[model] = index
        return self._named[model]

    def _find(self, model, key, label, *codes):
        index = self._index(model, *codes)
        found = index.get(key.casefold() if isinstance(key, str) else key)
        if found and len(found) == 1:
            return found, None
        names = sorted({name for name in index if isinstance(name, str)})
        if found:
            return None, self._(
                "%(label)s %(key)s: several have this name. Send the id.",
                label=label,
                key=shown(key),
            )
        return None, self._(
            "%(label)s %(key)s does not exist. Known are: %(known)s.",
            label=label,
            key=shown(key),
            known=", ".join(names[:20]) or "–",
        )

    def carrier(self, key):
        """(delivery method, error) by id, name, or the internal reference of its product."""
        return self._find(
            "delivery.carrier", key, self._("The carrier"), "name", "product_id.default_code"
        )

    def channel(self, key):
        """(sales team, error) by id or name."""
        return self._find("crm.team", key, self._("The sales channel"), "name")

    def policy(self, code):
        """(sourcing policy, error) by code."""
        return self._find("oms.policy", code, self._("The sourcing policy"), "code")

    def pricelist(self, key, currency):
        """(pricelist or None for the company's own prices, error), in the currency asked for."""
        if key:
            pricelist, error = self._find("product.pricelist", key, self._("The pricelist"), "name")
            if pricelist and currency and pricelist.currency_id.name != currency.upper():
                return None, self._(
                    "The pricelist %(name)s is in %(has)s, not in %(wanted)s: "
                    "leave out one of the two.",
                    name=shown(pricelist.name),
                    has=pricelist.currency_id.name,
                    wanted=shown(currency),
                )
            return pricelist, error
        if not currency or currency.upper() == self.company.currency_id.name:
            return None, None
        for record in self.env["product.pricelist"].browse(
            key for key in self._index("product.pricelist", "name") if isinstance(key, int)
        ):
            if record.currency_id.name == currency.upper():
                return record, None
        return None, self._(
            "There is no pricelist in %(currency)s: create one, or send amounts in %(own)s.",
            currency=shown(currency),
            own=self.company.currency_id.name,
        )

    # --- places -----------------------------------------------------------------------------------

    def country(self, name):
        """The country with this code or name, or an empty record."""
        key = name.casefold()
        if key not in self._countries:
            # Odoo cuts a longer text to the two letters of a code.
            is_code = len(key) == 2
            by = ("code", "=", key.upper()) if is_code else ("name", "=ilike", _literally(name))
            self._countries[key] = self.env["res.country"].search([by], limit=1)
        return self._countries[key]

    def _state(self, country, name):
        """The state of a country with this code or name, or an empty record."""
        if country not in self._states:
            states = self.env["res.country.state"].search_fetch(
                [("country_id", "=", country.id)], ["code", "name"]
            )
            self._states[country] = {one.name.casefold(): one for one in states} | {
                one.code.casefold(): one for one in states
            }
        code = name.casefold().removeprefix(f"{country.code.casefold()}-")
        return self._states[country].get(code, self.env["res.country.state"])

    def place(self, address):
        """(country, state, error) of an address; empty records where it names none."""
        country = self.env["res.country"]
        state = self.env["res.country.state"]
        error = None
        if name := address.get("country"):
            country = self.country(name)
            if not country:
                error = self._(
                    "There is no country %(name)s: send its two-letter code, such as IT.",
                    name=shown(name),
                )
        if country and (name := address.get("state")):
            # A state that Odoo does not know is no reason to refuse: the postcode says where it is.
            state = self._state(country, name)
        return country, state, error


def _literally(text):
    """A text as a pattern of ``=ilike`` that matches nothing else."""
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return text
