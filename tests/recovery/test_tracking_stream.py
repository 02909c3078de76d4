"""Server or PostgreSQL die in the middle of a stream of webhooks: nothing is lost, nothing doubled.

What was answered was kept; what was kept becomes events, whoever dies between any two steps.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from signal import SIGINT, SIGQUIT
from typing import Any

import pytest
from race import databases
from race.arena import SOAK, Arena
from race.server import OdooServer
from race.worker import Worker
from second_postgres import SecondPostgres
from webhook_stream import STORY, ServerWithJobs, Stream, open_door, stream

Break = Callable[[OdooServer, SecondPostgres], None]
WORK_OFF_SECONDS = 120


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
    name = f"stream_{request.node.callspec.id}"
    postgres.take(stage, name)
    for variable, value in postgres.environment().items():
        monkeypatch.setenv(variable, value)
    with Worker(name, odoo_config, tmp_path / "worker.log") as worker:
        yield Arena(postgres.address(name), odoo_config, shop, worker, tmp_path)


def kill_the_server(server: OdooServer, _postgres: SecondPostgres) -> None:
    server.kill()


def crash_postgres(_server: OdooServer, postgres: SecondPostgres) -> None:
    postgres.restart(SIGQUIT)


def restart_postgres(_server: OdooServer, postgres: SecondPostgres) -> None:
    postgres.restart(SIGINT)


@pytest.mark.parametrize("break_it", [kill_the_server, crash_postgres, restart_postgres])
def test_a_stream_of_webhooks_survives(
    house: Arena, postgres: SecondPostgres, break_it: Break
) -> None:
    random = Random(break_it.__name__)
    sent = stream(random, 12 * SOAK)
    open_door(house, sent)
    total = len(sent.bodies)
    log = house.folder / "server.log"
    with ServerWithJobs(house.worker.database, house.config, log, 2, house.shop["key"]) as server:
        breaks = [(total * tenths // 10, lambda: break_it(server, postgres)) for tenths in (3, 7)]
        sent.send(server, 4, breaks)
        assert sent.unanswered, "nothing broke while somebody was sending"
        work_off(house, postgres)
    check_stored_once(house, sent)


def work_off(house: Arena, postgres: SecondPostgres) -> None:
    """Wait until the inbox is empty; what was begun and interrupted need not wait for its pause."""
    name = house.worker.database
    end = time.monotonic() + WORK_OFF_SECONDS
    while time.monotonic() < end:
        [(waiting,)] = house.query("SELECT count(*) FROM oms_tracking_message WHERE state = 'new'")
        if not waiting:
            return
        house.query(
            """
            WITH interrupted AS (
                UPDATE oms_tracking_message SET next_try_at = now() at time zone 'UTC'
                WHERE state = 'new' AND next_try_at > now() at time zone 'UTC' + interval '30 s')
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT res_id, now() at time zone 'UTC' FROM ir_model_data
            WHERE module = 'oms_extension' AND name = 'cron_tracking_inbox'
            """
        )
        databases.query(postgres.address("postgres"), "SELECT pg_notify('cron_trigger', %s)", name)
        time.sleep(1)
    raise AssertionError(house.query("SELECT id, attempts, error FROM oms_tracking_message"))


def check_stored_once(house: Arena, sent: Stream) -> None:
    kept = dict(house.query("SELECT state, count(*) FROM oms_tracking_message GROUP BY state"))
    assert kept == {"done": len(set(sent.bodies))}
    events = house.query(
        """
        SELECT shipment.tracking_number, shipment.state, shipment.event_count, shipment.attempts,
               count(event.id), count(DISTINCT event.occurred_at)
        FROM oms_shipment shipment
        JOIN oms_shipment_event event ON event.shipment_id = shipment.id
        GROUP BY shipment.id ORDER BY shipment.tracking_number
        """
    )
    expected = ("delivered", len(STORY), 1, len(STORY), len(STORY))
    assert events == [(number, *expected) for number in sent.parcels]
    [(told,)] = house.query(
        "SELECT sum(stored_count) FROM oms_tracking_message WHERE state = 'done'"
    )
    assert told == len(sent.parcels) * len(STORY)
