"""The returns that a visitor is shown: one in each state, and what a person must see to.

Each follows an order that is in the story already, or one that is sold for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .club import REPEATER
from .goods import BAD_LOT, LAMP, SHOE

ANY, DEAR, PAIR = "any", "dear", "pair"
"""Which order: an inexpensive one, one above what is approved by itself, one of several units."""


@dataclass(frozen=True, slots=True)
class ReturnScene:
    """A return: its title, of which order it is, what is asked, and what was done since.

    :ivar order: a choice as above, the key of a story, or ``sell:`` and a product's code.
    :ivar steps: in their order: ``approve``, ``label`` (the parcel is on its way), ``take:`` and
        a condition, ``wrong`` (another product came), ``refund``, ``reject``, ``cancel``.
    """

    key: str
    title: str
    order: str
    reason: str
    comment: str = ""
    outcome: str = "refund"
    days_ago: int = 3
    origin: str = "portal"
    way: str = "label"
    units: int = 1
    photo: bool = False
    steps: tuple[str, ...] = ()
    lot: str = ""
    exchange_for: str = ""
    customer: str = ""


RETURN_SCENES = (
    ReturnScene("high_value", "Return: a person decides", DEAR, "unwanted",
                "It is larger than I thought.", days_ago=1),
    ReturnScene("repeat", "Return: this customer returns often", "sell:FOO-TALUS-41",
                "unwanted", "Ordered several to choose from.", days_ago=1, customer=REPEATER),
    ReturnScene("underway", "Return: label under way", ANY, "unwanted",
                days_ago=4, steps=("approve", "label")),
    ReturnScene("awaited", "Return: awaited", ANY, "not_as_described",
                "The colour is another one than in the picture.", days_ago=2, steps=("approve",)),
    ReturnScene("partial", "Return: partly received", PAIR, "unwanted", units=2, days_ago=6,
                steps=("approve", "take:a")),
    ReturnScene("due", "Return: received, money due", ANY, "unwanted", days_ago=7,
                steps=("approve", "take:a")),
    ReturnScene("refunded", "Return: paid back", ANY, "unwanted", days_ago=9,
                steps=("approve", "take:a", "refund")),
    ReturnScene("exchange", "Return: exchanged for another size", f"sell:{SHOE}-42", "too_small",
                "Half a size too small.", "exchange", days_ago=8, exchange_for=f"{SHOE}-43",
                steps=("approve", "take:a", "refund")),
    ReturnScene("damaged", "Claim: damaged parcel", "parcel_damaged", "arrived_damaged",
                "The parcel was crushed, the flask is dented.", days_ago=1, photo=True,
                way="pickup"),
    ReturnScene("discount", "Return: kept with a discount", ANY, "not_as_described",
                "A scratch on the side. I would keep it for less.", "discount", days_ago=3,
                way="none", origin="clerk", steps=("approve", "refund")),
    ReturnScene("credit", "Return: store credit", ANY, "gift", "", "credit", days_ago=8,
                steps=("approve", "take:a", "refund")),
    ReturnScene("rejected", "Return: refused", ANY, "other", "I used it for a week, it is not for "
                "me.", days_ago=5, origin="clerk", steps=("reject",)),
    ReturnScene("cancelled", "Return: withdrawn by the customer", ANY, "unwanted", days_ago=6,
                steps=("cancel",)),
    ReturnScene("wrong", "Return: another product came", ANY, "unwanted", days_ago=5,
                steps=("approve", "wrong")),
    ReturnScene("scrapped", "Return: scrapped", ANY, "other", "Came apart at the seam.",
                days_ago=7, origin="clerk", steps=("approve", "take:d")),
    ReturnScene("refurbished", "Return: refurbished", ANY, "unwanted", days_ago=7,
                steps=("approve", "take:b", "refund")),
    ReturnScene("lot", "Return: of the bad lot", f"sell:{LAMP}", "defective",
                "The battery does not charge any more.", days_ago=4, lot=BAD_LOT, origin="clerk",
                steps=("approve", "take:d")),
    ReturnScene("repair", "Return: to be repaired", ANY, "defective", "The zip jams.", "repair",
                days_ago=6, origin="clerk", steps=("approve", "take:c")),
    ReturnScene("portal", "Return: in the customer's portal", "parcel_portal", "unwanted",
                "Too heavy for me.", days_ago=0, steps=("approve",)),
)  # fmt: skip
RETURN_TITLES = {scene.key: scene.title for scene in RETURN_SCENES}
REFUSAL = "Worn for a week on a hike: it cannot be sold as new, and is not faulty."
