"""The sentences in which a verdict explains itself, as codes and values.

Those who show them (``models/returns/policy/sentences.py``) know the reader's language.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from .policy_case import Line, LineVerdict, Request, Said
from .policy_law import EXCLUSIONS
from .policy_terms import Terms


def on_line(
    line: Line,
    terms: Terms,
    live: bool,
    ground: str,
    until: date | None,
    free: date | None,
    outcomes: Collection[str],
    needs: Collection[str],
) -> tuple[Said, ...]:
    """Why a line is allowed, or refused, and until when.

    :param free: the last day of the right of withdrawal
    """
    last = until.isoformat() if until else ""
    if live and not ground:
        return (Said("outcome", {"outcome": line.outcome, "outcomes": sorted(outcomes)}),)
    said = []
    excluded = EXCLUSIONS.get(terms.exclusion)
    if not ground:
        if excluded is not None:
            said.append(
                Said("excluded", {"exclusion": terms.exclusion, "article": excluded.article})
            )
            if excluded.unsealed and line.opened is None:
                said.append(Said("unless_sealed"))
        if until:
            said.append(Said("over", {"until": last}))
    elif until:
        days = {"until": last}
        if ground == "withdrawal" and free:
            days["free"] = free.isoformat()
        said.append(Said(f"by_{ground}", days))
    else:
        # The right of withdrawal waits for the order's last parcel, whatever came already.
        said.append(Said("not_begun_order" if line.delivery else "not_begun"))
    if until and line.delivery:
        day = line.delivery.day.isoformat()
        said.append(Said("delivered" if line.delivery.reported else "dispatched", {"day": day}))
    if "seal" in needs:
        said.append(Said("only_sealed"))
    return tuple(said)


def on_whole(
    fee: float, freight: str, comes_back: bool, needs: Collection[str]
) -> tuple[Said, ...]:
    """On which terms, for the customer to read."""
    said = []
    if fee:
        said.append(Said("fee", {"fee": fee}))
    said.append(Said(f"freight_{freight}") if comes_back else Said("stays"))
    said += [Said(f"needs_{need}") for need in ("photo", "inspection") if need in needs]
    return tuple(said)


def on_review(
    request: Request,
    lines: Sequence[LineVerdict],
    flagged: bool,
    automatic: bool,
    value: float,
    limit: float,
) -> tuple[Said, ...]:
    """What a person of the shop is to look at; not for the customer."""
    said = []
    if flagged:
        history = request.history
        said.append(
            Said(
                "repeated",
                {
                    "returned": history.returned,
                    "delivered": history.delivered,
                    "returns": history.returns,
                },
            )
        )
    for line, one in zip(request.lines, lines, strict=True):
        if "review" in one.needs and line.delivery:
            said.append(Said("carrier_says", {"day": line.delivery.day.isoformat()}))
            break
    if not automatic and 0 < limit < value:
        said.append(Said("above_limit", {"value": value, "limit": limit}))
    return tuple(said)
