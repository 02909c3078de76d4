"""What breaks, and how it is repaired. The shop and the processes are those of ``race``."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "tools"), str(REPOSITORY / "tests" / "concurrency")]

from second_postgres import SecondPostgres, second_postgres  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("race.fixtures")


@pytest.fixture(scope="session")
def postgres() -> Iterator[SecondPostgres]:
    """A PostgreSQL that may be broken."""
    with second_postgres() as made:
        yield made
