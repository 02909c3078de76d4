"""Why things come back: the usual, and four causes that were planted for the detector to find."""

from __future__ import annotations

from dataclasses import dataclass

from ..network import ECONOMY
from .club import ClubOrder, SoldLine
from .goods import BAD_LOT, MISDESCRIBED, SMALL_RUN

REASONS = (
    "unwanted", "too_small", "too_large", "not_as_described", "defective", "arrived_damaged",
    "wrong_item", "late",
)  # fmt: skip
RATES = {
    "Clothing": 0.085, "Footwear": 0.10, "Backpacks": 0.05, "Tents": 0.05, "Sleeping": 0.045,
    "Light and Power": 0.045, "Cooking": 0.035, "Hydration": 0.03, "Cycling": 0.045,
    "Climbing": 0.045, "Camp Furniture": 0.05, "Water Sports": 0.045,
}  # fmt: skip
"""Share of the units of a category that usually comes back."""
WORN = (10, 6, 6, 3, 1.5, 1, 1, 0.5)
USED = (9, 0.3, 0.3, 4, 4, 1.5, 1, 0.6)
"""How often the reasons are, of what is worn and of what is used."""
WEARABLES = ("Clothing", "Footwear")


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that makes more come back.

    :ivar since: days ago when the first such unit was delivered.
    :ivar adds: to the chance of a unit to come back; ``reason`` is what customers then say, and
        ``found`` what the warehouse finds.
    """

    key: str
    since: int
    adds: float
    reason: str
    found: str

    def touches(self, order: ClubOrder, line: SoldLine) -> bool:
        """Whether a delivered line is affected, its time left aside."""
        if self.key == "lot":
            return line.lot == BAD_LOT
        if self.key == "size":
            return line.article.code == SMALL_RUN
        if self.key == "description":
            return line.article.code == MISDESCRIBED
        return (order.service, order.warehouse) == (ECONOMY, "KAS")


CAUSES = (
    Cause("lot", 60, 0.40, "defective", "defective_bad_lot"),
    Cause("size", 56, 0.55, "too_small", "too_small_runs_small"),
    Cause("description", 56, 0.38, "not_as_described", "not_as_described_wrong_text"),
    Cause("carrier", 52, 0.22, "arrived_damaged", "arrived_damaged_transport"),
)
FOUND = {
    "too_small": ("too_small_size_chart",), "too_large": ("too_large_runs_large",),
    "not_as_described": ("not_as_described_colour_differs", "not_as_described_wrong_picture"),
    "defective": ("defective_wear", "defective_design", "defective_no_fault"),
    "arrived_damaged": ("arrived_damaged_transport", "arrived_damaged_packing"),
    "wrong_item": ("wrong_item_picked_wrong", "wrong_item_labelled_wrong"),
    "late": ("late_late_carrier", "late_late_warehouse"),
    "unwanted": ("unwanted_several_to_choose", "unwanted_found_cheaper"),
}  # fmt: skip
"""Causes that the warehouse finds at the receiving table, by what customers said."""
