"""CSV files of anybody: which column is what, how dates are written, in which encoding.

A row becomes an event as it stands: what is wrong in it is judged when it is stored, so that the
good rows are, and the bad ones come back with their line.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from .base import Event, Format, Unreadable, clean, event
from .names import country as country_code

FIELDS: Final = (
    "tracking_number",
    "occurred_at",
    "occurred_time",
    "code",
    "status",
    "description",
    "carrier",
    "location",
    "city",
    "state",
    "postcode",
    "country",
    "timezone",
    "latitude",
    "longitude",
    "event_id",
    "signed_by",
    "estimated_delivery",
)
"""What a column can be. ``occurred_time`` is the time where ``occurred_at`` is the day alone."""

LONGEST_CELL: Final = 20_000
PLACE: Final = ("city", "state", "postcode", "country", "latitude", "longitude")
DATE_ORDERS: Final = ("ymd", "dmy", "mdy", "epoch")
"""How dates are written: ``ymd`` is ISO 8601 and what is like it, ``epoch`` seconds since 1970."""

_SYNONYMS: Final = {
    "tracking_number": "tracking trackingnumber trackingno trackingid awb waybill parcel "
    "parcelnumber parcelid package shipment consignment consignmentnumber barcode number "
    "sendungsnummer paketnummer numerospedizione spedizione ldv letteradivettura "
    "numerodesuivi suivi colis numerodeseguimiento seguimiento",
    "occurred_at": "occurredat occurred date datetime timestamp time eventdate eventtime "
    "eventdatetime eventtimestamp scandate scandatetime statusdate data dataevento dataora datum "
    "zeitpunkt fecha dateheure dateevenement",
    "occurred_time": "occurredtime hour scantime statustime ora oraevento uhrzeit heure hora",
    "code": "code statuscode eventcode scancode codice codicestato statuscodecode codigo",
    "status": "status state stato estado statut etat",
    "description": "description text message event eventdescription statusdescription descrizione "
    "bemerkung "
    "evento beschreibung ereignis descripcion libelle evenement remark note",
    "carrier": "carrier carriercode courier shipper corriere vettore transporteur spediteur "
    "transportista",
    "location": "location place depot facility scanlocation luogo filiale ort lieu lugar",
    "city": "city town citta stadt ville ciudad",
    "state": "province region stateprovince provincia regione bundesland",
    "postcode": "postcode zip zipcode postalcode cap plz codepostal codigopostal",
    "country": "country countrycode paese nazione land pays pais",
    "timezone": "timezone tz zone fusoorario zeitzone",
    "latitude": "latitude lat latitudine",
    "longitude": "longitude lon lng long longitudine",
    "event_id": "eventid id scanid idevento",
    "signed_by": "signedby signature recipient receivedby pod firmadoda firma ricevente",
    "estimated_delivery": "estimateddelivery eta edd expecteddelivery estimateddeliverydate "
    "dataprevista consegnaprevista",
}


@dataclass(frozen=True)
class Layout:
    """How a file is to be read.

    :ivar columns: title of the column by field; without it the titles are guessed.
    :ivar delimiter: empty: the most frequent one of the first line. :ivar encoding: empty: found
        out. :ivar date_order: one of ``DATE_ORDERS``. :ivar carrier: of rows that name none.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""
    date_order: str = "ymd"
    carrier: str = ""


def decode(body: bytes, encoding: str = "") -> str:
    """The text of a file.

    :raise Unreadable: it is in another encoding, or none at all
    """
    candidates = [encoding] if encoding else ["utf-8-sig", "cp1252", "latin-1"]
    if not encoding and body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    for one in candidates:
        try:
            return body.decode(one)
        except (UnicodeError, LookupError):
            continue
    raise Unreadable("not_csv", detail=f"its text is not in {candidates[0]}")


def delimiter_of(first_line: str) -> str:
    """The delimiter of a title line: the candidate that occurs most."""
    return max(",;\t|", key=first_line.count)


def table(text: str, delimiter: str = "") -> Iterator[tuple[int, list[str]]]:
    """(line of the file, cells) of each row that is not empty, titles first.

    :raise Unreadable: a quote is never closed, a cell is endless, …
    """
    stream = io.StringIO(text, newline="")
    # Strict: else a quote that is never closed swallows all the rows after it.
    reader = csv.reader(
        stream, delimiter=delimiter or delimiter_of(text.partition("\n")[0]), strict=True
    )
    line = 1
    try:
        for cells in reader:
            if cells and max(map(len, cells)) > LONGEST_CELL:
                raise Unreadable("not_csv", detail=f"line {line}: a cell is too long")
            cleaned = [clean(cell) for cell in cells]
            if any(cleaned):
                yield line, cleaned
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable("not_csv", detail=f"line {reader.line_num}: {error}") from None


def guess_columns(titles: Iterable[str]) -> dict[str, str]:
    """Which title probably stands for which field; each title serves once."""
    left = [title for title in titles if title]
    plain = {title: _plain(title) for title in left}
    found: dict[str, str] = {}
    for name in FIELDS:
        words = [name.replace("_", ""), *_SYNONYMS[name].split()]
        for word in words:
            match = next((title for title in left if plain[title] == word), None)
            if match:
                found[name] = match
                left.remove(match)
                break
    return found


