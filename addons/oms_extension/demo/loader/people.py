"""Customers, and one of them in the portal."""

from odoo.fields import Command

from .business import PASSWORD

PORTAL_LOGIN = "customer"
PORTAL_SCENE = "S0001"
"""The customer of the first scene sees its split order in the portal."""


def build(books):
    """Everybody who orders, and the supplier."""
    states = {}
    values = []
    for customer in books.story.customers:
        town = customer.town
        if (town.country, town.state) not in states:
            states[town.country, town.state] = books.state(town.country, town.state)
        values.append(
            {
                "name": customer.name,
                "ref": customer.key,
                "is_company": customer.firm,
                "street": customer.street,
                "zip": town.postcode,
                "city": town.city,
                "state_id": states[town.country, town.state].id,
                "country_id": books.country(town.country).id,
                "partner_latitude": town.latitude,
                "partner_longitude": town.longitude,
                "email": customer.email,
                "customer_rank": 1,
                "company_id": books.company.id,
            }
        )
    partners = books.env["res.partner"].create(values)
    for customer, partner in zip(books.story.customers, partners, strict=True):
        books.customers[customer.key] = partner
    supplier = books.env["res.partner"].create(
        {
            "name": "Cordillera Gear Trading",
            "is_company": True,
            "country_id": books.country("NL").id,
            "city": "Rotterdam",
            "zip": "3011",
            "supplier_rank": 1,
            "company_id": books.company.id,
        }
    )
    books.name(supplier, "supplier")
    _portal_customer(books)


def _portal_customer(books):
    user = books.env["res.users"].create(
        {
            "login": PORTAL_LOGIN,
            "password": PASSWORD,
            "partner_id": books.customers[PORTAL_SCENE].id,
            "company_id": books.company.id,
            "company_ids": [Command.set(books.company.ids)],
            "group_ids": [Command.set(books.env.ref("base.group_portal").ids)],
        }
    )
    books.users[PORTAL_LOGIN] = user
    books.name(user, "user_customer")
