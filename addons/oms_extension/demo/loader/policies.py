"""Three sourcing policies, and how the most important of them became what it is."""

from datetime import timedelta

from odoo.fields import Command, Datetime

from ..story.orders import MARKETPLACE, WHOLESALE


def build(books):
    """Policies for the marketplace, for wholesale, for large orders, and for everything else."""
    policies = books.env["oms.policy"].with_user(books.users["manager"])
    policies.create(
        {
            "name": "Marketplace: stay in the country, then nearest",
            "code": "marketplace",
            "sequence": 10,
            "company_id": books.company.id,
            "mode": "rules",
            "rule_ids": [
                Command.create({"sequence": number, "kind": kind})
                for number, kind in enumerate(("stay_in_country", "fewest_parcels", "nearest"), 1)
            ],
            "team_ids": [Command.set(books.teams[MARKETPLACE].ids)],
        }
    )
    policies.create(
        {
            "name": "Wholesale: complete, at most two parcels",
            "code": "wholesale",
            "sequence": 20,
            "company_id": books.company.id,
            "ship_complete": True,
            "max_parcels": 2,
            "backorder_by": "earliest",
            "team_ids": [Command.set(books.teams[WHOLESALE].ids)],
        }
    )
    policies.create(
        {
            "name": "Large orders: on time",
            "code": "large",
            "sequence": 25,
            "company_id": books.company.id,
            "min_order_value": 500.0,
            "late_day_cost": 12.0,
            "extra_parcel_penalty": 1.0,
        }
    )
    shop = policies.create(
        {
            "name": "Web shop: least cost",
            "code": "webshop",
            "sequence": 30,
            "company_id": books.company.id,
            "extra_parcel_penalty": 2.0,
            "late_day_cost": 1.0,
        }
    )
    books.name(shop, "policy_webshop")
    # What customers said about second parcels and late ones made the prices what they are.
    shop.write({"late_day_cost": 1.5})
    shop.write({"extra_parcel_penalty": 3.5, "min_split_value": 15.0})
    shop.with_user(books.users["planner"]).sudo().write({"extra_parcel_penalty": 2.5})
    ages = (95, 70, 41, 24)
    versions = shop.version_ids.sorted("number")
    now = Datetime.now()
    books.backdate(
        "oms.policy.version",
        ("create_date",),
        [
            (version.id, now - timedelta(days=age))
            for version, age in zip(versions, ages, strict=False)
        ],
    )
