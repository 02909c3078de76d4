"""What the steps of the loader share: the story, and the records made for it so far."""

from dataclasses import dataclass, field
from typing import Any, Self

from odoo.tools import SQL

from ..story.parcels.outlet import lane_of

QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "no_reset_password": True,
    "mail_auto_subscribe_no_notify": True,
}
"""Nobody follows the demo's past: no messages, no subscriptions, no mails."""


@dataclass
class Books:
    """Records by the story's own keys; ``env`` works for the demo's company once there is one."""

    env: Any
    story: Any
    company: Any = None
    users: dict[str, Any] = field(default_factory=dict)
    teams: dict[str, Any] = field(default_factory=dict)
    warehouses: dict[str, Any] = field(default_factory=dict)
    services: dict[str, Any] = field(default_factory=dict)
    customers: dict[str, Any] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    orders: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, Any] = field(default_factory=dict)
    lots: dict[str, Any] = field(default_factory=dict)
    moved: list[Any] = field(default_factory=list)

    @classmethod
    def open(cls, env, story) -> Self:
        """Books of a story of which nothing is written yet."""
        return cls(env=env(user=env.ref("base.user_root").id, context={**env.context, **QUIET}),
                   story=story)  # fmt: skip

    def work_for(self, company) -> None:
        """From now on every record is made in ``company``."""
        self.env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        self.company = company.with_env(self.env)

    def name(self, record, name: str) -> None:
        """Give a record the external id ``oms_extension.demo_<name>``."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"oms_extension.demo_{name}", "record": record, "noupdate": True}]
        )

    def transit_days(self, warehouse, partner, service: str) -> int:
        """Working days that the story's lane for an address takes."""
        lane = lane_of(warehouse.code, partner.country_id.code, partner.zip or "", service)
        return lane.transit_days if lane else 3

    def country(self, code: str):
        return self.env.ref(f"base.{code.lower()}")

    def state(self, country: str, code: str):
        """The state or province, as far as Odoo knows those of the country."""
        known = self.env["res.country.state"].search(
            [("country_id", "=", self.country(country).id), ("code", "=", code)], limit=1
        )
        return known if code else known.browse()

    def backdate(self, model, columns: tuple[str, ...], rows: list[tuple]) -> None:
        """Set times that Odoo would not let one set, such as when a record was created.

        :param rows: (id, value of each column)
        """
        if not rows:
            return
        self.env.flush_all()
        comma = SQL(", ")
        self.env.cr.execute(
            SQL(
                "UPDATE %s AS record SET %s FROM (VALUES %s) AS given (id, %s) "
                "WHERE record.id = given.id",
                SQL.identifier(self.env[model]._table),
                comma.join(
                    SQL("%s = given.%s::timestamp", SQL.identifier(one), SQL.identifier(one))
                    for one in columns
                ),
                comma.join(SQL("%s", row) for row in rows),
                comma.join(SQL.identifier(one) for one in columns),
            )
        )
        self.env.invalidate_all(flush=False)
