"""Carriers that send webhooks without end, and repeat what was not answered as they do."""

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Condition, Event, Thread
from typing import Any

from race.arena import Arena
from race.server import OdooServer

KEY = b"k" * 24
SECRET = "whsec_" + base64.b64encode(KEY).decode()
STORY = (
    "label_created",
    "picked_up",
    "in_transit",
    "customs",
    "in_transit",
    "out_for_delivery",
    "attempt_failed",
    "out_for_delivery",
    "delivered",
)
GIVE_UP_SECONDS = 240
REPAIR_SECONDS = 120


class ServerWithJobs(OdooServer):
    """The server with the process that runs scheduled jobs, started again whenever it ends.

    Odoo ends when it needs a new process for its jobs while PostgreSQL is away; where it is in
    earnest use, something starts it again.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        at = self._arguments.index("--max-cron-threads")
        self._arguments[at + 1] = "1"
        self._over = Event()
        self._watch = Thread(target=self._start_again)

    def __enter__(self) -> "ServerWithJobs":
        self.start()
        self._watch.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._watch.join()
        self.stop()

    def _start_again(self) -> None:
        while not self._over.wait(0.2):
            if self._child and self._child.poll() is not None:
                try:
                    self.start()
                except RuntimeError:  # PostgreSQL is not there yet
                    continue


@dataclass
class Stream:
    """Every parcel's story, each message with all that was known by then, in any order."""

    parcels: list[str]
    bodies: list[bytes]
    token: str = ""
    answered: list[bytes] = field(default_factory=list)
    unanswered: int = 0
    _changed: Condition = field(default_factory=Condition)

    @property
    def path(self) -> str:
        return f"/oms/hook/{self.token}"

    def send(
        self, server: OdooServer, senders: int, breaks: list[tuple[int, Callable[[], None]]]
    ) -> None:
        """Send all from several senders at once, and break something when so many were answered.

        Every message is repeated until it is answered with success.
        """
        end = time.monotonic() + GIVE_UP_SECONDS
        threads = [
            Thread(target=self._sender, args=(server.port, self.bodies[number::senders], end))
            for number in range(senders)
        ]
        for thread in threads:
            thread.start()
        for count, break_it in breaks:
            with self._changed:
                assert self._changed.wait_for(
                    lambda count=count: len(self.answered) >= count, REPAIR_SECONDS
                ), len(self.answered)
            break_it()
        for thread in threads:
            thread.join()
        assert sorted(self.answered) == sorted(self.bodies)

    def _sender(self, port: int, bodies: list[bytes], end: float) -> None:
        for body in bodies:
            while time.monotonic() < end:
                if self._post(port, body):
                    with self._changed:
                        self.answered.append(body)
                        self._changed.notify_all()
                    break
                with self._changed:
                    self.unanswered += 1
                time.sleep(0.2)

    def _post(self, port: int, body: bytes) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST", self.path, body, signed(body))
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def signed(body: bytes) -> dict[str, str]:
    """Headers as Standard Webhooks asks for."""
    stamp = str(int(time.time()))
    identity = hashlib.sha256(body).hexdigest()[:16]
    digest = hmac.digest(KEY, f"{identity}.{stamp}.".encode() + body, "sha256")
    return {
        "Content-Type": "application/json",
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def stream(random: Random, parcels: int) -> Stream:
    """Messages about that many parcels; a tenth of them is sent twice."""
    numbers = [f"STREAM{number:04}" for number in range(parcels)]
    bodies = []
    for number in numbers:
        events = [
            {
                "tracking_number": number,
                "status": status,
                "occurred_at": f"2026-03-0{day}T10:00:00Z",
                "location": {"city": f"Town {day}", "country": "IT"},
            }
            for day, status in enumerate(STORY, 1)
        ]
        bodies += [json.dumps({"events": events[: day + 1]}).encode() for day in range(len(STORY))]
    bodies += random.sample(bodies, len(bodies) // 10)
    random.shuffle(bodies)
    return Stream(numbers, bodies)


def open_door(house: Arena, sent: Stream) -> None:
    """Register the parcels, and a source of webhooks."""

    def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        return house.worker.ask("call", args=[model, method, *args], kwargs=kwargs)

    call(
        "oms.shipment",
        "create",
        [{"name": number, "tracking_number": number} for number in sent.parcels],
    )
    door = call("oms.tracking.source", "create", {"name": "Carrier", "secret": SECRET})
    sent.token = call("oms.tracking.source", "read", [door], ["token"])[0]["token"]
