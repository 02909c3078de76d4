import random

from odoo.tests import tagged

from ...models.allocation.order_import.reader import ORDER, Reader
from .test_order_import import ImportCase

NASTY = [
    None, True, False, 0, -1, 1e308, float("nan"), float("inf"), -float("inf"), 10**400, "", " ",
    "\x00", "a\x00b", "\ud800", "😀" * 70, "x" * 100_000, "'; DROP TABLE sale_order; --", "%", "\\",
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "../../etc/passwd", "{{7*7}}", "%(x)s", "1",
    [], {}, [[]], [{}], {"": None}, {"id": 1}, {"name": {"name": {}}}, [None] * 1000, 2**31, 2**63,
    "9999-12-31", "0001-01-01", "2026-02-30", "\u202e\u202drtl",
]  # fmt: skip


class Silent:
    """Stands for an environment whose language is the source's."""

    @staticmethod
    def _(source, **names):
        return source % names if names else source


@tagged("post_install", "-at_install")
class TestOrderImportHostile(ImportCase):
    def nasty(self, value):
        """Copies of a good order with ``value`` in each place, one at a time."""
        good = self.sent(
            shipping_address={"name": "B", "country": "IT"},
            payment=[{"method": "card", "amount": 1}],
        )

        def variants(part):
            if isinstance(part, dict):
                for key in part:
                    yield {**part, key: value}
                    for inner in variants(part[key]):
                        yield {**part, key: inner}
            elif isinstance(part, list):
                yield [value]
                for inner in variants(part[0]):
                    yield [inner]

        yield value
        yield {**good, "surprise": value}
        yield from variants(good)

    def test_reading_anything_ends_in_sentences(self):
        for value in NASTY:
            for order in self.nasty(value):
                reader = Reader(Silent)
                reader.order(order)
                for error in reader.errors:
                    self.assertLess(len(error), 600)
                    self.assertNotIn("\x00", error)

    def test_reading_chance_ends_in_sentences(self):
        chance = random.Random(7)

        def anything(depth):
            kind = chance.choice("snlo") if depth else "s"
            if kind == "l":
                return [anything(depth - 1) for _ in range(chance.randrange(4))]
            if kind == "o":
                names = [*ORDER, "sku", "quantity", "name", "country", "x"]
                return {chance.choice(names): anything(depth - 1) for _ in range(6)}
            return chance.choice(NASTY)

        for _ in range(3000):
            reader = Reader(Silent)
            reader.order(anything(4))

    def test_importing_anything_ends_in_answers(self):
        orders = [
            order | {"reference": f"{at}-{index}"} if isinstance(order, dict) else order
            for at, value in enumerate(NASTY)
            for index, order in enumerate(self.nasty(value))
        ]
        chosen = random.Random(3).sample(orders, 150)
        answers = self.send(*chosen)
        self.assertEqual(len(answers), len(chosen))
        for answer in answers:
            self.assertEqual(answer["status"] == "rejected", bool(answer["errors"]), answer)
            self.assertNotIn("unexpected", "".join(answer["errors"]))

    def test_depth_does_not_matter(self):
        deep = []
        for _ in range(5000):
            deep = [deep]
        answer = self.send_one(self.sent(note=deep))
        self.assert_rejected(answer, "note: a text is expected, not [[[...]]].")

    def test_texts_stay_texts(self):
        script = "<script>alert(1)</script>"
        order = self.stored(
            self.send_one(
                customer={"name": script, "street": "%s", "country": "IT"},
                lines=[{"sku": "TEA", "quantity": 1, "description": script}],
                note=script,
            )
        )
        self.assertEqual(order.partner_id.name, script)
        self.assertEqual(order.partner_id.street, "%s")
        self.assertEqual(order.order_line.name, script)
        self.assertNotIn("<script", order.note)

    def test_a_country_is_no_pattern(self):
        for name in ("%", "_taly", "It%", "\\"):
            with self.subTest(name):
                self.assert_rejected(
                    self.send_one(customer={"name": "X", "country": name}), "There is no country"
                )

    def test_an_id_of_nothing_is_told(self):
        self.assert_rejected(self.send_one(carrier=2**31 - 1), "The carrier 2147483647 does not")
        self.assert_rejected(self.send_one(carrier=2**40), "an id, a name or a code is expected")
