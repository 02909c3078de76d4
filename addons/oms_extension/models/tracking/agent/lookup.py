from odoo import api, fields, models
from odoo.fields import Domain

from ....engine.tracking.numbers import normalise

SHORTEST = 3
"""Letters that a part of a name or number needs: fewer find everything."""
MOST = 1000
"""Customers and orders beyond which a part of a name says too little."""


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
        """Domain of the parcels that a word speaks of."""
        return self._look_up(word)[0]

    @api.model
    def _look_up(self, word):
        """(domain of parcels, ids of orders) that a word speaks of: what is called exactly so;
        else what a customer with this e-mail or phone has; else parts of numbers and names.

        Orders are looked for with all rights, within the user's companies: that there is one is
        known from its parcels, which the user may see.
        """
        word = word.strip()
        if not word:
            return Domain.FALSE, []
        orders = self._exact_orders(word)
        exact = Domain("tracking_key", "=", normalise(word) or word) | Domain(
            "name", "=ilike", _literal(word)
        )
        exact |= Domain("order_id", "in", orders)
        if orders or self.search_count(exact, limit=1):
            return exact, orders
        partners = self.env["res.partner"]._oms_by_contact(word)
        if partners:
            partners = partners.search([("id", "child_of", partners.ids)])
            orders = self._orders_of(partners.ids)
            return Domain("partner_id", "in", partners.ids) | Domain(
                "order_id", "in", orders
            ), orders
        return self._parts(word) if len(word) >= SHORTEST else (Domain.FALSE, [])

    def _parts(self, word):
        key, word = normalise(word), _literal(word)
        partners = (
            self.env["res.partner"]
            .sudo()
            .search(
                ["|", ("complete_name", "ilike", word), ("email_normalized", "ilike", word)],
                order="id desc",
                limit=MOST,
            )
        )
        orders = self._orders_of(partners.ids, word)
        domain = Domain("partner_id", "in", partners.ids) | Domain("order_id", "in", orders)
        domain |= Domain("name", "ilike", word)
        if len(key) >= SHORTEST:
            domain |= Domain("tracking_key", "like", key)
        return domain, orders

    def _exact_orders(self, word):
        """Ids of the orders that are called so, by us or the customer, or whose transfer is."""
        word = word.removeprefix("#")
        # One index each: joined by OR, PostgreSQL would read all orders.
        return self._order_ids(
            """
            SELECT id FROM sale_order WHERE name ILIKE %(name)s
            UNION SELECT id FROM sale_order WHERE client_order_ref = ANY(%(spellings)s)
            UNION SELECT sale_id FROM stock_picking WHERE name ILIKE %(name)s
                AND sale_id IS NOT NULL
            """,
            name=_literal(word),
            states=["draft", "sent", "sale", "cancel"],
            spellings=sorted({word, word.upper(), word.lower()}),
        )

    def _orders_of(self, partners, part=""):
        """Ids of confirmed orders of these partners, and of those with ``part`` in their number."""
        return self._order_ids(
            """
            SELECT id FROM sale_order WHERE partner_id = ANY(%(partners)s)
            UNION SELECT id FROM sale_order WHERE partner_shipping_id = ANY(%(partners)s)
            UNION SELECT id FROM sale_order WHERE %(part)s != '' AND name ILIKE %(part)s
            UNION SELECT id FROM sale_order WHERE %(part)s != '' AND client_order_ref ILIKE %(part)s
            """,
            states=["sale"],
            partners=partners,
            part=part and f"%{part}%",
        )

    def _order_ids(self, query, **values):
        """The latest orders of the user's companies among those that a query finds."""
        self.env["sale.order"].flush_model(
            ["name", "client_order_ref", "partner_id", "partner_shipping_id", "company_id", "state"]
        )
        self.env["stock.picking"].flush_model(["name", "sale_id"])
        self.env.cr.execute(
            f"SELECT id FROM sale_order WHERE id IN ({query}) "
            "AND company_id = ANY(%(companies)s) AND state = ANY(%(states)s) "
            "ORDER BY date_order DESC, id DESC LIMIT %(most)s",
            values | {"companies": self.env.companies.ids, "most": MOST},
        )
        return [one for (one,) in self.env.cr.fetchall()]


def _literal(word):
    """A word in which ``ilike`` takes no letter for a pattern."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
