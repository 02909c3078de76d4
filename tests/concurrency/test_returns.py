"""Several who announce the same units, or pay the same return back, at the same moment."""

from collections import Counter
from random import Random

import pytest
from race.arena import SOAK, Arena
from race.programs import Situation, order

LEFT = "can still be returned"


def shipped(house: Arena, seed: int, orders: int, units: int) -> list[int]:
    """Orders of so many units each, delivered."""
    random = Random(seed)
    goods = {"cup": [orders * units, 0, 0]}
    situation = Situation(
        goods, [order(random, ("cup", units), warehouse=0) for _ in range(orders)], lambda ids: []
    )
    ids = house.prepare(situation)
    outcomes = house.worker.run(
        [[{"verb": verb, "order": one} for one in ids for verb in ("confirm", "deliver")]]
    )
    assert {one["result"] for one in outcomes} == {"done"}, outcomes
    return ids


@pytest.mark.parametrize(("seed", "http_workers"), [(41, 0), (42, 3)])
def test_no_unit_is_announced_twice_however_many_ask_at_once(
    house: Arena, seed: int, http_workers: int
) -> None:
    units, processes = 2, 4
    ids = shipped(house, seed, 4 * SOAK, units)
    programs = [
        [step for one in ids for step in ({"meet": True}, {"verb": "announce", "order": one})]
        for _ in range(processes)
    ]
    if http_workers:
        with house.server(http_workers) as server:
            outcomes = server.run(programs)
    else:
        outcomes = house.worker.run(programs)
    told = Counter(one["result"] for one in outcomes if one.get("verb") == "announce")
    refused = [one["message"] for one in outcomes if one["result"] == "refused"]
    assert told == {"done": len(ids) * units, "refused": len(ids) * (processes - units)}, outcomes
    assert all(LEFT in message for message in refused)
    announced = dict(
        house.query(
            """
            SELECT one.order_id, sum(line.quantity) FROM oms_return_line line
              JOIN oms_return one ON one.id = line.return_id GROUP BY one.order_id
            """
        )
    )
    assert announced == dict.fromkeys(ids, units)
