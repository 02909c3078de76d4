"""Server or PostgreSQL die in the middle of a stream of webhooks: nothing is lost, nothing doubled.

What was answered was kept; what was kept becomes events, whoever dies between any two steps.
"""

import time
from random import Random

import pytest
from breaks import Break, crash_postgres, restart_postgres
from race import databases
from race.arena import SOAK, Arena
from race.server import OdooServer
from second_postgres import SecondPostgres
from webhook_stream import STORY, ServerWithJobs, Stream, open_door, stream

WORK_OFF_SECONDS = 120


def kill_the_server(server: OdooServer, _postgres: SecondPostgres) -> None:
    server.kill()


@pytest.mark.parametrize("break_it", [kill_the_server, crash_postgres, restart_postgres])
def test_a_stream_of_webhooks_survives(
    fragile_house: Arena, postgres: SecondPostgres, break_it: Break
) -> None:
    random = Random(break_it.__name__)
    sent = stream(random, 12 * SOAK)
    open_door(fragile_house, sent)
    total = len(sent.bodies)
    log = fragile_house.folder / "server.log"
    with ServerWithJobs(
        fragile_house.worker.database, fragile_house.config, log, 2, fragile_house.shop["key"]
    ) as server:
        breaks = [(total * tenths // 10, lambda: break_it(server, postgres)) for tenths in (3, 7)]
        sent.send(server, 4, breaks)
        assert sent.unanswered, "nothing broke while somebody was sending"
        work_off(fragile_house, postgres)
    check_stored_once(fragile_house, sent)


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
