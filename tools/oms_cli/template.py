"""The two databases that tests and benchmarks copy: Odoo alone, and with the addon on top."""

import hashlib
from pathlib import Path

from .database import Databases, install_modules
from .platform import ADDON, ADDONS, Platform
from .progress import Progress

MODULES = (
    "sale_management",
    "sale_stock",
    "stock_delivery",
    "sale_mrp",
    "stock_dropshipping",
    "purchase_stock",
    # Returns: money back on the original payment, store credit, coupons, valued stock.
    "payment_demo",
    "sale_loyalty_delivery",
    "stock_account",
)
IGNORED = {"__pycache__", "tests", "static", "readme"}


def addon_fingerprint(addon: Path = ADDONS / ADDON) -> str:
    """Changes with every file that installing the addon reads (not with its tests)."""
    digest = hashlib.sha256()
    for path in sorted(addon.rglob("*")):
        inside = path.relative_to(addon)
        if path.is_file() and not IGNORED.intersection(inside.parts):
            digest.update(f"{inside}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def ensure_base(platform: Platform, progress: Progress) -> str:
    """The database with the Odoo modules of the tests, without demo data and without the addon."""
    databases, workspace = Databases(platform), platform.workspace
    name = platform.database_name("base")
    key = f"{platform.odoo.identity} {platform.postgres.host} {' '.join(MODULES)}"
    if not (workspace.is_done("base", key) and databases.exists(name)):
        workspace.forget("base")
        databases.drop(name)
        title = "Creating the base database (Odoo's modules, once)"
        install_modules(platform, progress, title, name, "-i", ",".join(MODULES))
        workspace.mark_done("base", key)
    return name


def ensure_template(platform: Platform, progress: Progress) -> str:
    """The base database with the addon; made anew from the base when the addon has changed.

    A fresh installation costs hardly more than an update and is free of what an earlier version
    left behind; updating is what `./oms update` does and the tests of upgrades prove.
    """
    databases, workspace = Databases(platform), platform.workspace
    name = platform.database_name("template")
    base = ensure_base(platform, progress)
    key = f"{workspace.stamp('base')} {addon_fingerprint()}"
    if not (workspace.is_done("template", key) and databases.exists(name)):
        workspace.forget("template")
        databases.copy(base, name)
        title = f"Installing {ADDON} in the template database"
        install_modules(platform, progress, title, name, "-i", ADDON)
        workspace.mark_done("template", key)
    return name
