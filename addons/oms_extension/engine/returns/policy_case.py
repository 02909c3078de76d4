"""A request for a return, and the verdict on it, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from .policy_terms import What, Who

WAY_DAYS: Final = 7
"""Added where only the dispatch is known: nobody loses a day because a carrier does not report."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """:ivar reported: whether the carrier reported the delivery; else ``day`` is the dispatch."""

    day: date
    reported: bool = True

    @property
    def begins(self) -> date:
        """The day from which windows count."""
        return self.day if self.reported else self.day + timedelta(days=WAY_DAYS)


@dataclass(frozen=True, slots=True)
class Line:
    """Units that are asked to be given back. Money in the company's currency, taxes included.

    :ivar value: what was paid for these units
    :ivar fault: whose fault the reason says: ``customer``, ``content``, ``product``, ``warehouse``,
        ``carrier``
    :ivar guarantee: the reason says that the goods are not as they were sold
    :ivar nothing_back: the reason says that there is nothing to send back
    :ivar delivery: None while it is on its way
    :ivar opened: whether the seal is broken; None: not known
    :ivar cost: of these units for the shop
    :ivar recovered: what they are worth to it once they are back, as experience says; None: no
        experience, a share of the cost is assumed
    """

    what: What
    units: float
    value: float
    outcome: str = "refund"
    fault: str = "customer"
    guarantee: bool = False
    nothing_back: bool = False
    photo_asked: bool = False
    photos: int = 0
    opened: bool | None = None
    delivery: Delivery | None = None
    cost: float = 0.0
    recovered: float | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A customer's last twelve months: order lines delivered, and of them returned without a fault
    of the shop, in so many returns."""

    delivered: int = 0
    returned: int = 0
    returns: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, of one order.

    :ivar last_delivery: of the order's last parcel, from which the right of withdrawal counts
        (2011/83/EU, art. 9(2)(b)(i)); None while something is to come
    :ivar rate: one unit of the company's currency in the order's
    """

    today: date
    who: Who
    lines: tuple[Line, ...]
    last_delivery: Delivery | None = None
    history: History = History()
    rate: float = 1.0
    rounding: float = 0.01


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the explanation: what it is about, and the values it names."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """:ivar ground: the right it is allowed by: ``guarantee``, ``withdrawal``, ``policy``; empty
        where it is refused
    :ivar until: the last day on which it is, or was, possible; None: not begun, or never
    :ivar charged: whether a fee may be kept; ``freight``: who pays the way back
    :ivar returnless: it stays with the customer
    :ivar rules: keys of the rules that said something of it
    """

    allowed: bool
    ground: str
    until: date | None
    charged: bool
    freight: str
    returnless: bool
    needs: frozenset[str]
    said: tuple[Said, ...]
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """:ivar fee: in the order's currency
    :ivar value: of the allowed lines, in the company's currency
    :ivar review: why a person should look at it; never a ground to refuse
    """

    allowed: bool
    automatic: bool
    needs: tuple[str, ...]
    fee: float
    freight_paid_by: str
    returnless: bool
    refund_on: str
    exchange_ships: str
    refund_shipping: bool
    value: float
    lines: tuple[LineVerdict, ...]
    said: tuple[Said, ...]
    review: tuple[Said, ...]
