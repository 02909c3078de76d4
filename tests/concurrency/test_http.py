"""Many clients over HTTP, half with XML-RPC and half with JSON-2, at the same moment."""

import pytest
from race import programs
from race.arena import SOAK, Arena


@pytest.mark.parametrize("seed", [31, 32])
def test_clients_over_http_get_what_they_ask_for(house: Arena, seed: int) -> None:
    situation = programs.comings_and_goings(seed, clients=6, rounds=5 * SOAK)
    outcomes = house.play(situation, http_workers=3)
    house.check(situation, outcomes)

    confirmed, cancelled = (
        {one["order"] for one in outcomes if one["verb"] == verb} for verb in ("confirm", "cancel")
    )
    states = dict(house.query("SELECT id, state FROM sale_order"))
    assert states == {one: "cancel" if one in cancelled else "sale" for one in confirmed}
