from collections import Counter
from datetime import date, timedelta

import numpy as np

from odoo.tests import BaseCase, tagged

from ..demo.story import catalogue
from ..demo.story.network import ECONOMY, WAREHOUSES
from ..demo.story.people import FIRMS, PEOPLE
from ..demo.story.returns import tell_club
from ..demo.story.returns.causes import CAUSES, RATES
from ..demo.story.returns.club import REPEATER
from ..demo.story.returns.goods import BAD_LOT, CLUB_GOODS, MISDESCRIBED, SMALL_RUN
from ..demo.story.returns.scenes import RETURN_SCENES, RETURN_TITLES
from ..demo.story.story import SEED
from ..engine.returns.analysis.columns import DIMENSIONS, Returns, Units
from ..engine.returns.analysis.detect import detect

TODAY = date(2026, 3, 18)
EPOCH = date(1970, 1, 1)
PLANTED = {
    ("lot", BAD_LOT): "defective",
    ("variant", SMALL_RUN): "too_small",
    ("product", MISDESCRIBED): "not_as_described",
    ("carrier", ECONOMY, "warehouse", "KAS"): "arrived_damaged",
}


class Numbers:
    """The story as the detector reads it."""

    def __init__(self, club):
        self.codes = {name: {} for name in (*DIMENSIONS, "reason")}
        country = {one.key: one.town.country for one in club.customers}
        rows, at = [], {}
        for number, order in enumerate(club.orders):
            for position, line in enumerate(order.lines):
                at[number, position] = len(rows)
                product = line.article.product
                rows.append(
                    (
                        (order.delivered_at.date() - EPOCH).days,
                        line.units,
                        order.delivered_at > order.promised_at,
                        {
                            "product": product.code,
                            "variant": line.article.code,
                            "lot": line.lot,
                            "category": product.category,
                            "carrier": order.service,
                            "warehouse": order.warehouse,
                            "region": country[order.customer],
                        },
                    )
                )
        days, units, late, groups = zip(*rows, strict=True)
        columns = {
            name: np.array([self.number(name, one.get(name)) for one in groups])
            for name in DIMENSIONS
        }
        self.units = Units(np.array(days), np.array(units), columns, np.array(late))
        backs = club.backs
        self.returns = Returns(
            np.array([at[one.place] for one in backs]),
            np.array([(one.requested_at.date() - EPOCH).days for one in backs]),
            np.array([self.number("reason", one.reason) for one in backs]),
            np.array([one.units for one in backs]),
        )

    def number(self, name, value):
        known = self.codes[name]
        return known.setdefault(value, len(known)) if value else -1

    def name(self, kind, number):
        return next((value for value, one in self.codes[kind].items() if one == number), None)

    def flagged(self, today):
        """What is flagged: dict place → reason."""
        found = {}
        for one in detect(self.units, self.returns, (today - EPOCH).days):
            if one.level == "flag":
                place = []
                for name, value in zip(one.group.dimensions, one.group.values, strict=True):
                    place += [name, self.name(name, value)]
                found[tuple(place)] = self.name("reason", one.reason)
        return found


@tagged("post_install", "-at_install")
class TestDemoReturns(BaseCase):
    """The club's year, before it is written into Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = catalogue.products()
        cls.club = tell_club(TODAY, cls.products, SEED)

    def test_the_same_day_and_seed_tell_the_same_year(self):
        self.assertEqual(tell_club(TODAY, self.products, SEED), self.club)

    def test_the_four_planted_causes_are_found_on_every_day_of_the_week(self):
        for days in (*range(7), 100):
            today = TODAY + timedelta(days=days)
            found = Numbers(tell_club(today, self.products, SEED)).flagged(today)
            self.assertEqual({key: found.get(key) for key in PLANTED}, PLANTED, today)
            self.assertLessEqual(len(found), len(PLANTED) + 1, today)

    def test_without_the_planted_returns_nothing_of_them_is_flagged(self):
        kept = [one for one in self.club.backs if not one.cause]
        usual = type(self.club)(self.club.customers, self.club.orders, tuple(kept))
        self.assertFalse(set(Numbers(usual).flagged(TODAY)) & set(PLANTED))

    def test_returns_follow_their_deliveries_and_are_of_what_was_sold(self):
        for one in self.club.backs:
            order = self.club.orders[one.place[0]]
            self.assertLessEqual(one.units, order.lines[one.place[1]].units)
            self.assertGreaterEqual(one.requested_at, order.delivered_at)
            self.assertLess(one.requested_at.date(), TODAY)
            if one.received_at:
                self.assertGreater(one.received_at, one.requested_at)
                self.assertLess(one.received_at.date(), TODAY)
        places = Counter(one.place for one in self.club.backs)
        self.assertEqual(set(places.values()), {1})

    def test_it_is_enough_to_learn_from(self):
        units = sum(line.units for order in self.club.orders for line in order.lines)
        back = sum(one.units for one in self.club.backs)
        self.assertTrue(4000 <= units <= 7000, units)
        self.assertTrue(0.07 <= back / units <= 0.12, back / units)
        causes = Counter(one.cause for one in self.club.backs if one.cause)
        self.assertEqual(set(causes), {cause.key for cause in CAUSES})

    def test_orders_name_what_exists(self):
        customers = {one.key for one in self.club.customers}
        warehouses = {one.code for one in WAREHOUSES}
        self.assertEqual(set(RATES), {one.category for one in self.products})
        self.assertGreater(len(customers), (PEOPLE + FIRMS) / 2)
        references = [order.ref for order in self.club.orders]
        self.assertEqual(len(set(references)), len(references))
        lots = {name for goods in CLUB_GOODS for name, _since in goods.lots}
        for order in self.club.orders:
            self.assertIn(order.customer, customers)
            self.assertIn(order.warehouse, warehouses)
            self.assertTrue(order.placed_at < order.left_at < order.delivered_at)
            for line in order.lines:
                self.assertIn(line.lot, lots | {""})
                self.assertEqual(bool(line.lot), bool(line.article.lots))

    def test_one_customer_returns_often(self):
        sold = [number for number, one in enumerate(self.club.orders) if one.customer == REPEATER]
        units = sum(line.units for number in sold for line in self.club.orders[number].lines)
        back = sum(one.units for one in self.club.backs if one.place[0] in set(sold))
        self.assertGreaterEqual(back, 8)
        self.assertGreater(back / units, 0.6)

    def test_scenes_have_names_of_their_own(self):
        self.assertEqual(len(RETURN_TITLES), len(RETURN_SCENES))
        self.assertEqual(len(set(RETURN_TITLES.values())), len(RETURN_SCENES))
