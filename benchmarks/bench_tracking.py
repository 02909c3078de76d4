"""How fast carriers' events come in through each door, against PostgreSQL's COPY of the same rows.

    ./oms bench tracking [--events 60000] [--million] [--quick] [--save]

A real server on a database with the addon. COPY writes rows like those of the events into the same
table, with its indexes and foreign keys: the physical limit of storing them. XML-RPC is set against
a method that takes the same argument and does nothing, single webhooks against a route that does
nothing. With ``--million`` a million events come in and the server's memory is watched.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import hmac
import http.client
import io
import json
import threading
import time
import xmlrpc.client
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from .harness import document, platform
from .harness.server import Served, served
from .harness.side import Side, sides

Event = dict[str, Any]
BATCH = 500
LARGE_BATCH = 2000
EVENTS_PER_PARCEL = 5
HEAD = ("door", "events/s", "÷ COPY", "÷ what does nothing")
SECRET = "whsec_" + base64.b64encode(b"benchmark-secret-of-32-bytes-ok!").decode()
CITIES = ("Milano", "Bologna", "Roma", "Napoli", "Torino", "Verona", "Firenze", "Bari")
WAY = ("picked_up", "in_transit", "in_transit", "out_for_delivery", "delivered")


# --- in the database's own process ------------------------------------------------------------


def prepare(env: Any, parcels: int) -> dict[str, Any]:
    """Parcels, an account for a program, and a webhook's door."""
    env.cr.execute(
        """
        INSERT INTO oms_shipment (name, active, company_id, direction, tracking_number,
            tracking_key, state, oms_carrier_id, access_token, event_count, city)
        SELECT 'T' || n, true, %s, 'outbound', 'T' || n, 'T' || n, 'pending',
            (SELECT id FROM oms_carrier WHERE code = 'ups'), md5(n::text), 0, 'Roma'
        FROM generate_series(0, %s) n
        """,
        [env.company.id, parcels - 1],
    )
    user = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "password": "bench-secret",
            "group_ids": [(4, env.ref("oms_extension.group_integrator").id)],
        }
    )
    key = env(user=user)["res.users.apikeys"].sudo()._generate("rpc", "bench", "2100-01-01")
    source = env["oms.tracking.source"].create(
        {"name": "Bench", "kind": "webhook", "format": "standard", "scheme": "standard_webhooks",
         "secret": SECRET}
    )  # fmt: skip
    env.flush_all()
    env.cr.execute("ANALYZE oms_shipment")
    return {"uid": user.id, "key": key, "hook": urlsplit(source.hook_url).path}


def copy(env: Any, start: int, count: int) -> float:
    """Rows like those of ``count`` events, by COPY; seconds."""
    from odoo.addons.oms_extension.models.tracking.ingest import store

    env.cr.execute("SELECT id FROM oms_shipment WHERE tracking_key LIKE 'T%%' ORDER BY id")
    ids = [one for (one,) in env.cr.fetchall()]
    buffer = io.StringIO()
    for event in events(start, count):
        parcel = int(event["tracking_number"][1:])
        key = hashlib.sha256(repr(event).encode()).hexdigest()[:24]
        city = event["location"]["city"]
        row = (ids[parcel % len(ids)], env.company.id, event["tracking_number"], "ups", "ups",
               "XX", event["status"], event["description"], event["status"], r"\N", r"\N",
               event["occurred_at"][:19].replace("T", " "), "Europe/Rome", f"{city}, IT", city,
               "IT", r"\N", r"\N", r"\N", "rpc", r"\N", r"\N", f"copy{key}",
               "2026-03-01 00:00:00")  # fmt: skip
        buffer.write("\t".join(map(str, row)) + "\n")
    buffer.seek(0)
    started = time.perf_counter()
    env.cr._obj.copy_expert(
        f"COPY oms_shipment_event ({', '.join(store.EVENT_COLUMNS)}) FROM STDIN", buffer
    )
    return time.perf_counter() - started


