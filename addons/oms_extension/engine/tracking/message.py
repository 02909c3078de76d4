"""Reads one event as a door delivers it: who, what, when and where, without understanding it yet.

Carriers report local times without offset; the zone follows from the message, else the place, else
what the caller knows (the carrier's or the destination's zone).
"""

from __future__ import annotations

import math
import re
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from .numbers import normalise
from .timezones import zone_of

FIELDS: Final = frozenset(
    {
        "tracking_number",
        "carrier",
        "vocabulary",
        "code",
        "status",
        "occurred_at",
        "timezone",
        "location",
        "description",
        "event_id",
        "signed_by",
        "estimated_delivery",
    }
)
PLACE_FIELDS: Final = frozenset(
    {"name", "city", "state", "postcode", "country", "latitude", "longitude"}
)
LONGEST: Final = {
    "tracking_number": 64,
    "carrier": 64,
    "vocabulary": 64,
    "code": 128,
    "status": 128,
    "timezone": 64,
    "description": 2000,
    "event_id": 256,
    "signed_by": 256,
}
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(hours=26)
"""An event may seem to lie ahead by as much as two clocks at opposite ends of the day differ."""


class Unreadable(ValueError):
    """An event that cannot be taken.

    :ivar problem: what is wrong: ``not_an_object``, ``unknown_field``, ``missing``, ``not_text``,
        ``too_long``, ``no_content``, ``bad_time``, ``bad_zone``, ``too_early``, ``in_the_future``,
        ``bad_place``.
    :ivar field: the field that it is about. :ivar value: what was sent, shortened.
    """

    def __init__(self, problem: str, field: str = "", value: object = "") -> None:
        super().__init__(problem, field, value)
        self.problem = problem
        self.field = field
        self.value = str(value)[:80]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened, as far as the message says. Country: ISO 3166-1 alpha-2."""

    name: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    text: str = field(default="", init=False)
    """As people read it: ``Paramus, NJ, US``."""

    def __post_init__(self) -> None:
        town = ", ".join(filter(None, (self.city, self.state, self.country)))
        text = f"{self.name}, {town}" if self.city else self.name
        if not self.name or same_place(self.name, self.city):
            text = town
        object.__setattr__(self, "text", text)


class Reading(NamedTuple):
    """One event or estimate as read.

    :ivar key: normalised tracking number. :ivar occurred: in UTC, or local without a zone where
        the message says no more; None for an estimate without event.
    :ivar estimate: the carrier's own estimate of the delivery, zone as for ``occurred``.
    """

    key: str
    number: str
    carrier: str
    vocabulary: str
    code: str
    status: str
    text: str
    occurred: datetime | None
    zone: str
    place: Place
    event_id: str
    signed_by: str
    estimate: datetime | None

    def at(self, fallback_zone: str = "") -> datetime:
        """When it happened, in UTC. ``fallback_zone`` serves where the message says no zone.

        >>> read({"tracking_number": "1", "code": "X", "occurred_at": "2024-01-05T10:00",
        ...       "location": {"country": "IT"}}, datetime(2024, 1, 6, tzinfo=UTC)).at()
        datetime.datetime(2024, 1, 5, 9, 0, tzinfo=datetime.timezone.utc)
        """
        if self.occurred is None:
            raise ValueError("an estimate has no time of its own")
        return _utc(self.occurred, self.zone or fallback_zone)

    def estimate_at(self, fallback_zone: str = "") -> datetime | None:
        """The carrier's estimate in UTC, the end of its day where only a day is given."""
        return _utc(self.estimate, self.zone or fallback_zone) if self.estimate else None


def identity(scope: str, key: str, what: str, at: datetime, city: str) -> str:
    """Equal for equal events, whatever the door.

    :param scope: the parcel, or the company while nobody knows the parcel
    :param key: tracking number; ``what``: code, else status word, else text
    """
    parts = (scope, key, what.casefold().strip(), str(int(at.timestamp())), _plain(city))
    return urlsafe_b64encode(sha256("\x1f".join(parts).encode()).digest()[:18]).decode("ascii")


