"""The company, its bank of figures, its channels and the people who work there."""

import base64

from odoo.fields import Command

from ..story.icons import picture
from ..story.orders import MARKETPLACE, WEB, WHOLESALE

NAME = "Wanderfield"
CHANNELS = {WEB: "Web Shop", MARKETPLACE: "Marketplace", WHOLESALE: "Wholesale"}
STAFF = {
    # log-in: (name, groups)
    "sales": (
        "Sara Lindqvist (Sales)",
        ("oms_extension.group_user", "sales_team.group_sale_salesman_all_leads"),
    ),
    "warehouse": (
        "Wojtek Maj (Warehouse)",
        # Contacts as well: Odoo reads the carriers' postcodes when a transfer is opened.
        ("oms_extension.group_user", "stock.group_stock_user", "base.group_partner_manager"),
    ),
    "service": (
        "Clara Fontaine (Customer Service)",
        ("oms_extension.group_user", "sales_team.group_sale_salesman_all_leads"),
    ),
    "planner": (
        "Pedro Almeida (Planning)",
        (
            "oms_extension.group_user",
            "stock.group_stock_manager",
            "sales_team.group_sale_salesman_all_leads",
        ),
    ),
    "manager": (
        "Marta Conti (Manager)",
        (
            "oms_extension.group_manager",
            "stock.group_stock_manager",
            "sales_team.group_sale_manager",
            "account.group_account_invoice",
        ),
    ),
    "viewer": ("Viktor Hansen (Read-only)", ("oms_extension.group_readonly",)),
    "integration": ("Shop Connector", ("oms_extension.group_integrator",)),
}
PASSWORD = "demo"


def build(books):
    """Company, accounts, staff and channels."""
    _company(books)
    _accounts(books)
    _staff(books)
    _channels(books)


def _company(books):
    books.env.ref("base.EUR").active = True
    company = books.env["res.company"].create(
        {
            "name": NAME,
            "currency_id": books.env.ref("base.EUR").id,
            "street": "Via Emilia Parmense 210",
            "zip": "29122",
            "city": "Piacenza",
            "email": "hello@wanderfield.example.com",
            "website": "https://wanderfield.example.com",
            "logo": base64.b64encode(picture("tent", "#2f7d6d")),
        }
    )
    # By the partner: a company created with a country installs that country's accounting.
    company.partner_id.country_id = books.country("IT")
    # Who visits without a log-in comes to the shop, too.
    users = books.env.ref("base.user_admin") | books.env.ref("base.public_user")
    users.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
    books.env.user.company_ids = [Command.link(company.id)]
    books.work_for(company)
    books.name(company, "company")


def _accounts(books):
    """The generic chart of accounts, with one rate of tax."""
    # Not `try_loading`: it warns as long as modules are being installed, as they are now.
    books.env["account.chart.template"]._load("generic_coa", books.company, install_demo=False)
    # The chart brings the currency of its own country.
    books.company.currency_id = books.env.ref("base.EUR")
    books.company.account_sale_tax_id.write({"amount": 22.0, "name": "22%"})


def _staff(books):
    users = books.env["res.users"].create(
        [
            {
                "name": name,
                "login": login,
                "password": PASSWORD,
                "email": f"{login}@wanderfield.example.com",
                "tz": "Europe/Rome",
                "company_id": books.company.id,
                "company_ids": [Command.set(books.company.ids)],
                "group_ids": [Command.set([books.env.ref(group).id for group in groups])],
            }
            for login, (name, groups) in STAFF.items()
        ]
    )
    for login, user in zip(STAFF, users, strict=True):
        books.users[login] = user
        books.name(user, f"user_{login}")


def _channels(books):
    teams = books.env["crm.team"].create(
        [
            {
                "name": name,
                "company_id": books.company.id,
                "user_id": books.users["manager"].id,
                "member_ids": [Command.set(books.users["sales"].ids)] if key == WEB else [],
            }
            for key, name in CHANNELS.items()
        ]
    )
    for key, team in zip(CHANNELS, teams, strict=True):
        books.teams[key] = team
        books.name(team, f"team_{key}")
