"""What the law gives a consumer, which no policy can take away.

Sources, EUR-Lex: Directive 2011/83/EU on consumer rights (withdrawal: art. 9 to 16), part of the
EEA Agreement by Joint Committee decision 181/2012; Directive (EU) 2019/771 on the sale of goods
(guarantee: art. 10 to 14), before it 1999/44/EC with the same two years, in the EEA Agreement by
decision 21/2000; Regulation 1182/71 on periods and dates; for longer guarantees the national laws
named at :data:`LONGER_GUARANTEE`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_PARTS = "AX GF GP MF MQ RE YT"
"""Parts of member states that have country codes of their own (TFEU, art. 349 and 355)."""
EU = frozenset(f"{_MEMBERS} {_PARTS}".split())
COVERED = EU | {"IS", "LI", "NO"}
"""Countries (ISO 3166-1) of consumers with these rights: the European Economic Area."""

WITHDRAWAL_DAYS = 14
GUARANTEE_YEARS = 2
LONGER_GUARANTEE = {"ES": 3, "PT": 3, "SE": 3}
"""Years where they are more than two: Spain, Real Decreto-ley 7/2021; Portugal, Decreto-Lei
84/2021; Sweden, Konsumentköplag 2022:260. Iceland and Norway give five for durable goods, which
depends on the goods: set a longer guarantee in the policy."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A ground for which goods cannot be given back.

    :ivar article: of Directive 2011/83/EU; empty for a ground of the shop's own, which leaves the
        right of withdrawal as it is.
    :ivar unsealed: holds only once the customer has broken the seal.
    """

    article: str = ""
    unsealed: bool = False


EXCLUSIONS = {
    "custom": Exclusion("16(c)"),
    "perishable": Exclusion("16(d)"),
    "hygiene": Exclusion("16(e)", unsealed=True),
    "mixed": Exclusion("16(f)"),
    "media": Exclusion("16(i)", unsealed=True),
    "press": Exclusion("16(j)"),
    "digital": Exclusion("16(m)"),
    "final": Exclusion(),
    "dangerous": Exclusion(),
}


def withdrawal_ends(last_delivery: date) -> date:
    """The last day to withdraw: the day of delivery is not counted, and a period that ends on a
    Saturday or Sunday ends on Monday (Regulation 1182/71, art. 3). Public holidays are not known
    here; a policy with a longer window covers them.

    >>> withdrawal_ends(date(2026, 3, 2)), withdrawal_ends(date(2026, 3, 7))
    (datetime.date(2026, 3, 16), datetime.date(2026, 3, 23))
    """
    end = last_delivery + timedelta(days=WITHDRAWAL_DAYS)
    return end + timedelta(days=7 - end.weekday()) if end.weekday() >= 5 else end


def guarantee_ends(delivery: date, country: str) -> date:
    """The last day on which a lack of conformity that shows gives rights.

    >>> guarantee_ends(date(2024, 2, 29), "IT")
    datetime.date(2026, 2, 28)
    """
    year = delivery.year + LONGER_GUARANTEE.get(country, GUARANTEE_YEARS)
    return date(year, delivery.month, min(delivery.day, monthrange(year, delivery.month)[1]))
