"""The club shop's own goods: sizes as variants, lots, a few of each on the shelves."""

import base64

from odoo.fields import Command

from ...story.icons import picture
from ...story.returns.club_shop import CHANNEL
from ...story.returns.goods import CLUB_GOODS, LAMP, MISDESCRIBED

ON_THE_SHELF = 12
LIVE_LOT = "VH-26C"
DESCRIBED = (
    "Waterproof roll-top pack for the way to work: keeps laptop and papers dry in any weather."
)


def build(books):
    """Products, their lots and stock, and the channel."""
    size = books.env["product.attribute"].create({"name": "Size", "create_variant": "always"})
    values = {}
    for goods in CLUB_GOODS:
        template = _template(books, goods, size, values)
        _variants(books, goods, template)
        for name, _since in goods.lots:
            books.lots[name] = books.env["stock.lot"].create(
                {
                    "name": name,
                    "product_id": template.product_variant_id.id,
                    "company_id": books.company.id,
                }
            )
    books.products[MISDESCRIBED].description_sale = DESCRIBED
    books.teams[CHANNEL] = books.env["crm.team"].create(
        {
            "name": "Club Shop",
            "company_id": books.company.id,
            "user_id": books.users["manager"].id,
        }
    )
    books.name(books.teams[CHANNEL], "team_club")
    _stock(books)


def _template(books, goods, size, values):
    product = goods.product
    names = [name for name, _weight in goods.sizes]
    for name in names:
        if name not in values:
            values[name] = books.env["product.attribute.value"].create(
                {"name": name, "attribute_id": size.id, "sequence": len(values)}
            )
    category = books.env["product.category"].search([("name", "=", product.category)], limit=1)
    template = books.env["product.template"].create(
        {
            "name": product.name,
            "type": "consu",
            "is_storable": True,
            "tracking": "lot" if goods.lots else "none",
            "categ_id": category.id,
            "weight": product.weight,
            "list_price": product.price,
            "image_1920": base64.b64encode(picture(product.icon, product.colour)),
            "invoice_policy": "delivery",
            "company_id": books.company.id,
            "attribute_line_ids": [
                Command.create(
                    {
                        "attribute_id": size.id,
                        "value_ids": [Command.set([values[name].id for name in names])],
                    }
                )
            ]
            if names
            else [],
        }
    )
    books.name(template, f"template_{product.code.lower().replace('-', '_')}")
    return template


def _variants(books, goods, template):
    of_size = {
        variant.product_template_attribute_value_ids.name: variant
        for variant in template.product_variant_ids
    }
    for code, size in goods.codes():
        variant = of_size[size] if size else template.product_variant_id
        variant.write(
            {
                "default_code": code,
                "standard_price": goods.product.cost,
                "weight": goods.product.weight,
            }
        )
        books.products[code] = variant
        books.name(variant, f"product_{code.lower().replace('-', '_')}")


def _stock(books):
    """Some of each in two warehouses, so that live orders and exchanges can be sent."""
    books.env["stock.quant"].create(
        [
            {
                "product_id": books.products[code].id,
                "location_id": books.warehouses[place].lot_stock_id.id,
                "quantity": ON_THE_SHELF,
                "lot_id": books.lots[LIVE_LOT].id if goods.product.code == LAMP else False,
            }
            for goods in CLUB_GOODS
            for code, _size in goods.codes()
            for place in ("PIA", "KAS")
        ]
    )
