from collections import defaultdict
from datetime import UTC, datetime
from functools import lru_cache

from ....engine.tracking import meaning, message, numbers
from ....engine.tracking.rules import derive, follow
from ....engine.tracking.vocabulary import STATES, party_of
from . import store
from .sentences import sentence

LONGEST_CODE = 128
KEY, OCCURRED = store.AT["event_key"], store.AT["occurred_at"]


class Take:
    """One batch of events on its way in, see ``oms.tracking.ingest._take``."""

    def __init__(self, ingest, door, message_id, company, carrier, tz):
        self.env = ingest.env
        self.door = door
        self.message_id = message_id or None
        self.company = company
        self.carrier = carrier
        self.tz = tz
        self.now = datetime.now(UTC)
        self.received_at = f"{self.now:%Y-%m-%d %H:%M:%S}"
        self.errors = []
        self.carriers = self.env["oms.carrier"]._by_code()
        self.carrier_of = {
            key: (code, vocabulary, zone) for code, (key, vocabulary, zone) in self.carriers.items()
        }
        self.codes = self.env["oms.tracking.code"]
        self.own = self.codes._mapped()
        self.known = {}
        self.meanings = {}

    def run(self, events):
        """Store what is new; the answer of ``_take``."""
        readings = self._read(events)
        self.known = self._shipments({one.key for _index, one in readings})
        news, waiting, estimates, carriers = defaultdict(dict), {}, {}, {}
        told = 0
        for index, reading in readings:
            try:
                for shipment in self._targets(reading) or [None]:
                    if reading.occurred is not None:
                        row = self._row(reading, shipment)
                        told += 1
                        rows = news[shipment.id] if shipment else waiting
                        rows.setdefault(row[KEY], row)
                    if shipment and reading.estimate:
                        at = reading.estimate_at(self._zone(reading, shipment))
                        estimates[shipment.id] = at.replace(tzinfo=None, microsecond=0)
                    if shipment and not shipment.carrier_id and self._carrier_id(reading):
                        carriers[shipment.id] = self._carrier_id(reading)
            except message.Unreadable as problem:
                self._refuse(index, problem)
        unmatched = store.insert(self.env.cr, list(waiting.values()))
        stored = self._store(news)
        self._count_unknown([*stored, *(waiting[key] for key in unmatched)])
        store.keep_carriers(self.env.cr, carriers)
        store.keep_estimates(self.env.cr, estimates)
        if changed := self.env["oms.shipment"].browse({*(row[0] for row in stored), *estimates}):
            changed._told()
        return {
            "stored": len(stored),
            "duplicate": told - len(stored) - len(unmatched),
            "unmatched": len(unmatched),
            "errors": sorted(self.errors, key=lambda one: one["index"]),
        }

    # --- reading ----------------------------------------------------------------------------------

    def _read(self, events):
        readings = []
        for index, event in enumerate(events):
            try:
                readings.append((index, message.read(event, self.now)))
            except message.Unreadable as problem:
                self._refuse(index, problem)
        return readings

    def _refuse(self, index, problem):
        self.errors.append({"index": index, "error": sentence(self.env, problem)})

    def _shipments(self, keys):
        """Dict tracking key → shipments."""
        known = defaultdict(list)
        if keys:
            companies = self.company.ids if self.company else self.env.companies.ids
            for one in self._locked(
                "tracking_key = ANY(%s) AND company_id = ANY(%s) AND active",
                [sorted(keys), companies],
            ):
                known[one.key].append(one)
        return known

    def _locked(self, where, values):
        """Shipments of a condition, locked in one order so that no two batches block."""
        self.env["oms.shipment"].flush_model()
        columns = ", ".join(("city", "events_archived", *store.COLUMN_OF.values()))
        self.env.cr.execute(
            f"SELECT id, tracking_key, company_id, oms_carrier_id, {columns} "
            f"FROM oms_shipment WHERE {where} ORDER BY id FOR NO KEY UPDATE",
            values,
        )
        found = [_Known(row) for row in self.env.cr.fetchall()]
        if archived := [one.id for one in found if one.archived]:
            self.env["oms.shipment"].browse(archived)._restore_events()
        return found

    def _targets(self, reading):
        """The shipments that an event speaks of: those with its number, unless its carrier is
        another one.
        """
        found = self.known.get(reading.key, ())
        carrier = self._carrier_id(reading)
        return [
            one for one in found if not carrier or not one.carrier_id or one.carrier_id == carrier
        ]

    def _carrier_id(self, reading):
        if not reading.carrier:
            return self.carrier.id if self.carrier else None
        found = self.carriers.get(reading.carrier) or self.carriers.get(
            reading.carrier.replace(" ", "_").replace("-", "_")
        )
        return found[0] if found else None

    def _speaker(self, reading, shipment):
        """(code of the carrier, whose status codes, time zone) that apply to an event."""
        carrier = self._carrier_id(reading) or (shipment and shipment.carrier_id)
        if carrier:
            return self.carrier_of[carrier]
        code = reading.carrier or recognised(reading.key)
        return (code, *self.carriers.get(code, (None, code, ""))[1:])

    def _zone(self, reading, shipment):
        return self.tz or self._speaker(reading, shipment)[2]

    # --- rows -------------------------------------------------------------------------------------

    def _row(self, reading, shipment):
        """The row of an event, in the order of ``store.EVENT_COLUMNS``."""
        code, vocabulary, zone = self._speaker(reading, shipment)
        vocabulary = reading.vocabulary or vocabulary
        zone = reading.zone or self.tz or zone
        at = reading.at(zone)
        state, reason, party = self._meaning(vocabulary, reading.code, reading.status, reading.text)
        company = shipment.company_id if shipment else (self.company or self.env.company).id
        place = reading.place
        city = place.city or place.name
        return (
            shipment.id if shipment else None,
            company,
            reading.key,
            code or None,
            vocabulary,
            reading.code or None,
            reading.status or None,
            reading.text or None,
            state or None,
            reason or None,
            party or None,
            at.replace(tzinfo=None, microsecond=0),
            zone or None,
            place.text or None,
            city or None,
            place.country or None,
            place.latitude,
            place.longitude,
            reading.signed_by or None,
            self.door,
            self.message_id,
            reading.event_id or None,
            message.identity(
                str(shipment.id) if shipment else f"c{company}",
                reading.key,
                reading.code or reading.status or reading.text,
                at,
                city,
            ),
            self.received_at,
        )

    def _meaning(self, *said):
        found = self.meanings.get(said)
        if found is None:
            found = self.meanings[said] = meaning_of(self.codes, self.own, *said)
        return found

    # --- consequences -----------------------------------------------------------------------------

    def _count_unknown(self, rows):
        seen = {}
        at = store.AT
        for row in rows:
            if row[at["state"]] is None:
                raw = row[at["code"]] or row[at["status"]] or row[at["text"]]
                key = (row[at["vocabulary"]], raw.casefold()[:LONGEST_CODE])
                count = seen[key][0] if key in seen else 0
                seen[key] = (count + 1, (row[at["text"]] or raw)[:256])
        self.codes._count_unknown(seen)

    def _store(self, news):
        """Store events of shipments and what follows from them; the rows that are new.

        The shipments are held, so that nobody else adds events to them. What is later than all
        that is known of its shipment is new; the rest is looked for among the shipment's events,
        which its state then follows from.

        :param news: dict shipment id → dict event key → row
        """
        cr = self.env.cr
        known = {one.id: one for found in self.known.values() for one in found}
        late = {
            key: known[key].city
            for key, rows in news.items()
            if (last_at := known[key].standing.last_at)
            and any(row[OCCURRED] <= last_at for row in rows.values())
        }
        stored_keys, facts = store.facts_of(cr, late) if late else ({}, {})
        stored, standings, added = [], {}, {}

        def rows_to_store():
            for key, rows in news.items():
                new = [row for one, row in rows.items() if one not in stored_keys.get(key, ())]
                if not new:
                    continue
                yield from new
                city = known[key].city
                fresh = [store.fact(row, city) for row in new]
                standings[key] = (
                    derive([*facts[key], *fresh])
                    if key in late
                    else follow(known[key].standing, fresh)
                )
                added[key] = len(new)
                stored.extend(new)

        store.append(cr, rows_to_store())
        store.keep(cr, standings, added)
        return stored


class _Known:
    """A shipment as far as ingest needs it."""

    def __init__(self, row):
        self.id, self.key, self.company_id, self.carrier_id, self.city, self.archived = row[:6]
        self.standing = store.standing(row[6:])


def meaning_of(codes, own, vocabulary, code, status, text):
    """(state, reason, party) of what a carrier said; empty texts where nobody knows.

    :param codes: the model ``oms.tracking.code``; ``own``: what people mapped
    """
    if code and (found := codes._meaning(vocabulary, code, text, own)):
        return found
    if status:
        if found := codes._meaning(vocabulary, status, text, own):
            return found
        word = status.casefold().replace(" ", "_").replace("-", "_")
        if word in STATES:
            return word, "", party_of(word)
    if code and vocabulary not in meaning.VOCABULARIES and code.casefold() in STATES:
        return code.casefold(), "", party_of(code.casefold())
    if not code and not status and (found := codes._meaning(vocabulary, text, text, own)):
        return found
    return "", "", ""


@lru_cache(16384)
def recognised(key):
    """Code of the carrier that a number's form gives away beyond doubt, or an empty text."""
    certain = {guess.carrier for guess in numbers.recognise(key) if guess.certain}
    return certain.pop() if len(certain) == 1 else ""
