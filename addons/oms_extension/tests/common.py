"""A warehouse network, its stock and an order, each in one line."""

from odoo.fields import Command
from odoo.tests import TransactionCase

PLACES = {
    "IT": ("Milano", "20121", 45.4642, 9.1900),
    "DE": ("Leipzig", "04109", 51.3397, 12.3731),
    "FR": ("Lyon", "69001", 45.7640, 4.8357),
    "ES": ("Madrid", "28001", 40.4168, -3.7038),
    "PL": ("Łódź", "90-001", 51.7592, 19.4560),
}


class OmsCase(TransactionCase):
    """Tests on a company of their own, so that data of the database cannot change them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create(
            {"name": "Test Shop", "country_id": cls.env.ref("base.it").id}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.company = cls.company.with_env(cls.env)
        # A new company comes with a warehouse: the tests build their own.
        cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)]).active = False
        cls.policy = cls.env["oms.policy"].create(
            {
                "name": "Test",
                "code": "test",
                "company_id": cls.company.id,
                "sequence": 0,
                "extra_parcel_penalty": 2.0,
            }
        )
        cls.category = cls.env["product.category"].create({"name": "Test Goods"})
        cls.warehouses = {}

    @classmethod
    def network(cls, *countries, **values):
        """Warehouses in these countries, the first is the orders' default one.

        :return: the warehouses, in the order of ``countries``
        """
        made = cls.env["stock.warehouse"]
        for country in countries:
            city, postcode, latitude, longitude = PLACES[country]
            partner = cls.env["res.partner"].create(
                {
                    "name": f"Warehouse {city}",
                    "city": city,
                    "zip": postcode,
                    "country_id": cls.env.ref(f"base.{country.lower()}").id,
                    "partner_latitude": latitude,
                    "partner_longitude": longitude,
                }
            )
            warehouse = cls.env["stock.warehouse"].create(
                {
                    "name": city,
                    "code": country,
                    "company_id": cls.company.id,
                    "partner_id": partner.id,
                    "oms_tz": "UTC",
                    "sequence": len(cls.warehouses) + 1,
                }
                | values
            )
            cls.warehouses[country] = warehouse
            made |= warehouse
        return made

    @classmethod
    def product(cls, name="Thing", weight=1.0, price=20.0, stock=None, **values):
        """A storable product, with ``stock`` a dict country → units on the shelf."""
        product = cls.env["product.product"].create(
            {
                "name": name,
                "is_storable": True,
                "weight": weight,
                "list_price": price,
                "categ_id": cls.category.id,
            }
            | values
        )
        cls.stock(product, **(stock or {}))
        return product

    @classmethod
    def stock(cls, product, **units):
        """Put more units of a product on the shelf of warehouses given by country."""
        for country, quantity in units.items():
            cls.env["stock.quant"]._update_available_quantity(
                product, cls.warehouses[country].lot_stock_id, quantity
            )

    @classmethod
    def customer(cls, country="IT", **values):
        city, postcode, latitude, longitude = PLACES[country]
        return cls.env["res.partner"].create(
            {
                "name": f"Customer in {city}",
                "city": city,
                "zip": postcode,
                "country_id": cls.env.ref(f"base.{country.lower()}").id,
                "partner_latitude": latitude,
                "partner_longitude": longitude,
            }
            | values
        )

    @classmethod
    def order(cls, lines, country="IT", confirm=True, **values):
        """An order of ``lines`` (dict product → quantity, or list of line values)."""
        commands = (
            [
                Command.create({"product_id": product.id, "product_uom_qty": quantity})
                for product, quantity in lines.items()
            ]
            if isinstance(lines, dict)
            else [Command.create(line) for line in lines]
        )
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer(country).id,
                "company_id": cls.company.id,
                "warehouse_id": next(iter(cls.warehouses.values())).id,
                "order_line": commands,
            }
            | values
        )
        if confirm:
            order.action_confirm()
        return order

    # --- what became of it ------------------------------------------------------------------------

    @classmethod
    def shipping(cls, order):
        """Units that open and done deliveries carry: dict country → units."""
        units = {}
        for country, warehouse in cls.warehouses.items():
            moves = order.picking_ids.move_ids.filtered(
                lambda move, warehouse=warehouse: (
                    move.state != "cancel"
                    and move.location_dest_id.usage == "customer"
                    and move.warehouse_id == warehouse
                )
            )
            total = sum(moves.mapped("product_qty"))
            if total:
                units[country] = total
        return units

    @classmethod
    def reserved(cls, product):
        """Reserved units of a product over all warehouses of the test."""
        quants = cls.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        return sum(quants.mapped("reserved_quantity"))

    @classmethod
    def receipts(cls, order):
        """Transfers into a warehouse that belong to the order."""
        return order.picking_ids.filtered(lambda picking: picking.picking_type_code == "incoming")
