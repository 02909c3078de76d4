"""Every test here has a database of its own, because it really commits.

A plugin of pytest's that the folders' ``conftest.py`` ask for, so that they share one open shop.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from odoo.tests.common import get_db_name
from odoo.tools import config

from race import arena, databases


@pytest.fixture(scope="session")
def odoo_config() -> str:
    return os.environ.get("OMS_ODOO_CONFIG") or str(config["config"])


@pytest.fixture(scope="session")
def open_shop(
    odoo_config: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name of a database with the addon and an open shop, and the shop's ids."""
    source = os.environ.get("OMS_TEMPLATE_DATABASE") or get_db_name()
    name = f"oms_conc_p{os.getpid()}"
    with arena.stage(source, name, odoo_config, tmp_path_factory.mktemp("stage")) as shop:
        yield name, shop


@pytest.fixture
def house(
    open_shop: tuple[str, dict[str, Any]],
    odoo_config: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[arena.Arena]:
    """A copy of the open shop for one test."""
    stage, shop = open_shop
    test = re.sub(r"\W+", "_", request.node.name)[:30].lower()
    name = f"{stage}_{test}"
    databases.drop(name)
    with arena.arena(stage, name, odoo_config, shop, tmp_path) as made:
        yield made