def work_off_file(env: Any, text: str) -> tuple[float, int]:
    """Take a CSV file in through the inbox and work it off; seconds and events stored."""
    events_ = env["oms.shipment.event"]
    before = events_.search_count([])
    wizard = env["oms.tracking.file.import"].create(
        {"file": base64.b64encode(text.encode()), "filename": "events.csv", "format": "csv"}
    )
    started = time.perf_counter()
    wizard.action_check()
    wizard.action_import()
    while waiting := env["oms.tracking.message"].sudo().search([("state", "=", "new")]):
        waiting._work_slice()
    return time.perf_counter() - started, events_.search_count([]) - before


def work_off_inbox(env: Any) -> tuple[float, int]:
    """What the job does with the webhooks that were answered; seconds and messages."""
    messages = env["oms.tracking.message"].sudo().search([("state", "=", "new")])
    started = time.perf_counter()
    for start in range(0, len(messages), 50):
        messages[start : start + 50]._work()
    env.flush_all()
    return time.perf_counter() - started, len(messages)


# --- over HTTP --------------------------------------------------------------------------------


def events(start: int, count: int) -> Iterator[Event]:
    """Events number ``start`` to ``start + count``, five on each parcel's way."""
    for number in range(start, start + count):
        parcel, step = divmod(number, EVENTS_PER_PARCEL)
        yield {
            "tracking_number": f"T{parcel}",
            "carrier": "ups",
            "status": WAY[step],
            "occurred_at": f"2026-03-{1 + step:02d}T{parcel % 24:02d}:{number % 60:02d}:00+01:00",
            "location": {"city": CITIES[(parcel + step) % len(CITIES)], "country": "IT"},
            "description": "Departed from facility",
        }


def letters(start: int, count: int, batch: int = BATCH) -> Iterator[str]:
    """``count`` events as bodies for JSON-2, a batch each."""
    for first in range(start, start + count, batch):
        yield json.dumps({"events": list(events(first, batch))})


def json2(
    server: Served,
    access: dict[str, Any],
    bodies: Iterable[str],
    method: str = "ingest_events",
    batch: int = BATCH,
) -> None:
    """Post batches of events over JSON-2, on one connection."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    headers = {
        "Authorization": f"bearer {access['key']}",
        "Content-Type": "application/json",
        "X-Odoo-Database": server.database,
    }
    for body in bodies:
        connection.request("POST", f"/json/2/oms.shipment/{method}", body, headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200 or (method != "ignore" and answer["stored"] != batch):
            raise RuntimeError(f"JSON-2: {str(answer)[:500]}")


def over_xmlrpc(
    server: Served, access: dict[str, Any], method: str, start: int, count: int
) -> None:
    """Send ``count`` events over XML-RPC in batches."""
    proxy: Any = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")
    for first in range(start, start + count, BATCH):
        proxy.execute_kw(
            server.database, access["uid"], access["key"], "oms.shipment", method, [],
            {"events": list(events(first, BATCH))},
        )  # fmt: skip


def webhooks(server: Served, path: str, start: int, count: int) -> None:
    """Post ``count`` signed webhooks with one event each, on one connection."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    for event in events(start, count):
        body = json.dumps({"events": [event]}).encode()
        stamp = str(int(time.time()))
        name = f"msg_{event['tracking_number']}_{event['occurred_at']}"
        signed = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"webhook answered {response.status}")


def together(clients: int, work: Callable[[int], None]) -> float:
    """Seconds that this many clients take who start together."""
    problems: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as problem:  # told by the main thread
            problems.append(problem)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return time.perf_counter() - started


# --- the benchmark ----------------------------------------------------------------------------


class Series:
    """Hands out event numbers, so that none is sent twice."""

    def __init__(self) -> None:
        self.next = 0

    def take(self, count: int) -> int:
        """The first of ``count`` numbers."""
        first, self.next = self.next, self.next + count
        return first


