"""What breaks, and how it is repaired. The shop and the processes are those of ``race``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "tools"), str(REPOSITORY / "tests" / "concurrency")]

from race.arena import Arena  # noqa: E402
from race.worker import Worker  # noqa: E402
from second_postgres import SecondPostgres, second_postgres  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("race.fixtures")


@pytest.fixture(scope="session")
def postgres() -> Iterator[SecondPostgres]:
    """A PostgreSQL that may be broken."""
    with second_postgres() as made:
        yield made


@pytest.fixture
def fragile_house(
    open_shop: tuple[str, dict[str, Any]],
    odoo_config: str,
    postgres: SecondPostgres,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Arena]:
    """The open shop on a PostgreSQL that may be broken."""
    stage, shop = open_shop
    name = f"{request.module.__name__}_{request.node.callspec.id}"
    postgres.take(stage, name)
    for variable, value in postgres.environment().items():
        monkeypatch.setenv(variable, value)
    with Worker(name, odoo_config, tmp_path / "worker.log") as worker:
        yield Arena(postgres.address(name), odoo_config, shop, worker, tmp_path)
