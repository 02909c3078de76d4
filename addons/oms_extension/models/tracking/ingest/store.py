"""Events and standings in PostgreSQL, many at once."""

import csv
import io
import json
from datetime import UTC
from itertools import chain, islice
from operator import itemgetter

from ....engine.tracking import message
from ....engine.tracking.rules import Fact, Standing, derive

TOGETHER = 32
"""Rows on their way to PostgreSQL at once: about what it takes at a time."""
EVENT_COLUMNS = (
    "shipment_id",
    "company_id",
    "tracking_key",
    "carrier_code",
    "vocabulary",
    "code",
    "status",
    "text",
    "state",
    "reason",
    "party",
    "occurred_at",
    "tz",
    "place",
    "city",
    "country_code",
    "latitude",
    "longitude",
    "signed_by",
    "door",
    "message_id",
    "event_ref",
    "event_key",
    "received_at",
)
AT = {column: position for position, column in enumerate(EVENT_COLUMNS)}
FACT_COLUMNS = (
    "occurred_at",
    "state",
    "reason",
    "party",
    "code",
    "status",
    "text",
    "place",
    "signed_by",
    "city",
)
"""What the rules look at."""
_said = itemgetter(*(AT[column] for column in FACT_COLUMNS))
COLUMN_OF = {
    "state": "state",
    "reason": "reason",
    "party": "party",
    "since": "state_at",
    "first_scan_at": "first_scan_at",
    "out_at": "out_at",
    "first_attempt_at": "first_attempt_at",
    "last_attempt_at": "last_attempt_at",
    "attempts": "attempts",
    "ready_at": "ready_at",
    "delivered_at": "delivered_at",
    "returned_at": "returned_at",
    "damaged": "was_damaged",
    "signed_by": "signed_by",
    "last_at": "last_event_at",
    "last_text": "last_event_text",
    "last_place": "last_event_place",
}
"""Field of a standing, in its order → column of ``oms_shipment``."""
assert tuple(COLUMN_OF) == Standing._fields
_NOTHING = tuple(Standing())
_TYPES = {
    "shipment_id": "int4",
    "company_id": "int4",
    "message_id": "int4",
    "latitude": "numeric",
    "longitude": "numeric",
    "attempts": "int4",
    "was_damaged": "bool",
}


def append(cr, rows):
    """Add event rows that are not there: the caller holds their shipments and has looked.

    PostgreSQL stores the first rows while the caller still makes the others.

    :param rows: iterable; may be lazy, but must not use the cursor
    """
    rows = iter(rows)
    if (first := next(rows, None)) is not None:
        cr.copy_expert(
            f"COPY oms_shipment_event ({', '.join(EVENT_COLUMNS)}) "
            "FROM STDIN (FORMAT csv, FORCE_NOT_NULL (vocabulary))",
            _Lines(chain([first], rows)),
        )


class _Lines:
    """Rows as a file of CSV, made as it is read."""

    def __init__(self, rows):
        self._rows = rows
        self._text = io.StringIO()
        self._writer = csv.writer(self._text)

    def read(self, _size):  # pylint: disable=method-required-super  # no record
        self._text.seek(0)
        self._text.truncate()
        self._writer.writerows(islice(self._rows, TOGETHER))
        return self._text.getvalue()


def insert(cr, rows):
    """Insert event rows, whoever else does so; the set of keys of those that were not there."""
    if not rows:
        return set()
    # One order for all, so that no two batches wait for each other.
    rows = sorted(rows, key=lambda row: row[AT["event_key"]])
    columns = ", ".join(EVENT_COLUMNS)
    cr.execute(
        f"INSERT INTO oms_shipment_event ({columns}) SELECT {columns} "
        f"FROM json_to_recordset(%s) AS new({_typed(EVENT_COLUMNS)}) "
        "ON CONFLICT (event_key) DO NOTHING RETURNING event_key",
        [_json(EVENT_COLUMNS, rows)],
    )
    return {key for (key,) in cr.fetchall()}


def take_out(cr, ids):
    """Delete events and return their rows."""
    cr.execute(
        f"DELETE FROM oms_shipment_event WHERE id = ANY(%s) RETURNING {', '.join(EVENT_COLUMNS)}",
        [list(ids)],
    )
    return cr.fetchall()


def moved(row, shipment_id):
    """An event row as that of another parcel, or of none."""
    values = list(row)
    values[AT["shipment_id"]] = shipment_id
    scope = str(shipment_id) if shipment_id else f"c{values[AT['company_id']]}"
    values[AT["event_key"]] = message.identity(
        scope,
        values[AT["tracking_key"]],
        values[AT["code"]] or values[AT["status"]] or values[AT["text"]] or "",
        values[AT["occurred_at"]].replace(tzinfo=UTC),
        values[AT["city"]] or "",
    )
    return tuple(values)


