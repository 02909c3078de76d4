"""What the club shop sells: the catalogue's goods, and some of its own in sizes and lots."""

from __future__ import annotations

from dataclasses import dataclass

from ..catalogue import Product

HEAVIEST = 15.0
"""Kilograms; what is heavier goes as freight, which the club shop does not sell."""


@dataclass(frozen=True, slots=True)
class Goods:
    """An article of the club shop that the other shops do not sell.

    :ivar sizes: (name, weight among the sizes) of its variants; empty: no variants.
    :ivar lots: (name, days ago when the first unit of it was sold), the oldest first; empty: not
        traced.
    """

    product: Product
    sizes: tuple[tuple[str, int], ...] = ()
    lots: tuple[tuple[str, int], ...] = ()

    def codes(self) -> list[tuple[str, str]]:
        """(internal reference, size) of every variant."""
        code = self.product.code
        return [(f"{code}-{size}", size) for size, _w in self.sizes] or [(code, "")]


BAD_LOT = "VH-26C"
LAMP, TROUSERS, SHOE = "LGT-VOLT", "CLO-TRAV", "FOO-TALUS"
CLUB_GOODS = (
    Goods(
        Product(LAMP, "Light and Power", "Volt Rechargeable Headlamp", "lamp", "#8a5a83",
                0.11, 74.90, 31.00, 400),
        lots=(("VH-25D", 400), ("VH-25F", 270), ("VH-26A", 150), (BAD_LOT, 54)),
    ),
    Goods(
        Product(TROUSERS, "Clothing", "Traverse Softshell Trousers", "jacket", "#4a4a4a",
                0.46, 119.00, 51.00, 860),
        sizes=(("S", 19), ("M", 36), ("L", 29), ("XL", 16)),
    ),
    Goods(
        Product(SHOE, "Footwear", "Talus Approach Shoe", "boots", "#6b6f76",
                0.88, 139.00, 62.00, 150),
        sizes=(("40", 15), ("41", 20), ("42", 25), ("43", 24), ("44", 16)),
    ),
)  # fmt: skip
SMALL_RUN = f"{TROUSERS}-M"
MISDESCRIBED = "BPK-CITY"


@dataclass(frozen=True, slots=True)
class Article:
    """One sellable thing: a variant of the club's own goods, or a product of the catalogue."""

    code: str
    product: Product
    lots: tuple[tuple[str, int], ...] = ()
    popularity: float = 1.0


def articles(catalogue: list[Product]) -> list[Article]:
    """Everything that the club shop sells; what the stories plant is sold enough to be found."""
    more = {MISDESCRIBED: 8.0}
    sold = [
        Article(one.code, one, (), one.popularity * more.get(one.code, 1.0))
        for one in catalogue
        if one.weight < HEAVIEST
    ]
    for goods in CLUB_GOODS:
        whole = sum(weight for _size, weight in goods.sizes) or 1
        weights = dict(goods.sizes)
        for code, size in goods.codes():
            share = weights.get(size, 1) / whole
            sold.append(Article(code, goods.product, goods.lots, goods.product.popularity * share))
    return sold
