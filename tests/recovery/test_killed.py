"""A process that is killed leaves nothing half done, and whoever repeats the call finishes it."""

from random import Random

import pytest
from jobs import JOBS, check_consistent, check_done_once
from race.arena import SOAK, Arena

PROCESSES = 3
ROUNDS = 2 * SOAK


@pytest.mark.parametrize(
    ("job_name", "orders", "moments"),
    # Moments (see ``race.death``) of about what one process has to do.
    [("confirming", 12, 500), ("importing", 33, 1100), ("reallocating", 12, 600)],
)
def test_what_a_killed_process_began_is_finished_by_repeating_it(
    house: Arena, job_name: str, orders: int, moments: int
) -> None:
    random = Random(job_name)
    job = JOBS[job_name](house, random, PROCESSES, orders * SOAK)
    killed = 0
    for _round in range(ROUNDS):
        # One goes on while the others die beside it.
        deaths = [None, *(random.randint(1, moments) for _ in range(PROCESSES - 1))]
        outcomes = house.worker.run(job.programs, random.sample(deaths, PROCESSES))
        killed += sum(outcome["result"] == "killed" for outcome in outcomes)
        check_consistent(house)
    assert killed >= ROUNDS
    check_done_once(house, job, house.worker.run(job.programs))
