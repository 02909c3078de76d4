import io
from collections import Counter
from datetime import date, timedelta

from PIL import Image

from odoo.tests import BaseCase, tagged

from ..demo.story import tell
from ..demo.story.icons import ICONS, SIZE, picture
from ..demo.story.network import EXPRESS, FREIGHT, WAREHOUSES, ZONES, lanes
from ..demo.story.orders import CONFIRMED, INVOICED, OPEN, PARTLY, QUOTATION, SENT, SHIPPED
from ..demo.story.parcel_stories import PARCEL_SCENES
from ..demo.story.parcel_stories import TITLES as PARCEL_TITLES
from ..demo.story.stories import SCENES, TITLES

TODAY = date(2026, 3, 18)


@tagged("post_install", "-at_install")
class TestDemoGenerator(BaseCase):
    """The demo's story, before it is written into Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.story = tell(TODAY)

    def test_the_same_day_and_seed_tell_the_same_story(self):
        self.assertEqual(tell(TODAY), self.story)
        self.assertNotEqual(tell(TODAY, seed=1), self.story)

    def test_it_can_be_told_on_any_weekday(self):
        for day in range(7):
            today = TODAY + timedelta(days=day)
            story = tell(today)
            self.assertEqual(story.closed_from.weekday(), 0)
            self.assertLess(story.closed_until, today)
            self.assertTrue(all(order.placed_at.date() < today for order in story.orders))

    def test_orders_are_of_the_last_three_months_by_time(self):
        moments = [order.placed_at for order in self.story.orders]
        self.assertEqual(moments, sorted(moments))
        self.assertLessEqual(TODAY - moments[0].date(), timedelta(days=91))
        self.assertTrue(250 <= len(moments) <= 400, len(moments))

    def test_every_state_occurs(self):
        fates = Counter(order.fate for order in self.story.orders)
        for fate in (*CONFIRMED, QUOTATION, SENT, OPEN, PARTLY, SHIPPED, INVOICED):
            self.assertTrue(fates[fate], fate)

    def test_references_are_unique_and_name_what_exists(self):
        customers = {customer.key for customer in self.story.customers}
        products = {product.code for product in self.story.products}
        references = [order.ref for order in self.story.orders]
        self.assertEqual(len(set(references)), len(references))
        for order in self.story.orders:
            self.assertIn(order.customer, customers)
            self.assertTrue(all(code in products and units > 0 for code, units in order.lines))

    def test_every_scene_is_played(self):
        played = Counter(order.story for order in self.story.orders if order.story)
        scenes = {scene.key for scene in (*SCENES, *PARCEL_SCENES)}
        self.assertEqual(set(played), scenes | {"rush"})
        self.assertEqual(set(played), {*TITLES, *PARCEL_TITLES})

    def test_customers_have_real_places(self):
        self.assertGreater(len(self.story.customers), 300)
        emails = [customer.email for customer in self.story.customers]
        self.assertEqual(len(set(emails)), len(emails))
        for customer in self.story.customers:
            self.assertTrue(customer.email.isascii() and customer.email.endswith("@example.com"))
            self.assertTrue(34 < customer.town.latitude < 61, customer.town)
            self.assertTrue(customer.town.postcode)

    def test_goods_arrive_before_the_first_order_or_within_the_story(self):
        self.assertTrue(all(one.units > 0 for one in self.story.receipts))
        pairs = Counter((one.days_ago, one.warehouse, one.product) for one in self.story.receipts)
        self.assertEqual(set(pairs.values()), {1})

    def test_every_zone_is_reached_from_every_warehouse(self):
        ways = {(lane.warehouse, lane.zone) for lane in lanes() if lane.service != FREIGHT}
        self.assertEqual(len(ways), len(WAREHOUSES) * len(ZONES))

    def test_express_is_dearer_and_never_slower(self):
        by_key = {(lane.warehouse, lane.zone, lane.service): lane for lane in lanes()}
        for (warehouse, zone, service), lane in by_key.items():
            if service == EXPRESS:
                economy = by_key[warehouse, zone, "economy"]
                self.assertGreater(lane.base_cost, economy.base_cost)
                self.assertLessEqual(lane.transit_days, economy.transit_days)

    def test_weight_steps_ascend(self):
        for lane in lanes():
            self.assertEqual(list(lane.steps), sorted(lane.steps))
            prices = [price for _limit, price in lane.steps]
            self.assertEqual(prices, sorted(prices))

    def test_every_product_has_a_picture(self):
        self.assertEqual({product.icon for product in self.story.products}, set(ICONS))
        for product in self.story.products:
            data = picture(product.icon, product.colour)
            self.assertEqual(Image.open(io.BytesIO(data)).size, (SIZE, SIZE))
        self.assertEqual(picture("tent", "#2f7d6d"), picture.__wrapped__("tent", "#2f7d6d"))
