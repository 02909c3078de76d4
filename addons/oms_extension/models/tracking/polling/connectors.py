"""Which of karrio's connectors are installed, found without importing any of them."""

import os
import pkgutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

FOLDER = "OMS_KARRIO"
"""Environment variable of the server: a folder that karrio was installed into, apart from Odoo's
packages. karrio brings PyPDF2 3, and Odoo cannot print where that lies beside it."""
AT_ONCE = 5
"""Numbers to ask about together where a connector takes one in a request: so many at a time."""


RATE = 60
"""Requests a minute where nothing else is known."""


@dataclass(frozen=True, slots=True)
class Connector:
    """What is known of a connector beforehand.

    :ivar numbers: how many to ask about together. :ivar carriers: codes of the carriers whose
        parcels it knows. :ivar rate: requests a minute. :ivar daily: requests a day; 0: any number.
    """

    label: str
    numbers: int = AT_ONCE
    carriers: tuple[str, ...] = ()
    rate: int = RATE
    daily: int = 0


KNOWN = {
    "asendia": Connector("Asendia", carriers=("asendia",)),
    "dhl_universal": Connector(
        "DHL (Unified Tracking)",
        carriers=("dhl_universal", "dhl_express", "dhl_parcel_de", "dhl_ecommerce", "dhl"),
        # What a new account gets, https://developer.dhl.com/api-reference/shipment-tracking
        rate=12,
        daily=250,
    ),
    "fedex": Connector("FedEx", 30, ("fedex",)),
    "gls": Connector("GLS", 10, ("gls",)),
    "laposte": Connector("La Poste", 10, ("laposte", "chronopost")),
    "spring": Connector("Spring", carriers=("spring",)),
    "ups": Connector("UPS", carriers=("ups",)),
    "usps": Connector("USPS", carriers=("usps",)),
}
"""Those whose own messages are read here, by ``engine/tracking/formats``, for exact times and
codes. Any other connector works as well, by karrio's reading."""


def places():
    """Folders that hold karrio, possibly none: that of the environment, else where Python looks."""
    if folder := os.environ.get(FOLDER):
        return [Path(folder)] if Path(folder, "karrio").is_dir() else []
    spec = find_spec("karrio")
    return [Path(place).parent for place in (spec and spec.submodule_search_locations) or ()]


def installed():
    """Names of the connectors that are there, such as ``dhl_universal``."""
    folders = [str(place / "karrio" / "mappers") for place in places()]
    return sorted(module.name for module in pkgutil.iter_modules(folders) if module.ispkg)


def label(name):
    known = KNOWN.get(name)
    return known.label if known else name.replace("_", " ").title()


def packages(name):
    """What to install for a connector."""
    return "--target FOLDER karrio karrio-" + name.replace("_", "-")
