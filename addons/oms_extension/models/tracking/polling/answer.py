"""What a carrier's answer says about each number that it was asked about, and about the carrier.

A carrier is not believed blindly: what it says about a parcel that nobody asked about is left out,
and only an answer that could be read counts as one.
"""

import base64
import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ....engine.tracking import polling
from ....engine.tracking.formats import Unreadable
from ....engine.tracking.formats.base import clean
from ....engine.tracking.numbers import normalise

MOST_EVENTS = 1000
"""Of one parcel. The longest ways have a hundred."""

SHOWN = 20_000
"""Characters of an answer that people get to see."""
LONGEST_NOTE = 500

# Of a connection, the later ones weigh more where several happened in one question.
FAILURES = (
    "not_started",
    "nonsense",
    "server_error",
    "cut_off",
    "too_big",
    "timeout",
    "unreachable",
    "redirected",
    "certificate",
    "throttled",
    "refused",
)
PERHAPS_THE_NUMBER = {"nonsense", "server_error", "cut_off", "too_big", "timeout"}
"""Failures that may lie in the number asked about: it waits, so that others get their turn."""
CREDENTIALS = re.compile(
    r"api.?key|apikey|credential|password|unauthori[sz]ed|authenticat|access (denied|token)|"
    r"forbidden|invalid client|login",
    re.IGNORECASE,
)
SENTENCE_KEYS = (
    "message",
    "error_description",
    "detail",
    "title",
    "errorMessage",
    "returnMessage",
    "Error",
    "error",
    "description",
)


@dataclass(slots=True)
class Parcel:
    """What was learned about one number.

    :ivar outcome: ``told``, ``unknown`` to the carrier, ``stumbled`` where the carrier failed at
        this very number or made no sense, ``failed`` where it failed at all, or ``not_asked``
    :ivar events: event dicts, see ``docs/api.md``; the number as the shipment has it
    :ivar body: the raw message that they were in
    """

    outcome: str = "not_asked"
    events: list = field(default_factory=list)
    note: str = ""
    body: bytes = b""


@dataclass(slots=True)
class Verdict:
    """What was learned.

    :ivar failure: one of :data:`FAILURES`, or empty where the carrier did its part
    :ivar foreign: events about parcels that nobody asked about
    :ivar requests: HTTP requests made
    :ivar raw: an excerpt of what it said last
    """

    parcels: dict
    failure: str = ""
    detail: str = ""
    wish: timedelta | None = None
    foreign: int = 0
    requests: int = 0
    raw: str = ""

    def count(self, *outcomes):
        """How many numbers had one of these outcomes."""
        return sum(one.outcome in outcomes for one in self.parcels.values())


def not_started(numbers, detail):
    """Nobody could be asked, because of this server."""
    parcels = {number: Parcel("failed", note=detail) for number in numbers}
    return Verdict(parcels, "not_started", detail)


def lost(numbers, detail):
    """The process that asked had to be killed, or died."""
    return Verdict(
        {number: Parcel("stumbled", note=detail) for number in numbers}, "timeout", detail
    )


def judge(numbers, answer, read, adapt):
    """Read an answer of :mod:`karrio_process`.

    :param numbers: asked about
    :param read: the carrier's own format, bytes → event dicts, or None
    :param adapt: karrio's details → event dicts, for carriers without a format of their own here
    :return: a :class:`Verdict`
    """
    return _Judge(numbers, answer, read, adapt).run()


