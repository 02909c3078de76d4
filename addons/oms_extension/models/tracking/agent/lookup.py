from odoo import api, fields, models
from odoo.fields import Domain

from ....engine.tracking.numbers import normalise

SHORTEST = 3
"""Letters that a part of a name or number needs: fewer find everything."""
MOST_ORDERS = 100


class OmsShipment(models.Model):
    """Parcels by whatever a customer can say of them."""

    _inherit = "oms.shipment"

    lookup = fields.Char(
        "Order, Tracking Number, Customer, E-mail or Phone",
        compute="_compute_lookup",
        search="_search_lookup",
        exportable=False,
    )

    def _compute_lookup(self):
        self.lookup = False

    @api.model
    def _search_lookup(self, operator, value):
        if operator not in ("ilike", "=", "in"):
            return NotImplemented
        words = [value] if isinstance(value, str) else value
        return Domain.OR(self._lookup_domain(word) for word in words if isinstance(word, str))

    @api.model
    def _lookup_domain(self, word):
        """Domain of the parcels that a word speaks of: a number by itself where one is called so,
        else parts of numbers and names.
        """
        word = word.strip()
        if not word:
            return Domain.FALSE
        exact = self._exact_domain(word)
        if self.search_count(exact, limit=1):
            return exact
        partners = self.env["res.partner"]._oms_by_contact(word)
        if partners:
            return self._domain_of_customers(partners.ids)
        return self._part_domain(word)

    def _exact_domain(self, word, orders=None):
        if orders is None:
            orders = self._exact_orders(word)
        return (
            Domain("tracking_key", "=", normalise(word) or word)
            | Domain("name", "=ilike", _literal(word))
            | Domain("order_id", "in", orders)
        )

    @api.model
    def _exact_orders(self, word):
        """Ids of the orders that are called so, by us or the customer, or whose transfer is."""
        word = word.removeprefix("#")
        self.env["sale.order"].flush_model(["name", "client_order_ref"])
        self.env["stock.picking"].flush_model(["name", "sale_id"])
        # One index each: joined by OR, PostgreSQL would read all orders.
        self.env.cr.execute(
            """
            SELECT id FROM sale_order WHERE name ILIKE %(name)s
            UNION SELECT id FROM sale_order WHERE client_order_ref = ANY(%(spellings)s)
            UNION SELECT sale_id FROM stock_picking WHERE name ILIKE %(name)s
                AND sale_id IS NOT NULL
            LIMIT %(most)s
            """,
            {
                "name": _literal(word),
                "spellings": sorted({word, word.upper(), word.lower()}),
                "most": MOST_ORDERS,
            },
        )
        return [one for (one,) in self.env.cr.fetchall()]

    def _part_domain(self, word):
        if len(word) < SHORTEST:
            return Domain.FALSE
        orders = self._order_query(self._part_order_domain(word))
        key, word = normalise(word), _literal(word)
        partners = self._name_query(word)
        domain = Domain("partner_id", "in", partners) | Domain("order_id", "in", orders)
        domain |= Domain("name", "ilike", word)
        return domain | Domain("tracking_key", "like", key) if len(key) >= SHORTEST else domain

    @api.model
    def _part_order_domain(self, word):
        word = _literal(word)
        return (
            Domain("name", "ilike", word)
            | Domain("client_order_ref", "ilike", word)
            | Domain("partner_id", "in", self._name_query(word))
        )

    def _domain_of_customers(self, ids):
        """Parcels to these people, or of orders that they, or their company, gave."""
        orders = self._order_query(self._orders_of(ids))
        return Domain("partner_id", "in", ids) | Domain("order_id", "in", orders)

    @api.model
    def _orders_of(self, ids):
        return Domain("partner_id", "child_of", ids) | Domain("partner_shipping_id", "in", ids)

    def _name_query(self, word):
        return (
            self.env["res.partner"]
            .sudo()
            ._search(["|", ("complete_name", "ilike", word), ("email_normalized", "ilike", word)])
        )

    def _order_query(self, domain):
        # Which orders exist is known from their parcels, which the user may see.
        return self.env["sale.order"].sudo()._search(domain)


def _literal(word):
    """A word in which ``=ilike`` takes no letter for a pattern."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
