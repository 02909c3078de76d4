"""The databases that people look at: the demo's story, and Olist's orders."""

from .database import Databases, install_modules
from .platform import ADDON, Platform
from .problem import Problem
from .progress import Progress
from .template import addon_fingerprint

DEMO = "demo"
OLIST = "olist"
DEMO_MODULES = ("sale_management", "sale_stock", "stock_delivery", "purchase_stock")


def require(platform: Platform, which: str) -> str:
    """The name of the database `which`; `Problem` when nobody made it yet."""
    name = platform.database_name(which)
    if not Databases(platform).exists(name):
        raise Problem("There is no demo database yet: make it with ./oms demo.")
    return name


def ensure(platform: Platform, progress: Progress, which: str) -> str:
    """The database `which` with the addon, made where it is not there whole.

    `demo` holds the story of the demo data, `olist` starts empty. A half-made one is made again.
    """
    databases, workspace = Databases(platform), platform.workspace
    name = platform.database_name(which)
    if workspace.stamp(which) and databases.exists(name):
        return name
    workspace.forget(which)
    databases.drop(name)
    demo = ("--with-demo",) if which == DEMO else ()
    title = "Creating the demo database" if demo else "Creating the database for Olist's orders"
    modules = ",".join((*DEMO_MODULES, ADDON))
    install_modules(platform, progress, title, name, "-i", modules, *demo)
    workspace.mark_done(which, addon_fingerprint())
    return name


def is_current(platform: Platform, which: str) -> bool:
    """Whether the database has the addon as it lies in the repository now."""
    return platform.workspace.is_done(which, addon_fingerprint())


def update(platform: Platform, progress: Progress, which: str) -> None:
    """Bring the addon in the database up to the sources."""
    name = require(platform, which)
    install_modules(platform, progress, f"Updating {ADDON} in {name}", name, "-u", ADDON)
    platform.workspace.mark_done(which, addon_fingerprint())
