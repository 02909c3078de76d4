"""The server, or PostgreSQL, goes away while clients over HTTP are at work, and comes back."""

from random import Random

import pytest
from breaks import Break, crash_postgres, restart_postgres
from jobs import JOBS, check_done_once
from outage import Outage
from race.arena import SOAK, Arena
from race.server import OdooServer
from second_postgres import SecondPostgres


def kill_the_server(server: OdooServer, _postgres: SecondPostgres) -> None:
    server.kill()
    server.start()


@pytest.mark.parametrize("break_it", [kill_the_server, crash_postgres, restart_postgres])
def test_clients_that_repeat_their_calls_get_everything_done_once(
    fragile_house: Arena, postgres: SecondPostgres, break_it: Break
) -> None:
    random = Random(break_it.__name__)
    job = JOBS["confirming"](fragile_house, random, 2, 10 * SOAK)
    job += JOBS["importing"](fragile_house, random, 2, 22 * SOAK)
    job += JOBS["reallocating"](fragile_house, random, 2, 6 * SOAK)
    outage = Outage()
    with fragile_house.server(workers=3) as server:
        outcomes = outage.work_through(
            server, job.programs, random.randint(4, 8), lambda: break_it(server, postgres)
        )
    assert outage.unanswered
    check_done_once(fragile_house, job, outcomes)
