"""Carriers at work: what the simulator tells, when, and through which door."""

import os
import random
import subprocess
import sys
from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from odoo.addons.oms_extension.engine.tracking import meaning
from odoo.addons.oms_extension.engine.tracking.numbers import recognise

from oms_cli.commands import simulate
from oms_cli.context import Context
from oms_cli.platform import Choice
from oms_cli.progress import Progress
from oms_cli.server import OdooServer, Running
from oms_cli.simulation.play import Play, send_new, under_way
from oms_cli.simulation.ways import BY_RPC, NEXT, Parcel, event, said, speaks, steps

REPOSITORY = Path(__file__).resolve().parents[2]
CARRIERS = ("gls", "dhl_parcel_de", "laposte", "brt", "correos", "inpost", "dhl_express", "ups")


class Doors:
    """A server that keeps what it is sent."""

    def __init__(self, rows: tuple[dict[str, Any], ...] = ()) -> None:
        self.rows = rows
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.registered: list[dict[str, Any]] = []

    def webhook(self, told: dict[str, Any]) -> None:
        self.told.append(("webhook", told))

    def json2(self, _model: str, method: str, **arguments: Any) -> dict[str, Any]:
        if method == "register":
            self.registered += arguments["shipments"]
        else:
            self.told += [("JSON-2", told) for told in arguments["events"]]
        return {"errors": []}

    def call(self, model: str, _method: str, *_args: Any, **_kwargs: Any) -> list[dict[str, Any]]:
        if model == "oms.shipment":
            return list(self.rows)
        codes = {1: "gls", 2: "ups", 3: "a carrier without words"}
        return [{"id": key, "code": code} for key, code in codes.items()]


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def parcel(carrier: str = "gls", state: str = "in_transit") -> Parcel:
    return Parcel("721000047115", carrier, state, "Lyon", "FR")


def play(doors: Doors, speed: float = 60.0) -> tuple[Play, Clock, list[str]]:
    clock, lines = Clock(), []
    return Play(doors, speed, lines.append, clock.sleep, clock), clock, lines  # type: ignore[arg-type]


@pytest.mark.parametrize("state", list(NEXT))
@pytest.mark.parametrize("carrier", CARRIERS)
def test_every_parcel_arrives_at_last(carrier: str, state: str) -> None:
    for seed in range(20):
        made = steps(parcel(carrier, state), random.Random(seed))
        assert made[-1].name in ("delivered", "collected")
        assert [one.at for one in made] == sorted(one.at for one in made)
        assert made[0].at < 12


def test_what_is_said_has_a_meaning() -> None:
    for carrier in CARRIERS:
        if carrier in BY_RPC:
            continue  # whose codes the demo's people have mapped themselves
        for step in steps(parcel(carrier, "pending"), random.Random(1)):
            told = event(step, datetime(2026, 3, 18, 12, tzinfo=UTC))
            vocabulary = told.get("vocabulary", carrier)
            assert meaning.lookup(vocabulary, told["code"], told["description"]), told


def test_a_carrier_speaks_the_recipients_language_where_it_can() -> None:
    assert said("gls", "IT", "delivered") == ("DELIVERED", "Consegnata.")
    assert said("gls", "CZ", "delivered") == ("DELIVERED", "The parcel has been delivered.")
    assert said("ups", "IT", "delivered") == ("FS", "DELIVERED")
    assert not speaks("nobody")


def test_events_come_at_the_pace_that_was_asked_for() -> None:
    doors = Doors()
    slow, clock, lines = play(doors, speed=60.0)
    slow.run([parcel(), parcel("brt"), parcel("ups")], 1e6, random.Random(1))
    hours = clock.now / 60  # an hour takes a minute
    assert 5 < hours < 60
    assert len(lines) == slow.sent == len(doors.told)
    fast, clock, _lines = play(Doors(), speed=3600.0)
    fast.run([parcel(), parcel("brt"), parcel("ups")], 1e6, random.Random(1))
    assert clock.now == pytest.approx(hours)


def test_it_ends_when_its_time_is_over() -> None:
    some, clock, _lines = play(Doors())
    some.run([parcel(state="pending") for _number in range(9)], 5.0, random.Random(2))
    assert clock.now <= 300
    assert 0 < some.sent < 50


def test_each_carrier_uses_its_own_door() -> None:
    doors = Doors()
    some, _clock, lines = play(doors)
    some.run([parcel("brt"), parcel("ups")], 1e6, random.Random(1))
    used = {told["carrier"]: door for door, told in doors.told}
    assert used == {"brt": "JSON-2", "ups": "webhook"}
    assert all("721000047115" in line and "Lyon" in line for line in lines)


def test_parcels_of_all_carriers_take_their_turn() -> None:
    rows = tuple(
        {
            "tracking_number": f"N{number}",
            "oms_carrier_id": [1 if number < 20 else 2 if number < 22 else 3, ""],
            "state": "in_transit",
            "city": "Roma",
            "country_id": [1, ""],
        }
        for number in range(25)
    )
    chosen = under_way(Doors(rows), 6)  # type: ignore[arg-type]
    assert Counter(one.carrier for one in chosen) == {"gls": 4, "ups": 2}
    assert chosen[0].number == "N0"


def test_new_parcels_are_registered_with_numbers_of_their_carrier() -> None:
    doors = Doors()
    sent = send_new(doors, 5, random.Random(1))  # type: ignore[arg-type]
    assert [one.number for one in sent] == [one["tracking_number"] for one in doors.registered]
    for one in sent:
        assert "gls" in {guess.carrier for guess in recognise(one.number)}
    assert send_new(doors, 0, random.Random(1)) == []  # type: ignore[arg-type]
    assert send_new(doors, -3, random.Random(1)) == []  # type: ignore[arg-type]


def test_without_a_server_it_says_what_to_do(tmp_path: Path) -> None:
    said_by_oms = subprocess.run(
        [sys.executable, str(REPOSITORY / "tools"), "--work", str(tmp_path / "work"), "simulate"],
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said_by_oms.returncode == 1
    assert "No demo server runs: start it with ./oms demo" in said_by_oms.stderr


def test_a_speed_of_nothing_is_refused(tmp_path: Path) -> None:
    for speed in ("0", "-3", "fast"):
        said_by_oms = subprocess.run(
            [sys.executable, str(REPOSITORY / "tools"), "simulate", "--speed", speed],
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert said_by_oms.returncode == 2, speed


def test_ctrl_c_ends_it_in_peace(
    choice: Choice, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Doors):
        def __init__(self, url: str, database: str) -> None:
            super().__init__()
            assert (url, database) == ("http://127.0.0.1:8391", "demo")

        def log_in(self, *_account: str) -> None: ...

        def open_door(self) -> None: ...

        def webhook(self, told: dict[str, Any]) -> None:
            super().webhook(told)
            if len(self.told) == 3:
                raise KeyboardInterrupt

    monkeypatch.setattr(simulate, "Client", Interrupted)
    monkeypatch.setattr(OdooServer, "running", lambda _self: Running(1, 8391, "demo"))
    options = Namespace(speed=1e6, parcels=4, minutes=1.0, seed=1)
    assert simulate.run(Context(choice, options, [])) == 0
    assert "Told 2 events." in progress.out.getvalue()  # type: ignore[attr-defined]
