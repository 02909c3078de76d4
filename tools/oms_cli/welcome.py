"""What `./oms demo` says when all is up: the address, the log-ins, and where to look first."""

import xmlrpc.client

from .database import Databases
from .platform import ADDON, Platform
from .server import Running

# The addon's demo users, whose names tell their roles, and the administrator.
USERS = f"""
    SELECT u.login, p.name, u.share
    FROM res_users u
    JOIN res_partner p ON p.id = u.partner_id
    LEFT JOIN ir_model_data d
        ON d.model = 'res.users' AND d.module = '{ADDON}' AND d.res_id = u.id
    WHERE u.active AND (d.id IS NOT NULL OR u.login = 'admin')
    ORDER BY u.id
"""
LOOK_FIRST = (
    ("Sales orders: open one, and its Allocation tab", "sale.action_orders"),
    ("The cockpit of all allocations", f"{ADDON}.action_oms_allocation"),
    ("What a person must look at", f"{ADDON}.action_oms_exception"),
    ("Where is my order? One search for everything", f"{ADDON}.action_where_is_my_order"),
    ("Parcels in every state", f"{ADDON}.action_oms_shipment"),
    ("Carriers compared, and what to change", f"{ADDON}.action_oms_carrier_scorecard"),
    ("Why goods come back", f"{ADDON}.action_oms_return_analysis"),
    ("Returns in every state", f"{ADDON}.action_oms_return"),
    ("The table where returns are received", f"{ADDON}.action_oms_return_table"),
    ("The policies that decide", f"{ADDON}.action_oms_policy"),
)
STORY = (
    "Orders DEMO-01 to DEMO-34 tell a story each: their tags say which.",
    "Find the bad lot in a minute: Returns > Why Goods Come Back, as planner.",
    "./oms simulate lets carriers tell, live, where parcels are.",
)


def welcome(platform: Platform, server: Running, story: bool = True) -> str:
    """The text, with the log-ins that work on this very server.

    :param story: whether it is the demo's own story that was loaded
    """
    lines = ["", f"Odoo runs at {server.url}", "", "Log-ins (user / password):"]
    lines += [
        f"  {login + ' / ' + password:24}{who}"
        for login, password, who in _logins(platform, server)
    ]
    lines += ["", "Look first at:"]
    lines += [f"  {title:48}{server.url}/odoo/action-{action}" for title, action in LOOK_FIRST]
    if story:
        lines += ["", *STORY]
    lines += ["", "./oms stop stops it, ./oms check audits its stock, ./oms clean removes it all."]
    return "\n".join(lines)


def _logins(platform: Platform, server: Running) -> list[tuple[str, str, str]]:
    """Log-in, password and name of those users who get in with a demo's usual passwords."""
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    found = []
    for row in Databases(platform).query(server.database, USERS).splitlines():
        login, name, share = row.split("\t")
        who = f"{name} (customer, in the portal)" if share == "t" else name
        for password in ("admin",) if login == "admin" else ("demo", login):
            if common.authenticate(server.database, login, password, {}):
                found.append((login, password, who))
                break
    return found
