"""The server, or PostgreSQL, goes away while clients over HTTP are at work, and comes back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from signal import SIGINT, SIGQUIT
from typing import Any

import pytest
from jobs import JOBS, check_done_once
from outage import Outage
from race.arena import SOAK, Arena
from race.server import OdooServer
from race.worker import Worker
from second_postgres import SecondPostgres

Break = Callable[[OdooServer, SecondPostgres], None]


@pytest.fixture
def house(
    open_shop: tuple[str, dict[str, Any]],
    odoo_config: str,
    postgres: SecondPostgres,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Arena]:
    """The open shop on a PostgreSQL that may be broken."""
    stage, shop = open_shop
    name = f"house_{request.node.callspec.id}"
    postgres.take(stage, name)
    for variable, value in postgres.environment().items():
        monkeypatch.setenv(variable, value)
    with Worker(name, odoo_config, tmp_path / "worker.log") as worker:
        yield Arena(postgres.address(name), odoo_config, shop, worker, tmp_path)


def kill_the_server(server: OdooServer, _postgres: SecondPostgres) -> None:
    server.kill()
    server.start()


def crash_postgres(_server: OdooServer, postgres: SecondPostgres) -> None:
    postgres.restart(SIGQUIT)


def restart_postgres(_server: OdooServer, postgres: SecondPostgres) -> None:
    postgres.restart(SIGINT)


@pytest.mark.parametrize("break_it", [kill_the_server, crash_postgres, restart_postgres])
def test_clients_that_repeat_their_calls_get_everything_done_once(
    house: Arena, postgres: SecondPostgres, break_it: Break
) -> None:
    random = Random(break_it.__name__)
    job = JOBS["confirming"](house, random, 2, 10 * SOAK)
    job += JOBS["importing"](house, random, 2, 22 * SOAK)
    job += JOBS["reallocating"](house, random, 2, 6 * SOAK)
    outage = Outage()
    with house.server(workers=3) as server:
        outcomes = outage.work_through(
            server, job.programs, random.randint(4, 8), lambda: break_it(server, postgres)
        )
    assert outage.unanswered
    check_done_once(house, job, outcomes)