def measure(side: Side, server: Served, access: dict[str, Any], count: int, table: document.Table,
            series: Series) -> None:  # fmt: skip
    """One row for each door."""
    json2(server, access, letters(series.take(BATCH), BATCH))
    over_xmlrpc(server, access, "ingest_events", series.take(BATCH), BATCH)
    limit = count / side.run(copy, start=0, count=count).result
    table.add(("COPY into the events' table", f"{limit:,.0f}", "1", ""))

    def row(door: str, rate: float, nothing: float | None = None) -> None:
        against = f"{rate / nothing:.2f}" if nothing else ""
        table.add((door, f"{rate:,.0f}", f"{rate / limit:.2f}", against))

    first = list(letters(series.take(count), count))
    ignored = count / together(1, lambda _n: json2(server, access, first, "ignore"))
    row("JSON-2, batches of 500, one client",
        count / together(1, lambda _n: json2(server, access, first)), ignored)  # fmt: skip
    row("JSON-2, batches of 500, two clients", two_clients(server, access, count, series))
    large = list(letters(series.take(count), count, LARGE_BATCH))
    row(
        f"JSON-2, batches of {LARGE_BATCH:,}, one client",
        count / together(1, lambda _n: json2(server, access, large, batch=LARGE_BATCH)),
    )
    with served(server.database, workers=2) as workers:
        two_clients(workers, access, 8 * BATCH, series)
        row(
            "JSON-2, batches of 500, two clients, two worker processes",
            two_clients(workers, access, count, series),
        )

    some = max(count // 4 // BATCH, 1) * BATCH
    begin = series.take(some)
    ignored = some / together(1, lambda _n: over_xmlrpc(server, access, "ignore", begin, some))
    taken = some / together(1, lambda _n: over_xmlrpc(server, access, "ingest_events", begin, some))
    row("XML-RPC, batches of 500", taken, ignored)

    lines = list(events(series.take(count), count))
    text = io.StringIO()
    names = ("tracking_number", "carrier", "status", "occurred_at", "location", "description")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(one | {"location": one["location"]["city"]} for one in lines)
    seconds, stored = side.run(work_off_file, text=text.getvalue()).result
    if stored != count:
        raise RuntimeError(f"of {count} lines {stored} were stored")
    row("CSV file", count / seconds)

    hooks = max(count // 50, 50)
    begin = series.take(hooks)
    empty = hooks / together(1, lambda _n: webhooks(server, "/bench/empty", begin, hooks))
    kept = hooks / together(1, lambda _n: webhooks(server, access["hook"], begin, hooks))
    row("single webhooks, until answered", kept, empty)
    seconds, messages = side.run(work_off_inbox).result
    row("single webhooks, worked off by the job", messages / seconds)


def two_clients(server: Served, access: dict[str, Any], count: int, series: Series) -> float:
    """Events per second that two clients bring at once."""
    half = count // 2 // BATCH * BATCH
    bodies = [list(letters(series.take(half), half)) for _client in range(2)]
    return 2 * half / together(2, lambda n: json2(server, access, bodies[n]))


def watch_memory(server: Served, access: dict[str, Any], series: Series, total: int) -> list[float]:
    """MiB that the server holds after each tenth of ``total`` events."""
    held = []
    for _tenth in range(10):
        json2(server, access, letters(series.take(total // 10), total // 10))
        held.append(server.resident())
    return held


def main() -> None:
    """Measure, print, and keep the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--million", action="store_true", help="watch memory over 10^6 events")
    parser.add_argument("--quick", action="store_true", help="few events")
    document.add_arguments(parser)
    options = parser.parse_args()
    platform.require()
    count = LARGE_BATCH if options.quick else options.events // LARGE_BATCH * LARGE_BATCH
    total = 1_000_000 if options.million else 10 * BATCH
    table = document.Table("tracking", HEAD)
    series = Series()
    with sides("addon") as (side,):
        parcels = (8 * count + total) // EVENTS_PER_PARCEL + 3000
        access = side.run(prepare, parcels=parcels).result
        with served(f"{platform.copied('addon')}") as server:
            measure(side, server, access, count, table, series)
            held = watch_memory(server, access, series, total)
    table.note(
        f"{count:,} events for each door, {EVENTS_PER_PARCEL} per parcel, {parcels:,} parcels; one "
        "server process with threads and PostgreSQL on the same machine."
    )
    table.note(
        f"Memory of the server while {total:,} more events come in over JSON-2: "
        + ", ".join(f"{one:.0f}" for one in held)
        + " MiB."
    )
    table.finish(options.save)


if __name__ == "__main__":
    main()
