"""Step 2: what is needed, and what every warehouse can give of it.

Lines that are alike (same product, same stock, no wish of their own) are merged into one *need*, so
that two lines of one product do not compete for the same units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..plain import sort_key
from .snapshot import Key, Line, Snapshot, Warehouse

Stock = Sequence[Mapping[Key, int]]
"""Available units by place and stock key."""


@dataclass(frozen=True, slots=True)
class Need:
    """Units of one product that one or several lines of the order ask for.

    :ivar usage: (stock key, units of it that one unit takes).
    :ivar whole: must not come from more than one place.
    """

    index: int
    lines: tuple[Line, ...]
    quantity: int
    unit_weight: float
    usage: tuple[tuple[Key, int], ...]
    whole: bool

    @property
    def product(self) -> Key:
        """The product that is needed."""
        return self.lines[0].product


def find_needs(snapshot: Snapshot) -> list[Need]:
    """The needs of an order, by the id of their first line."""
    policy = snapshot.policy
    mergeable = not any(
        one.handling_per_line or one.daily_lines is not None or one.capacity_lines_left
        for one in snapshot.warehouses
    )
    merged: dict[object, list[Line]] = {}
    for line in sorted(snapshot.lines, key=lambda one: one.id):
        if not line.quantity:
            continue
        usage = tuple(sorted(line.stock.items(), key=lambda item: sort_key(item[0])))
        whole = _is_whole(line, policy.min_split_value)
        if mergeable and not whole and not any(line.locked.values()):
            key: object = (line.product, usage, line.unit_weight, frozenset(line.excluded))
        else:
            key = line.id
        merged.setdefault(key, []).append(line)
    return [
        Need(
            index=index,
            lines=tuple(lines),
            quantity=sum(line.quantity for line in lines),
            unit_weight=lines[0].unit_weight,
            usage=tuple(sorted(lines[0].stock.items(), key=lambda item: sort_key(item[0]))),
            whole=_is_whole(lines[0], policy.min_split_value),
        )
        for index, lines in enumerate(merged.values())
    ]


def _is_whole(line: Line, min_split_value: float) -> bool:
    return line.quantity > 1 and line.quantity * line.unit_price < min_split_value


def stock_of(warehouses: Sequence[Warehouse]) -> list[Mapping[Key, int]]:
    """What each of ``warehouses`` can promise."""
    return [warehouse.stock for warehouse in warehouses]


def units_of(usage: tuple[tuple[Key, int], ...], stock: Mapping[Key, int]) -> int:
    """Whole units of something that takes ``usage`` that ``stock`` is enough for."""
    if len(usage) == 1:
        key, each = usage[0]
        return max(0, stock.get(key, 0) // each)
    return max(0, min(stock.get(key, 0) // each for key, each in usage))


@dataclass(slots=True)
class Claims:
    """What the places can give to the needs, after what a person locked.

    :ivar locked: [need][place] units that ship from there by a person's will and can.
    :ivar refused: (line id, warehouse id) → units locked there that it does not have or may not
        ship; they wait there.
    :ivar open: [need] units still to be found a place for.
    :ivar cap: [need][place] units that the place can give beyond ``locked``.
    :ivar stock: [place] stock that the order could draw on. ``left`` is that after ``locked``.
    :ivar coupled: [need] whether it competes with another need for the same stock somewhere.
    """

    locked: list[dict[int, int]]
    refused: dict[tuple[int, int], int]
    open: list[int]
    cap: list[list[int]]
    stock: list[dict[Key, int]]
    left: list[dict[Key, int]]
    coupled: list[bool]


def claim(
    needs: list[Need],
    carried: list[list[bool]],
    allowed: list[list[bool]],
    ids: list[int],
    stock: Stock,
) -> Claims:
    """Grant the locks, in the order of the lines, then count what is left.

    :param carried: [need][place] whether any option of the place can ship the need at all.
    :param allowed: [need][place] whether the place may ship it without a person's will.
    :param ids: warehouse id of each place.
    """
    keys = {key for need in needs for key, _ in need.usage}
    own = [{key: one.get(key, 0) for key in keys} for one in stock]
    has_locks = any(line.locked for need in needs for line in need.lines)
    claims = Claims(
        locked=[{} for _ in needs],
        refused={},
        open=[need.quantity for need in needs],
        cap=[],
        stock=own,
        left=[dict(one) for one in own] if has_locks else own,
        coupled=[],
    )
    for need in needs:
        for warehouse, quantity in sorted(need.lines[0].locked.items()):
            if quantity:
                _grant(claims, need, warehouse, quantity, carried, ids)
    for need in needs:
        may = _places_of_whole(need, claims) if need.whole else None
        claims.cap.append(
            [
                min(claims.open[need.index], units_of(need.usage, claims.left[place]))
                if allowed[need.index][place] and (may is None or place in may)
                else 0
                for place in range(len(ids))
            ]
        )
    claims.coupled += _coupled(needs, claims)
    return claims


def _grant(
    claims: Claims,
    need: Need,
    warehouse: int,
    quantity: int,
    carried: list[list[bool]],
    ids: list[int],
) -> None:
    granted = 0
    if warehouse in ids:
        place = ids.index(warehouse)
        if carried[need.index][place]:
            granted = min(quantity, units_of(need.usage, claims.left[place]))
        if granted:
            claims.locked[need.index][place] = granted
            for key, each in need.usage:
                claims.left[place][key] -= each * granted
    if granted < quantity:
        claims.refused[need.lines[0].id, warehouse] = quantity - granted
    claims.open[need.index] -= quantity


def _places_of_whole(need: Need, claims: Claims) -> set[int] | None:
    """A line that must not be divided stays where a person has put a part of it."""
    return set(claims.locked[need.index]) or None


def _coupled(needs: list[Need], claims: Claims) -> list[bool]:
    users: dict[Key, list[Need]] = {}
    for need in needs:
        for key, _ in need.usage:
            users.setdefault(key, []).append(need)
    coupled = [False] * len(needs)
    for key, sharing in users.items():
        if len(sharing) < 2:
            continue
        for place, left in enumerate(claims.left):
            wanted = [
                (need.index, claims.cap[need.index][place] * dict(need.usage)[key])
                for need in sharing
            ]
            if sum(units for _, units in wanted) > left[key]:
                for index, units in wanted:
                    coupled[index] = coupled[index] or units > 0
    return coupled
