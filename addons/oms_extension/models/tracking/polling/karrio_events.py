"""karrio's understanding of a parcel as events, for carriers whose own messages nobody here reads.

karrio gives dates and times as the carrier's clock showed them, without offset; its ``timestamp``
claims UTC without being it, and is not used. Its status of the whole parcel is what it takes for
granted where it knows no better if that is ``in_transit``; any other one it found in the message.
"""

import re

from ....engine.tracking import meaning
from ....engine.tracking.formats.base import clean

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_STATE = re.compile(r"[A-Z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_US_STATES = frozenset(
    re.findall(
        r"\w\w",
        "ALAKAZARCACOCTDEFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMOMTNENVNHNJNMNYNCNDOH"
        "OKORPARISCSDTNTXUTVTVAWAWVWIWY",
    )
)


def events_of(details, vocabulary, countries=()):
    """Event dicts of karrio's ``TrackingDetails``, see ``docs/api.md``.

    :param details: as a dict. :param vocabulary: whose codes the carrier reports.
    :param countries: ISO codes of those where the parcel may be; they tell DE from Delaware
    """
    number = _word(details, "tracking_number")
    info = details.get("info") or {}
    events = [
        found
        for one in details.get("events") or ()
        if (found := _event(one, number, vocabulary, countries)) is not None
    ]
    newest = max(events, key=lambda one: one["occurred_at"], default={})
    status = details.get("status")
    if newest.get("unclear") and status not in (None, "unknown", "in_transit"):
        newest |= {"vocabulary": "karrio", "status": status}
    for one in events:
        one.pop("unclear", None)
    delivered = [one for one in events if one.get("status") == "delivered"]
    if delivered and info.get("signed_by"):
        delivered[0]["signed_by"] = _word(info, "signed_by")[:256]
    estimate = _date(details.get("estimated_delivery"))
    if estimate and not details.get("delivered"):
        events.append({"tracking_number": number, "estimated_delivery": estimate})
    return events


def _event(one, number, vocabulary, countries):
    moment = _moment(one.get("date"), one.get("time"))
    code = _word(one, "code")[:128]
    text = _word(one, "description")
    status = _word(one, "status")
    if not moment or not (code or text or status):
        return None
    event = {
        "tracking_number": number,
        "vocabulary": vocabulary,
        "code": code,
        "occurred_at": moment,
        "description": text,
        "location": _place(one, countries),
    }
    if code and meaning.lookup(vocabulary, code, text):
        return event
    if status and status != "unknown":
        reason = _word(one, "reason")
        return event | {
            "vocabulary": "karrio",
            "status": f"{status}/{reason}" if reason else status,
        }
    return event | {"unclear": True}


def _word(one, name):
    """A text that a database can take."""
    return clean(str(one.get(name) or "")).strip()


def _date(value):
    found = _DATE.match(str(value or ""))
    return found[0] if found else None


def _moment(date, clock):
    day = _date(date)
    found = _CLOCK.fullmatch(str(clock or "").strip())
    if not day or not found:
        return day
    hour = int(found[1])
    half = (found[4] or "").upper()
    if half == "PM" and hour < 12:
        hour += 12
    elif half == "AM" and hour == 12:
        hour = 0
    return f"{day}T{hour:02}:{found[2]}:{found[3] or '00'}"


def _place(one, countries):
    """karrio joins place names by commas: town first and country last, if it is there at all."""
    words = [word.strip() for word in _word(one, "location").split(",") if word.strip()]
    place = {}
    if words:
        last = words[-1]
        has_state = any(word in _US_STATES for word in words[1:-1])
        is_country = has_state or last in countries or last not in _US_STATES
        if len(words) > 1 and _COUNTRY.fullmatch(last) and is_country:
            place["country"] = last
            words.pop()
        place |= {"city" if words[1:] or place else "name": words[0][:256]}
        for word in words[1:]:
            if any(letter.isdigit() for letter in word):
                place["postcode"] = word[:32]
            elif _STATE.fullmatch(word):
                place["state"] = word
    for name in ("latitude", "longitude"):
        if isinstance(one.get(name), int | float):
            place[name] = one[name]
    return place
