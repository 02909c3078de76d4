"""What `./oms demo` says when all is up: the address, the log-ins, and where to look first."""

import xmlrpc.client

from .database import Databases
from .platform import ADDON, Platform
from .server import Running

ROLES = {
    "group_manager": "manager: decides policies, networks and settings",
    "group_user": "user: allocates and corrects orders",
    "group_readonly": "read-only: looks at everything",
    "group_integrator": "integrator: for programs, over RPC",
    "group_portal": "customer, in the portal",
}
LOGINS = f"""
    SELECT d.name, u.login
    FROM ir_model_data d
    JOIN res_groups_users_rel r ON r.gid = d.res_id
    JOIN res_users u ON u.id = r.uid AND u.active
    WHERE d.model = 'res.groups'
      AND (d.module = '{ADDON}' OR (d.module = 'base' AND d.name = 'group_portal'))
    ORDER BY u.id
"""
LOOK_FIRST = (
    (
        "Order Management: the cockpit of allocations",
        "/odoo/action-oms_extension.action_allocation",
    ),
    ("Sales orders: open one, then its Allocation tab", "/odoo/action-sale.action_orders"),
    ("Exceptions: what a person must look at", "/odoo/action-oms_extension.action_exception"),
)


def welcome(platform: Platform, server: Running) -> str:
    """The text, with the log-ins that work on this very server."""
    lines = ["", f"Odoo runs at {server.url}", "", "Log-ins (user / password):"]
    width = max(map(len, ROLES.values()))
    for role, login in logins(platform, server):
        lines.append(f"  {ROLES.get(role, role):{width}}  {login} / {login}")
    lines += ["", "Look first at:"]
    lines += [f"  {title}\n    {server.url}{path}" for title, path in LOOK_FIRST]
    lines += ["", "./oms stop stops it, ./oms check audits its stock, ./oms clean removes it all."]
    return "\n".join(lines)


def logins(platform: Platform, server: Running) -> list[tuple[str, str]]:
    """One (role, log-in) per role, of users whose password is their log-in, as in Odoo's demo."""
    rows = Databases(platform).query(server.database, LOGINS).splitlines()
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row.endswith("\tadmin")):
        role, login = row.split("\t")
        wanted = role in ROLES and role not in found
        if wanted and common.authenticate(server.database, login, login, {}):
            found[role] = login
    found.setdefault("group_manager", "admin")
    return [(role, found[role]) for role in ROLES if role in found]
