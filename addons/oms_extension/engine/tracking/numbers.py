"""Which carrier a tracking number belongs to, from its form and its check digit.

A guess is *certain* only where a check digit holds **and** the form belongs to one carrier alone
(letters or a prefix that nobody else uses). A row of plain digits is never certain: twelve digits
are FedEx's, DHL Paket's, GLS's and BRT's alike, and a check digit is right by chance in one case of
ten.

Forms and check digits: UPU S10-12 (postal items), GS1 General Specifications (SSCC, modulo 10),
USPS Publication 199 (IMpb), ISO 7064 (DPD), the carriers' own; the forms of American carriers come
from the data set ``jkeen/tracking_number_data`` through the library ``tracking-numbers`` where it
is installed. Without it fewer plain-digit forms are known, and nothing else changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .posts import POSTS

try:
    from tracking_numbers._generated import (  # type: ignore[import-untyped, import-not-found, unused-ignore]
        DEFINITIONS,
    )
except ImportError:
    DEFINITIONS = []

_SEPARATORS: Final = re.compile(r"[\s\-‐-―._/]+")

LONGEST: Final = 40
"""No form is longer: a longer text is not looked at."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A carrier that a number may belong to.

    :ivar carrier: canonical key, as in ``meaning.VOCABULARIES``. :ivar name: for people.
    :ivar certain: the check digit holds and the form is this carrier's alone.
    :ivar form: what was recognised. :ivar checked: a check digit holds.
    """

    carrier: str
    name: str
    certain: bool
    form: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a carrier's numbers.

    :ivar check: of the whole number; None where there is no check digit (or none published).
    :ivar alone: no other carrier's numbers look so.
    """

    carrier: str
    name: str
    title: str
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    alone: bool = False


def normalise(number: str) -> str:
    """As numbers are compared: capitals, without blanks, dashes, points and slashes.

    >>> normalise(" 1z 1442-yy72 2901 4688\\n")
    '1Z1442YY7229014688'
    """
    return _SEPARATORS.sub("", number).upper()


def recognise(number: str) -> list[Guess]:
    """The carriers that a number may belong to, the likeliest first; empty if none is known.

    >>> [(guess.carrier, guess.certain) for guess in recognise("1Z1442YY7229014688")]
    [('ups', True)]
    >>> recognise("LX210720682NL")[0].carrier
    'postnl'
    >>> recognise("not a number")
    []
    """
    return list(_recognise(normalise(number)))


@lru_cache(4096)
def _recognise(number: str) -> tuple[Guess, ...]:
    if not 8 <= len(number) <= LONGEST or not number.isascii():
        return ()
    best: dict[str, Guess] = {}
    for guess in (*_postal(number), *_own(number), *_library(number)):
        known = best.get(guess.carrier)
        if known is None or (guess.certain, guess.checked) > (known.certain, known.checked):
            best[guess.carrier] = guess
    # Stable: among equals the order of the forms, which is how common they are.
    ranked = sorted(best.values(), key=lambda guess: (not guess.certain, not guess.checked))
    return tuple(ranked)


_S10: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def modulo10(digits: str) -> bool:
    """GS1's check digit: from the right, weights 3 and 1 before it. Finds every single error.

    >>> modulo10("340434161094042557"), modulo10("340434161094042558")
    (True, False)
    """
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(digits)))
    return digits.isdigit() and total % 10 == 0


def s10(number: str) -> bool:
    """UPU S10-12: weights 8 6 4 2 3 5 9 7, modulo 11; remainders 10 and 11 are written 0 and 5.

    >>> s10("RR473124829GB"), s10("RR473124828GB")
    (True, False)
    """
    total = sum(int(d) * weight for d, weight in zip(number[2:10], _S10, strict=True))
    digit = 11 - total % 11
    return int(number[10]) == {10: 0, 11: 5}.get(digit, digit)


def ups(number: str) -> bool:
    """UPS: letters as (place in the alphabet + 1) modulo 10, weights 1 and 2, modulo 10."""
    values = [int(one) if one.isdigit() else (ord(one) - 63) % 10 for one in number[2:]]
    total = sum(value * (1, 2)[place % 2] for place, value in enumerate(values[:-1]))
    return -total % 10 == values[-1]


def identcode(number: str) -> bool:
    """Deutsche Post Identcode: weights 4 and 9, modulo 10."""
    total = sum(int(digit) * (4, 9)[place % 2] for place, digit in enumerate(number[:-1]))
    return -total % 10 == int(number[-1])


def iso7064(number: str) -> bool:
    """ISO 7064, modulo 37 and 36: DPD's check character."""
    rest = 36
    for one in number[:-1]:
        rest = (rest + int(one, 36)) % 36 or 36
        rest = rest * 2 % 37
    return (rest + int(number[-1], 36)) % 36 == 1


def modulo7(number: str) -> bool:
    """DHL Express: what precedes the last digit, modulo 7."""
    return int(number[:-1]) % 7 == int(number[-1])


def fedex12(number: str) -> bool:
    """FedEx Express: weights 3 1 7 repeated, modulo 11, 10 written as 0."""
    total = sum(int(digit) * (3, 1, 7)[place % 3] for place, digit in enumerate(number[:-1]))
    return total % 11 % 10 == int(number[-1])