def read(event: object, now: datetime) -> Reading:
    """Read one event dict (see ``docs/api.md``, ``ingest_events``).

    :param now: with zone; what lies well after it is refused
    :raise Unreadable: it cannot be taken
    """
    if not (type(event) is dict or isinstance(event, Mapping)):
        raise Unreadable("not_an_object")
    if not event.keys() <= FIELDS:
        raise Unreadable("unknown_field", min(map(str, event.keys() - FIELDS)))
    texts = dict.fromkeys(LONGEST, "")
    for name, value in event.items():
        if value and name in texts:
            texts[name] = _text(name, value)
    number = texts["tracking_number"]
    key = number.upper() if number.isalnum() else normalise(number)
    if not key:
        raise Unreadable("missing", "tracking_number")
    place, zone = _located(event.get("location"))
    if texts["timezone"]:
        zone = texts["timezone"]
        if not _known_zone(zone):
            raise Unreadable("bad_zone", "timezone", zone)
    estimate = _moment(event, "estimated_delivery", end_of_day=True)
    has_content = texts["code"] or texts["status"] or texts["description"]
    occurred = _moment(event, "occurred_at") if has_content else None
    if has_content and occurred is None:
        raise Unreadable("missing", "occurred_at")
    if not has_content and estimate is None:
        raise Unreadable("no_content")
    if occurred:
        at = _utc(occurred, zone)
        if at < EARLIEST:
            raise Unreadable("too_early", "occurred_at", event["occurred_at"])
        if at > now + AHEAD:
            raise Unreadable("in_the_future", "occurred_at", event["occurred_at"])
        if occurred.tzinfo is not None:
            occurred = at
    # By position: naming thirteen fields takes longer than all the rest of making it.
    return Reading(
        key,
        number,
        texts["carrier"].casefold(),
        texts["vocabulary"].casefold(),
        texts["code"],
        texts["status"].casefold(),
        texts["description"],
        occurred,
        zone,
        place,
        texts["event_id"],
        texts["signed_by"],
        estimate,
    )


def _text(name: str, value: object) -> str:
    if type(value) is not str:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Unreadable("not_text", name, value)
        value = str(value)
    text = _storable(value)
    if len(text) > LONGEST[name]:
        if name == "description":
            return text[: LONGEST[name]]
        raise Unreadable("too_long", name, text)
    return text


def _storable(text: str) -> str:
    """Without what PostgreSQL cannot hold: zeros and halves of characters."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()
    return text.replace("\x00", "").strip()


def _located(value: object) -> tuple[Place, str]:
    """The place, and its zone where it has one; carriers name the same places again and again."""
    if value is None or value is False or value == "":
        return _NOWHERE
    try:
        if isinstance(value, str):
            return _known_place((("name", value),))
        if type(value) is dict or isinstance(value, Mapping):
            return _known_place(tuple(value.items()))
    except TypeError:
        # A place within a place, or a list of them.
        raise Unreadable("bad_place", "location", value) from None
    raise Unreadable("bad_place", "location", value)


@lru_cache(8192)
def _known_place(given: tuple[tuple[str, Any], ...]) -> tuple[Place, str]:
    place = _place(dict(given))
    return place, zone_of(place.country, place.state, place.postcode, place.city) or ""


def _place(value: Mapping[Any, Any]) -> Place:
    if unknown := value.keys() - PLACE_FIELDS:
        raise Unreadable("unknown_field", f"location.{sorted(map(str, unknown))[0]}")
    words = {}
    for name in ("name", "city", "state", "postcode", "country"):
        word = value.get(name) or ""
        if isinstance(word, bool) or not isinstance(word, str | int):
            raise Unreadable("bad_place", f"location.{name}", word)
        words[name] = _storable(str(word))[:256]
    words["country"] = words["country"].upper()
    latitude, longitude = (_degrees(value, one) for one in ("latitude", "longitude"))
    if latitude is None or longitude is None:
        latitude = longitude = None
    return Place(**words, latitude=latitude, longitude=longitude)


_NOWHERE: Final = (Place(), "")


def _degrees(value: Mapping[Any, Any], name: str) -> float | None:
    given = value.get(name)
    if given is None or given is False or given == "":
        return None
    try:
        degrees = float(given)
    except (TypeError, ValueError, OverflowError):
        raise Unreadable("bad_place", f"location.{name}", given) from None
    limit = 90 if name == "latitude" else 180
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise Unreadable("bad_place", f"location.{name}", given)
    return degrees


def _moment(event: Mapping[Any, Any], name: str, end_of_day: bool = False) -> datetime | None:
    value = event.get(name)
    if value is None or value is False or value == "":
        return None
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        if len(text) <= 10 and end_of_day:
            return datetime.combine(date.fromisoformat(text), datetime.max.time()).replace(
                microsecond=0
            )
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("bad_time", name, value) from None


def _utc(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(zone))
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        raise Unreadable("bad_time", "occurred_at", moment) from None


@lru_cache(1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")


@lru_cache(1024)
def _known_zone(name: str) -> bool:
    try:
        _zone(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def same_place(one: str, other: str) -> bool:
    """Whether two names of places differ in spelling only.

    >>> same_place("SAO PAULO", "São Paulo")
    True
    """
    return _plain(one) == _plain(other)


_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(8192)
def _plain(text: str) -> str:
    """Spelling apart: ``São Paulo`` and ``SAO PAULO`` are one place."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORD.sub("", "".join(one for one in letters if not unicodedata.combining(one)))
