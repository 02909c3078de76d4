"""Several servers ask a carrier, and die while they do: one at a time, nothing lost or doubled."""

import json
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from race.arena import SOAK, Arena

from odoo.addons.oms_extension.models.tracking.polling import connectors
from odoo.addons.oms_extension.tests.tracking.played_carriers import CREDENTIALS, PlayedCarrier
from odoo.addons.oms_extension.tests.tracking.polling_case import message

PROCESSES = 3
PARCELS = 40 * SOAK
AT_ONCE = 5
# About what asking all of them takes one process, see ``race.death``.
MOMENTS = 300

pytestmark = pytest.mark.skipif(
    "gls" not in connectors.installed(), reason="asking needs karrio-gls, see docs/polling.md"
)


@pytest.fixture
def carrier() -> Iterator[PlayedCarrier]:
    numbers = [f"{12345678901000000000 + one}" for one in range(PARCELS)]
    made = PlayedCarrier("gls", {number: message("gls", number) for number in numbers})
    made.pause = 0.05
    yield made
    made.close()


class Asking:
    """A connection to the carrier, its parcels, and processes that ask about them."""

    def __init__(self, house: Arena, carrier: PlayedCarrier) -> None:
        self.house = house
        self.carrier = carrier
        gls = self.call("oms.carrier", "search", [["code", "=", "gls"]])
        self.call(
            "oms.shipment",
            "create",
            [
                {"name": number, "tracking_number": number, "oms_carrier_id": gls[0]}
                for number in carrier.parcels
            ],
        )
        self.connection = self.call(
            "oms.tracking.connection",
            "create",
            {
                "name": "GLS",
                "connector": "gls",
                "carrier_ids": [[6, 0, gls]],
                "credentials": json.dumps(CREDENTIALS["gls"]),
                "server_url": carrier.url,
                "rate": 6000,
                "numbers_per_request": AT_ONCE,
            },
        )
        jobs = self.call(
            "ir.cron", "search", [["cron_name", "=", "Order Management: ask carriers"]]
        )
        self.job = self.call("ir.cron", "read", jobs, ["ir_actions_server_id"])[0][
            "ir_actions_server_id"
        ][0]

    def call(self, *args: Any) -> Any:
        return self.house.worker.ask("call", args=args, kwargs={})

    def go(self, *deaths: int | None) -> int:
        """Let processes ask, some of which die; the number of the dead."""
        programs = [[{"verb": "act", "action": self.job}]] * PROCESSES
        outcomes = self.house.worker.run(programs, deaths)
        errors = [one for one in outcomes if one["result"] not in ("done", "killed")]
        assert not errors, errors
        return sum(one["result"] == "killed" for one in outcomes)

    def time_passes(self) -> None:
        """What a dead process had begun ends, and its lease runs out."""
        while self.carrier.under_way:
            time.sleep(0.01)
        self.call("oms.tracking.connection", "write", [self.connection], {"lease_until": False})

    def check(self) -> None:
        """Each parcel's news are here once, and counted once."""
        count = len(self.carrier.parcels)
        states = self.house.query("SELECT state, count(*) FROM oms_shipment GROUP BY state")
        assert states == [("delivered", count)]
        events = self.house.query(
            "SELECT count(*), count(DISTINCT (shipment_id, code, occurred_at)) "
            "FROM oms_shipment_event"
        )
        assert events == [(3 * count, 3 * count)]
        counted = self.house.query(
            "SELECT event_count, answer_count, health FROM oms_tracking_connection"
        )
        assert counted == [(3 * count, count, "ok")]


def test_however_many_ask_a_carrier_is_asked_by_one_at_a_time(
    house: Arena, carrier: PlayedCarrier
) -> None:
    asking = Asking(house, carrier)
    asking.go()
    asking.check()
    assert carrier.at_once == 1
    assert len(carrier.asked) == PARCELS / AT_ONCE
    assert carrier.logins == 1


def test_what_a_dead_server_had_asked_is_asked_again_and_kept_once(
    house: Arena, carrier: PlayedCarrier
) -> None:
    asking = Asking(house, carrier)
    random = Random(7)
    killed = 0
    for _round in range(4 * SOAK):
        killed += asking.go(*(random.randint(1, MOMENTS) for _ in range(PROCESSES)))
        asking.time_passes()
    assert killed
    asking.go()
    asking.check()
    assert carrier.at_once == 1