def guess_date_order(values: Iterable[str]) -> str:
    """How most of these dates are written; of two orders that fit alike, day before month.

    >>> guess_date_order(["3/4/2024", "12/31/2024"]), guess_date_order(["2024-01-31T10:00"])
    ('mdy', 'ymd')
    """
    given = [value for value in values if value]
    fitting = {order: sum(bool(_read(one, order)) for one in given) for order in DATE_ORDERS}
    return max(DATE_ORDERS, key=fitting.__getitem__)


def rows(body: bytes, layout: Layout) -> Iterator[tuple[int, Event]]:
    """(line of the file, event) of each row.

    :raise Unreadable: it is no CSV file, or a column that ``layout`` names is missing
    """
    lines = table(decode(body, layout.encoding), layout.delimiter)
    _line, titles = next(lines, (1, []))
    if not titles:
        raise Unreadable("empty")
    columns = dict(layout.columns) or guess_columns(titles)
    for title in columns.values():
        if title not in titles:
            raise Unreadable("column_missing", detail=title)
    if "tracking_number" not in columns:
        raise Unreadable("column_missing", detail="tracking_number")
    places = {name: titles.index(title) for name, title in columns.items()}
    for line, cells in lines:
        yield line, _event(cells, places, layout)


def _event(cells: Sequence[str], places: Mapping[str, int], layout: Layout) -> Event:
    width = len(cells)
    values: dict[str, Any] = {
        name: cells[at] for name, at in places.items() if at < width and cells[at]
    }
    moment = values.get("occurred_at", "")
    if time := values.pop("occurred_time", ""):
        moment = f"{moment} {time}".strip()
    values["occurred_at"] = _moment(moment, layout.date_order)
    if "estimated_delivery" in values:
        values["estimated_delivery"] = _moment(values["estimated_delivery"], layout.date_order)
    if layout.carrier:
        values.setdefault("carrier", layout.carrier)
    if parts := {name: values.pop(name) for name in PLACE if name in values}:
        if "country" in parts:
            parts["country"] = country_code(parts["country"]) or parts["country"]
        values["location"] = {"name": values.get("location", ""), **parts}
    # A row that only tells when the parcel will come has no time of its own.
    if not any(values.get(name) for name in ("code", "status", "description")):
        values.pop("occurred_at")
    return event(**values)


def read(body: bytes, headers: Mapping[str, str]) -> list[Event]:
    return [one for _line, one in rows(body, Layout())]


# --- dates ----------------------------------------------------------------------------------------

_DATE: Final = re.compile(
    r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})"
    r"(?:[T ,]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:[.,]\d+)?(?: ?([AaPp])\.?[Mm]\.?)?)?"
    r" ?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_COMPACT: Final = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?)?", re.ASCII
)


def _moment(text: str, order: str) -> str | float:
    """ISO 8601 or seconds since 1970; what cannot be read remains as it is, to be refused."""
    if _as_written(text) and order != "epoch":  # most files
        return text
    return text and (_read(text, order) or text)


def _as_written(text: str) -> bool:
    """Whether it is a moment in the form that ``_iso`` gives it."""
    if text[4:5] != "-" or text[10:11] != "T" or text[19:20] not in ("", "Z", "+", "-"):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _read(text: str, order: str) -> str | float:
    """The same; empty for what cannot be read."""
    if order == "epoch":
        if not re.fullmatch(r"\d{9,13}(\.\d+)?", text, re.ASCII):
            return ""
        seconds = float(text)
        return seconds / 1000 if seconds >= 1e11 else seconds
    match = _DATE.fullmatch(text)
    if match:
        first, second, third, hour, minute, second_of, half, offset = match.groups()
        year_first = len(first) == 4
        if order == "ymd" or year_first:
            if not year_first:
                return ""
            year, month, day = first, second, third
        else:
            day, month = (first, second) if order == "dmy" else (second, first)
            year = third
    else:
        match = _COMPACT.fullmatch(text)
        if not match:
            return ""
        year, month, day, hour, minute, second_of = match.groups()
        half = offset = None
    return _iso(year, month, day, (hour, minute, second_of), half, offset)


def _iso(
    year: str,
    month: str,
    day: str,
    clock: tuple[str | None, str | None, str | None],
    half: str | None,
    offset: str | None,
) -> str:
    if len(year) == 2:
        year = f"20{year}"
    try:
        text = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
    hour, minute, second = clock
    if hour is None:
        return text
    number = int(hour)
    if half:
        number = number % 12 + (12 if half in "Pp" else 0)
    if number > 23:
        return ""
    return f"{text}T{number:02d}:{minute}:{second or '00'}{offset or ''}"


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title.casefold())
    return re.sub(r"[\W_]+", "", "".join(one for one in letters if not unicodedata.combining(one)))


FORMAT = Format("csv", "CSV", read, content="csv")
