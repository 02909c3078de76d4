"""Reads the tables of meanings and looks codes up in them.

A table row names a code as its owner writes it; case and blanks around it are ignored. Where one
code stands for several things, rows with a ``text`` pattern tell them apart: the first pattern
found in the description decides, and the row without a pattern is for every other text.

Many senders report a pair: a status and its detail (EasyPost, Shippo, ShipEngine, karrio), an
event type and the carrier's activity code (UPS), a status and its reason (X12 214, IFTSTA). A pair
is written ``status/detail`` and looked up so:

1. its own row ``status/detail``;
2. where the vocabulary's *fine* part is a code of its own (``pairs=fine`` in
   ``vocabularies.csv``): the row ``detail``;
3. the row ``status``, refined by the row ``*/detail`` if there is one: the latter's reason is taken
   over, and its state unless that is blank.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from ..vocabulary import Party, party_of

TABLES: Final = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means.

    :ivar state: key of ``vocabulary.STATES``. :ivar reason: key of ``vocabulary.REASONS`` or empty.
    :ivar party: who is responsible, empty where nothing went wrong.
    """

    state: str
    reason: str = ""
    party: Party = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, as a screen shows it. ``text``: regular expression or empty."""

    vocabulary: str
    code: str
    text: str
    state: str
    reason: str
    party: Party
    source: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A set of codes that somebody reports.

    :ivar kind: ``carrier``, ``aggregator`` or ``edi``.
    :ivar pairs: which part of ``status/detail`` decides where the pair has no row of its own.
    :ivar same_as: key of the vocabulary whose table serves this one too, empty if it has its own.
    """

    key: str
    title: str
    kind: Literal["carrier", "aggregator", "edi"]
    pairs: Literal["broad", "fine"]
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is known of one code: the patterns in their order, and what holds otherwise."""

    by_text: tuple[tuple[re.Pattern[str], Meaning], ...]
    otherwise: Meaning | None

    def meaning(self, text: str) -> Meaning | None:
        for pattern, meaning in self.by_text:
            if pattern.search(text):
                return meaning
        return self.otherwise


def lookup(vocabulary: str, code: str, text: str = "") -> Meaning | None:
    """What ``code`` means in ``vocabulary``, or None where nobody has said so.

    :param vocabulary: key of ``VOCABULARIES``; an unknown one knows no code
    :param code: as reported, or ``status/detail``
    :param text: the description that came with it; tells apart what shares a code

    >>> lookup("ups", "x/F4").state
    'delivered'
    >>> lookup("EasyPost", "failure/damaged")
    Meaning(state='damaged', reason='carrier_damaged_parcel', party='carrier')
    >>> lookup("dhl_express", "NH")
    Meaning(state='attempt_failed', reason='consignee_not_home', party='recipient')
    >>> lookup("ups", "not a code") is None
    True
    """
    key = vocabulary.strip().casefold()
    table = _tables().get(key)
    if table is None:
        return None
    code = code.strip().casefold()
    entry = table.get(code)
    if entry is not None:
        return entry.meaning(text)
    if "/" not in code:
        return None
    return _pair(key, table, code, text)


def _pair(vocabulary: str, table: Mapping[str, _Entry], code: str, text: str) -> Meaning | None:
    status, _slash, detail = (part.strip() for part in code.partition("/"))
    own = table.get(f"{status}/{detail}")
    if own is None and detail and VOCABULARIES[vocabulary].pairs == "fine":
        own = table.get(detail)
    if own is not None and (found := own.meaning(text)):
        return found
    broad = table[status].meaning(text) if status in table else None
    refined = table.get(f"*/{detail}")
    if broad is None or refined is None or (fine := refined.meaning(text)) is None:
        return broad
    state = fine.state or broad.state
    reason = fine.reason or broad.reason
    return Meaning(state, reason, fine.party or party_of(state, reason))


def rows(vocabulary: str) -> tuple[Row, ...]:
    """The rows of a vocabulary in the order of its table; none for an unknown one."""
    return _rows().get(vocabulary.strip().casefold(), ())


def iftsta(directory: str) -> str:
    """The vocabulary of an IFTSTA message by its directory, as UNH gives it: ``D:96A``, ``D.01B``.

    Up to D.98A the status in C555 is of the code list 9011, from D.98B on of 4405; one number
    means different things in the two. What a partner uses against the directory of its messages
    (many keep the old numbers) is a vocabulary of its own, ``iftsta:<partner>``, kept by the
    company that agreed on it. Empty for what is no directory.

    >>> iftsta("D:96A"), iftsta("d98b"), iftsta("D.01B"), iftsta("2:912")
    ('iftsta:d98a', 'iftsta:d98b', 'iftsta:d98b', 'iftsta:d98a')
    """
    match = re.search(r"(\d\d)(\d|[A-Z])\s*$", directory.upper())
    if match is None:
        return ""
    year, release = int(match[1]), match[2]
    year += 1900 if year >= 80 else 2000
    return "iftsta:d98a" if (year, release) <= (1998, "A") else "iftsta:d98b"


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {name: (value or "").strip() for name, value in row.items()}


def _vocabularies() -> Mapping[str, Vocabulary]:
    found = {}
    for row in _read(TABLES.parent / "vocabularies.csv"):
        kind, pairs = row["kind"], row["pairs"] or "broad"
        if kind not in ("carrier", "aggregator", "edi") or pairs not in ("broad", "fine"):
            raise ValueError(f"vocabularies.csv, {row['vocabulary']}: kind or pairs")
        found[row["vocabulary"]] = Vocabulary(
            row["vocabulary"],
            row["title"],
            kind,  # type: ignore[arg-type]
            pairs,  # type: ignore[arg-type]
            row["same_as"],
        )
    return MappingProxyType(found)


VOCABULARIES: Final[Mapping[str, Vocabulary]] = _vocabularies()
"""Every vocabulary by its key: a carrier's key, an aggregator's, or an EDI list."""


@cache
def _rows() -> Mapping[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {key: [] for key, one in VOCABULARIES.items() if not one.same_as}
    for path in sorted(TABLES.glob("*.csv")):
        for row in _read(path):
            party = row["party"] or party_of(row["state"], row["reason"])
            found[row["vocabulary"]].append(
                Row(
                    row["vocabulary"],
                    row["code"],
                    row["text"],
                    row["state"],
                    row["reason"],
                    party,  # type: ignore[arg-type]
                    row["source"],
                )
            )
    return MappingProxyType(
        {key: tuple(found[one.same_as or key]) for key, one in VOCABULARIES.items()}
    )


@cache
def _tables() -> Mapping[str, Mapping[str, _Entry]]:
    return MappingProxyType({key: _entries(these) for key, these in _rows().items()})


def _entries(these: tuple[Row, ...]) -> Mapping[str, _Entry]:
    patterns: dict[str, list[tuple[re.Pattern[str], Meaning]]] = {}
    otherwise: dict[str, Meaning] = {}
    for row in these:
        code = row.code.casefold()
        meaning = Meaning(row.state, row.reason, row.party)
        here = patterns.setdefault(code, [])
        if row.text:
            here.append((re.compile(row.text, re.IGNORECASE), meaning))
        else:
            otherwise[code] = meaning
    return {code: _Entry(tuple(here), otherwise.get(code)) for code, here in patterns.items()}
