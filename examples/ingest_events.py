"""Tell Odoo what happened to parcels, over JSON-2, in batches; repeat whatever got no answer.

    ODOO_URL=https://shop.example.com ODOO_DB=shop ODOO_KEY=… python ingest_events.py events.json

The file holds a JSON list of events as in docs/api.md. Run it as often as you like: an event that
Odoo knows already is not stored again. Events of parcels that Odoo does not know yet wait for them.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

SENT_TOGETHER = 500
TRIES = 5


def call(model, method, **arguments):
    """One call of Odoo's JSON-2 interface."""
    request = urllib.request.Request(
        f"{os.environ['ODOO_URL']}/json/2/{model}/{method}",
        data=json.dumps(arguments).encode(),
        headers={
            "Authorization": f"bearer {os.environ['ODOO_KEY']}",
            "X-Odoo-Database": os.environ["ODOO_DB"],
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def persistent(model, method, **arguments):
    """The same, again and again after ever longer pauses while the server is away."""
    for attempt in range(1, TRIES + 1):
        try:
            return call(model, method, **arguments)
        except urllib.error.HTTPError as error:
            if error.code < 500 or attempt == TRIES:
                sys.exit(f"{error.code}: {error.read().decode(errors='replace')[:500]}")
        except OSError:
            if attempt == TRIES:
                raise
        time.sleep(2**attempt)
    raise AssertionError("unreachable")


def main(path):
    with open(path, encoding="utf-8") as file:
        events = json.load(file)
    total = {"stored": 0, "duplicate": 0, "unmatched": 0}
    wrong = 0
    for start in range(0, len(events), SENT_TOGETHER):
        part = events[start : start + SENT_TOGETHER]
        answer = persistent("oms.shipment", "ingest_events", events=part)
        for name in total:
            total[name] += answer[name]
        for one in answer["errors"]:
            wrong += 1
            print(f"event {start + one['index']}: {one['error']}")
    print(", ".join(f"{name} {count}" for name, count in total.items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