def _parcel_of(number: str) -> str:
    """USPS puts the destination's ZIP before the number: ``420`` and 5 or 9 digits."""
    match = re.fullmatch(r"420(?:\d{5}|\d{9})(9[1-5]\d{18,24})", number)
    return match[1] if match else number


def _impb(number: str) -> bool:
    return modulo10(_parcel_of(number))


def _sscc(number: str) -> bool:
    return modulo10(number[-18:])


def _ground96(number: str) -> bool:
    return modulo10(number[7:])


def _form(
    carrier: str,
    name: str,
    title: str,
    pattern: str,
    check: Callable[[str], bool] | None = None,
    *,
    alone: bool = False,
) -> Form:
    return Form(carrier, name, title, re.compile(pattern), check, alone)


FORMS: Final[tuple[Form, ...]] = (
    _form("ups", "UPS", "UPS 1Z", r"1Z[A-Z0-9]{15}\d", ups, alone=True),
    _form(
        "usps",
        "USPS",
        "USPS IMpb",
        r"(?:420(?:\d{5}|\d{9}))?9[1-5]\d{20}(?:\d{4})?",
        _impb,
        alone=True,
    ),
    _form("dhl_parcel_de", "DHL Paket", "SSCC", r"(?:00)?340434\d{12}", _sscc, alone=True),
    _form("fedex", "FedEx", "FedEx Ground 96", r"96\d{20}", _ground96, alone=True),
    _form("fedex", "FedEx", "12 digits", r"\d{12}", fedex12),
    _form("fedex", "FedEx", "15 digits", r"\d{15}", modulo10),
    _form("dhl_express", "DHL Express", "10 digits", r"\d{10}", modulo7),
    _form("canadapost", "Canada Post", "16 digits", r"\d{16}", modulo10),
    _form("dhl_parcel_de", "DHL Paket", "Identcode", r"\d{12}", identcode),
    _form("dpd", "DPD", "14 digits and check letter", r"\d{14}[A-Z]", iso7064, alone=True),
    _form("dpd", "DPD", "14 digits and check digit", r"\d{15}", iso7064),
    _form("dpd", "DPD", "14 digits", r"0\d{13}"),
    _form("dhl_express", "DHL Express", "JD piece number", r"JD\d{16,18}"),
    _form("dhl_parcel_de", "DHL Paket", "JJD piece number", r"JJD\d{16,20}"),
    _form("dhl_ecommerce", "DHL eCommerce", "GM number", r"GM\d{16,20}"),
    _form("amazon_shipping", "Amazon", "TBA number", r"TB[ACM]\d{12}"),
    _form("postnl", "PostNL", "3S number", r"3S[A-Z]{3,4}[A-Z0-9]{6,13}"),
    _form("laposte", "La Poste Colissimo", "Colissimo number", r"[5-9][A-Z]\d{11}"),
    _form("ontrac", "OnTrac", "15 characters", r"[CD]\d{14}"),
    _form("sf_express", "SF Express", "SF number", r"SF\d{12,13}"),
    _form("cainiao", "Cainiao", "LP number", r"LP\d{14}"),
    _form("poste_italiane", "Poste Italiane", "13 characters", r"\dU[A-Z0-9]{2}\w{9}"),
    _form("inpost", "InPost", "24 digits", r"[56]\d{23}"),
    _form("gls", "GLS", "11 or 12 digits", r"\d{11,12}"),
    _form("brt", "BRT", "12 or 15 digits", r"\d{12}|\d{15}"),
    _form("evri", "Evri", "16 characters", r"[HT]0[A-Z0-9]\w\d{12}|[HT]\d{15}"),
)
"""The forms known here, without the library and without the posts (``posts.py``)."""

_LIBRARY: Final = {
    "fedex": ("fedex", "FedEx"),
    "ups": ("ups", "UPS"),
    "usps": ("usps", "USPS"),
    "dhl": ("dhl_express", "DHL Express"),
    "ontrac": ("ontrac", "OnTrac"),
    "amazon": ("amazon_shipping", "Amazon"),
}
_LIBRARY_ALONE: Final = frozenset({"ontrac"})


def _own(number: str) -> Iterator[Guess]:
    for form in FORMS:
        if not form.pattern.fullmatch(number):
            continue
        checked = form.check is not None and form.check(number)
        # Where a check digit is published, a number that fails it is not this carrier's.
        if form.check is None or checked:
            yield Guess(form.carrier, form.name, checked and form.alone, form.title, checked)


def _postal(number: str) -> Iterator[Guess]:
    """Thirteen characters of the world's posts, ``RR473124829GB``: the last two name the post."""
    if re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", number) and s10(number):
        post = POSTS.get(number[11:])
        if post:
            yield Guess(post[0], post[1], True, "UPU S10", True)


def _library(number: str) -> Iterator[Guess]:
    for definition in DEFINITIONS:
        courier = definition.courier.code
        if courier not in _LIBRARY:
            continue  # the posts have a table here; CDL's ten hexadecimal digits say nothing
        found = definition.test(number)
        if found and found.valid:
            checked = definition.checksum_validator is not None
            carrier, name = _LIBRARY[courier]
            certain = checked and courier in _LIBRARY_ALONE
            yield Guess(carrier, name, certain, definition.product.name, checked)