def fact(row, city):
    """An event row as the rules see it. ``city``: where its parcel goes."""
    return _fact(_said(row), city)


def _fact(said, city):
    at, state, reason, party, code, status, text, place, signed_by, here = said
    return Fact(
        at,
        state or "",
        reason or "",
        party or "",
        code or status or "",
        text or "",
        place or "",
        signed_by or "",
        bool(here and city and message.same_place(here, city)),
    )


def facts_of(cr, city):
    """What is stored of shipments, which the caller holds: two dicts by shipment id.

    :param dict city: shipment id → where it goes
    :return: event keys (sets), facts (lists)
    """
    keys, facts = {one: set() for one in city}, {one: [] for one in city}
    cr.execute(
        f"SELECT shipment_id, event_key, {', '.join(FACT_COLUMNS)} FROM oms_shipment_event "
        "WHERE shipment_id = ANY(%s)",
        [sorted(city)],
    )
    for shipment, key, *said in cr.fetchall():
        keys[shipment].add(key)
        facts[shipment].append(_fact(said, city[shipment]))
    return keys, facts


def derive_from_all(cr, ids):
    """Dict shipment id → standing, from all events of these shipments, which are locked."""
    cr.execute(
        "SELECT id, city FROM oms_shipment WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [sorted(ids)],
    )
    _keys, facts = facts_of(cr, dict(cr.fetchall()))
    return {key: derive(found) for key, found in facts.items()}


def standing(values):
    """The standing in a row of ``COLUMN_OF``'s columns."""
    return Standing(
        *(
            nothing if value is None else value
            for nothing, value in zip(_NOTHING, values, strict=True)
        )
    )


def keep(cr, standings, added=None):
    """Write standings and ask for their consequences to be worked out.

    :param standings: dict shipment id → standing
    :param added: dict shipment id → number of new events; without it they are counted anew
    """
    if not standings:
        return
    columns = ("id", "added", *COLUMN_OF.values())
    settings = ", ".join(f"{column} = new.{column}" for column in COLUMN_OF.values())
    rows = [
        (key, (added or {}).get(key, 0), *(one if one != "" else None for one in standing))
        for key, standing in sorted(standings.items())
    ]
    cr.execute(
        f"UPDATE oms_shipment AS shipment SET {settings}, follow_pending = true, "
        "event_count = COALESCE(shipment.event_count, 0) + new.added, "
        "write_date = now() at time zone 'UTC' "
        f"FROM json_to_recordset(%s) AS new({_typed(columns)}) WHERE shipment.id = new.id",
        [_json(columns, rows)],
    )
    if added is None:
        cr.execute(
            "UPDATE oms_shipment SET event_count = (SELECT count(*) FROM oms_shipment_event event "
            "WHERE event.shipment_id = oms_shipment.id) WHERE id = ANY(%s)",
            [sorted(standings)],
        )


def keep_estimates(cr, estimates):
    """Keep the carrier's first estimate as its promise, the latest as its estimate.

    :param estimates: dict shipment id → moment in UTC, without zone
    """
    if estimates:
        cr.execute(
            "UPDATE oms_shipment AS shipment SET carrier_eta_at = new.moment_at, "
            "follow_pending = true, "
            "carrier_promised_at = COALESCE(carrier_promised_at, new.moment_at) "
            f"FROM json_to_recordset(%s) AS new({_typed(('id', 'moment_at'))}) "
            "WHERE shipment.id = new.id",
            [_json(("id", "moment_at"), sorted(estimates.items()))],
        )


def keep_carriers(cr, carriers):
    """Parcels whose carrier became known by what it said: dict shipment id → carrier id."""
    if carriers:
        cr.execute(
            "UPDATE oms_shipment AS shipment SET oms_carrier_id = new.carrier "
            "FROM json_to_recordset(%s) AS new(id int4, carrier int4) "
            "WHERE shipment.id = new.id AND oms_carrier_id IS NULL",
            [_json(("id", "carrier"), sorted(carriers.items()))],
        )


def _json(columns, rows):
    """One parameter for many rows: PostgreSQL reads it far faster than a list of literals.

    What is left out is NULL.
    """
    return json.dumps(
        [
            {column: value for column, value in zip(columns, row, strict=True) if value is not None}
            for row in rows
        ],
        default=str,
    )


def _typed(columns):
    return ", ".join(f"{column} {_type(column)}" for column in columns)


def _type(column):
    if column.endswith("_at"):
        return "timestamp"
    return _TYPES.get(column, "varchar" if column not in ("id", "added") else "int4")