class _Judge:
    def __init__(self, numbers, answer, read, adapt):
        self.answer = answer
        self.read = read
        self.adapt = adapt
        self.by_key = {normalise(number): number for number in numbers}
        self.failures = Counter()
        self.verdict = Verdict({number: Parcel() for number in numbers})

    def run(self):
        verdict = self.verdict
        exchanges = self.answer["exchanges"]
        verdict.requests = sum(one["error"] != "not_sent" for one in exchanges)
        for exchange in exchanges:
            self._exchange(exchange)
        if not self.read:
            self._details()
        if not exchanges:
            # The connector gave up by itself: most often something in its settings.
            self._fail(self._numbers(), "nonsense", self.answer["error"])
        self._settle()
        return verdict

    # --- one request --------------------------------------------------------------------------

    def _exchange(self, exchange):
        asked = [one for one in exchange["numbers"] if one in self.verdict.parcels]
        if exchange["error"] == "not_sent":
            return
        if exchange["error"]:
            self._fail(asked, exchange["error"], exchange["detail"])
            return
        status = exchange["status"]
        body = base64.b64decode(exchange["body"])
        if asked or status >= 400:
            self.verdict.raw = _excerpt(body)
        wish = polling.wish(exchange["retry_after"], datetime.now(UTC))
        if status == 429 or (status == 503 and wish is not None):
            self.verdict.wish = max(self.verdict.wish or timedelta(), wish or timedelta())
            self._fail(asked, "throttled", _spoken(body) or f"HTTP {status}")
        elif status in (401, 403) or (status == 400 and not asked):
            self._fail(asked, "refused", _spoken(body) or f"HTTP {status}")
        elif status >= 500:
            self._fail(asked, "server_error", f"HTTP {status} {_spoken(body)}".strip())
        elif not asked:
            return
        elif status >= 400:
            self._unknown(asked, status, body)
        else:
            self._listen(asked, body)

    def _unknown(self, asked, status, body):
        """A carrier says of one number that it is none of its own; of several, it says nothing."""
        if len(asked) > 1:
            self._fail(asked, "nonsense", f"HTTP {status} {_spoken(body)}".strip())
            return
        parcel = self.verdict.parcels[asked[0]]
        parcel.outcome = "unknown"
        parcel.note = _spoken(body) or f"HTTP {status}"

    def _listen(self, asked, body):
        for number in asked:
            self.verdict.parcels[number].outcome = "told"
            self.verdict.parcels[number].body = body
        if not self.read:
            return
        try:
            events = self.read(body)
        except Unreadable as problem:
            self._nonsense(asked, str(problem))
            return
        self._deal(asked, events)

    def _deal(self, asked, events):
        """Give each event to the parcel that it speaks of, if anybody asked about that."""
        foreign = Counter()
        for event in events:
            key = normalise(str(event.get("tracking_number") or ""))
            number = self.by_key.get(key) if key else asked[0] if len(asked) == 1 else None
            if number not in asked:
                foreign[key] += 1
                continue
            parcel = self.verdict.parcels[number]
            if len(parcel.events) < MOST_EVENTS:
                parcel.events.append({**event, "tracking_number": number})
        self.verdict.foreign += foreign.total()
        for number in asked:
            parcel = self.verdict.parcels[number]
            if foreign and not parcel.events:
                self._nonsense([number], f"{number} ≠ {', '.join(sorted(foreign)[:3])}")
            else:
                parcel.outcome = "told" if parcel.events else "unknown"

    def _details(self):
        """What karrio itself understood."""
        told = [number for number in self._numbers() if self._outcome(number) == "told"]
        if not told:
            return
        if self.answer["error"] and not self.answer["details"]:
            self._nonsense(told, self.answer["error"])
            return
        events = [event for one in self.answer["details"] for event in self.adapt(one)]
        self._deal(told, events)

    # --- all of them ----------------------------------------------------------------------------

    def _settle(self):
        """What it says about the carrier: who answered one number is not down."""
        verdict = self.verdict
        for message in self.answer["messages"]:
            self._hear(message)
        answered = verdict.count("told", "unknown")
        hard = [kind for kind in ("throttled", "refused") if self.failures[kind]]
        if hard or (not answered and self.failures):
            verdict.failure = hard[-1] if hard else max(self.failures, key=FAILURES.index)
        if not verdict.failure:
            verdict.detail = ""
        elif not verdict.detail:
            verdict.detail = self.answer["error"]
        verdict.detail = clean(verdict.detail)[:LONGEST_NOTE]
        for parcel in verdict.parcels.values():
            parcel.note = clean(parcel.note)[:LONGEST_NOTE]

    def _hear(self, message):
        """A message that karrio found in the answer."""
        text = str(message.get("message") or message.get("code") or "")
        number = (message.get("details") or {}).get("tracking_number")
        unknown = [
            parcel
            for one, parcel in self.verdict.parcels.items()
            if parcel.outcome == "unknown" and number in (None, one)
        ]
        for parcel in unknown:
            parcel.note = parcel.note or text
        is_error = message.get("level") in (None, "error")
        if is_error and CREDENTIALS.search(text) and not self.verdict.count("told"):
            for parcel in unknown:
                parcel.outcome = "failed"
            self._fail([], "refused", text)

    def _fail(self, asked, kind, detail):
        self.failures[kind] += 1
        self.verdict.detail = detail or self.verdict.detail
        outcome = "stumbled" if asked and kind in PERHAPS_THE_NUMBER else "failed"
        for number in asked or self._numbers():
            parcel = self.verdict.parcels[number]
            if parcel.outcome == "not_asked" or kind == "nonsense":
                parcel.outcome = outcome
                parcel.note = detail or kind

    def _nonsense(self, asked, detail):
        self._fail(asked, "nonsense", detail)

    def _numbers(self):
        return list(self.verdict.parcels)

    def _outcome(self, number):
        return self.verdict.parcels[number].outcome


def _excerpt(body):
    """The beginning of an answer, laid out for people where that is possible."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text[:SHOWN].replace("\x00", "").encode("utf-8", "ignore").decode()


def _spoken(body):
    """The first sentence in an answer that is meant for people; empty if there is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    rest = [found]
    while rest:
        one = rest.pop(0)
        if isinstance(one, dict):
            for key in SENTENCE_KEYS:
                if isinstance(one.get(key), str) and one[key].strip():
                    return one[key].strip()
            rest.extend(one.values())
        elif isinstance(one, list):
            rest.extend(one[:20])
    return ""
