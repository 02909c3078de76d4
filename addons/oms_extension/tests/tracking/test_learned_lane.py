from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .score_case import ScoreCase


class TestLearnedLane(ScoreCase):
    """Transit times that a lane's own parcels teach, and lanes that they suggest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zone = cls.env["oms.zone"].create(
            {"name": "All of Italy", "country_ids": [(6, 0, cls.italy.ids)]}
        )
        cls.lane = cls.make_lane(cls.service)

    @classmethod
    def make_lane(cls, service, **values):
        return cls.env["oms.lane"].create(
            {
                "warehouse_id": cls.warehouses["IT"].id,
                "zone_id": cls.zone.id,
                "carrier_id": service.id,
                "transit_days": 2,
                "base_cost": 5.0,
            }
            | values
        )

    def arrived(self, count, working_days, service=None):
        """Parcels that left on a Monday and were delivered so many working days later."""
        monday = self.ago(30)
        monday -= timedelta(days=monday.weekday())
        weeks, rest = divmod(working_days, 5)
        return self.parcels(
            count, 7 * weeks + rest, (self.ago(0) - monday).days, service, promised_at=False
        )

    def learn(self):
        with patch.object(self.registry["ir.cron"], "_commit_progress", return_value=60):
            self.env["oms.lane"]._cron_learn()

    def promise(self):
        order = self.order({self.thing: 1}, confirm=False)
        (answer,) = order.oms_preview_allocation()
        return answer["plan"]["delivery_date"]

    # --- learning -----------------------------------------------------------------------------

    def test_a_lane_learns_the_days_that_its_parcels_took(self):
        self.arrived(180, 3)
        self.arrived(32, 4)
        self.learn()
        self.assertEqual((self.lane.learned_days, self.lane.learned_parcels), (4, 212))
        self.assertEqual(self.lane.transit_days, 2)
        self.assertEqual(self.lane.promised_days, 4)
        self.assertTrue(self.lane.learned_at)

    def test_few_parcels_stay_near_what_a_person_wrote(self):
        self.arrived(10, 5)
        self.learn()
        self.assertEqual(self.lane.learned_days, 3)
        self.arrived(300, 5)
        self.learn()
        self.assertEqual(self.lane.learned_days, 5)

    def test_the_promise_follows_what_was_learned(self):
        before = self.promise()
        self.arrived(100, 6)
        self.learn()
        self.assertGreater(self.promise(), before)

    def test_the_decision_says_what_it_learned_from(self):
        self.arrived(212, 6)
        self.learn()
        order = self.order({self.thing: 1})
        view = order.oms_allocation_view
        self.assertEqual(view["parcels"][0]["learned_from"], 212)
        self.assertEqual(view["cards"][0]["candidates"][0]["learned_from"], 212)

    def test_what_a_person_wrote_holds_where_the_lane_or_the_company_says_so(self):
        self.arrived(100, 6)
        before = self.promise()
        self.learn()
        self.assertNotEqual(self.promise(), before)
        self.lane.learned_use = "no"
        self.assertEqual(self.promise(), before)
        self.lane.learned_use = "company"
        self.company.oms_learned_use = False
        self.assertEqual(self.promise(), before)
        self.lane.learned_use = "yes"
        self.assertNotEqual(self.promise(), before)

    def test_parcels_still_on_the_way_count_as_long_as_they_have_been(self):
        self.arrived(60, 2)
        self.parcels(
            40, left=30, state="in_transit", delivered_at=False, first_attempt_at=False,
            promised_at=False,
        )  # fmt: skip
        self.learn()
        # Four in ten have not arrived after weeks: no days hold nine in ten.
        self.assertFalse(self.lane.learned_parcels)

    def test_a_recipient_who_is_not_home_makes_no_lane_slower(self):
        parcels = self.arrived(100, 2)
        for parcel in parcels:
            parcel.delivered_at += timedelta(days=5)
        self.learn()
        self.assertEqual(self.lane.learned_days, 2)

    def test_the_share_to_promise_is_the_companys(self):
        self.arrived(70, 2)
        self.arrived(30, 5)
        self.learn()
        self.assertEqual(self.lane.learned_days, 5)
        self.company.oms_promise_share = 0.6
        self.learn()
        self.assertEqual(self.lane.learned_days, 2)

    def test_what_is_too_old_is_forgotten(self):
        self.arrived(50, 6)
        self.learn()
        self.assertTrue(self.lane.learned_parcels)
        self.env["oms.shipment"].search([("lane_id", "=", self.lane.id)]).shipped_at = self.ago(300)
        self.learn()
        self.assertFalse(self.lane.learned_parcels)
        self.assertEqual(self.lane.promised_days, 2)

    def test_a_parcel_knows_the_lane_of_the_narrowest_zone_and_of_its_service(self):
        narrow = self.zone.copy({"name": "South of Rome", "zip_prefixes": "03, 04"})
        any_service = self.make_lane(self.env["delivery.carrier"], zone_id=narrow.id)
        first, second = self.arrived(1, 2), self.arrived(1, 2, self.second)
        (first | second)._follow()
        self.assertEqual(first.lane_id, self.lane)
        self.assertEqual(second.lane_id, any_service)
        own = self.make_lane(self.service, zone_id=narrow.id)
        self.learn()
        self.assertEqual(first.lane_id, own)
        self.assertEqual(own.action_oms_parcels()["domain"][0][0], "score_ids")

    def test_who_works_in_the_warehouse_reads_a_parcels_lane_and_ledger(self):
        parcel = self.arrived(1, 2)
        parcel._follow()
        user = new_test_user(
            self.env,
            "packer",
            "stock.group_stock_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        wanted = {"lane_id": {"fields": {"display_name": {}}}, "late_ledger": {}}
        (told,) = parcel.with_user(user).web_read(wanted)
        self.assertEqual(told["lane_id"]["display_name"], "IT → All of Italy (Parcel)")
        self.assertEqual(told["late_ledger"]["causes"], [])

    def test_a_preferred_service_stands_before_cheaper_ones(self):
        dear = self.make_lane(self.second, base_cost=9.0)
        order = self.order({self.thing: 1}, confirm=False)

        def service():
            (answer,) = order.oms_preview_allocation()
            return answer["plan"]["parcels"][0]["carrier"]

        self.assertEqual(service(), self.service.id)
        dear.preferred = True
        self.assertEqual(service(), self.second.id)
        order.carrier_id = self.service
        self.assertEqual(service(), self.service.id)

    # --- suggesting ---------------------------------------------------------------------------

    def both_serve(self, **other):
        """The first service takes three days and 5.00, the second a day less and 5.12."""
        self.parcels(100, 3.0, 40, spread=0.2)
        self.parcels(60, 2.2, 40, self.second, spread=0.2, **({"cost": 5.12} | other))

    def suggestions(self):
        self.env["oms.lane.suggestion"]._suggest()
        return self.env["oms.lane.suggestion"].search([("company_id", "=", self.company.id)])

    def test_a_faster_service_is_suggested_with_days_and_money(self):
        self.both_serve()
        one = self.suggestions()
        self.assertEqual(len(one), 1)
        self.assertEqual((one.from_carrier_id, one.to_carrier_id), (self.service, self.second))
        self.assertEqual((one.kind, one.prefixes), ("faster", "03"))
        self.assertAlmostEqual(one.days, -0.8)
        self.assertAlmostEqual(one.money, 0.12)
        self.assertIn("−0.8 days, +", one.name)
        self.assertIn("move IT 03 to Second", one.name)
        self.assertEqual((one.parcels_from, one.parcels_to), (100, 60))

    def test_postcodes_of_one_gain_are_one_suggestion(self):
        self.both_serve()
        for service, days in ((self.service, 3.0), (self.second, 2.0)):
            self.parcels(50, days, 40, service, spread=0.2, zip="04100", cost=5.0)
        self.assertEqual(self.suggestions().prefixes, "03, 04")

    def test_nothing_is_suggested_from_few_parcels_or_from_other_weights(self):
        self.parcels(100, 3.0, 40, spread=0.2)
        self.parcels(12, 2.0, 40, self.second)
        self.parcels(90, 2.0, 40, self.second, weight=30.0)
        self.assertFalse(self.suggestions())

    def test_one_click_makes_the_lane_which_allocation_then_uses(self):
        self.both_serve()
        self.make_lane(self.second, base_cost=5.12, transit_days=2)
        one = self.suggestions()
        action = one.action_apply()
        lane = self.env["oms.lane"].browse(action["res_id"])
        self.assertEqual((lane.carrier_id, lane.zone_id.zip_prefixes), (self.second, "03"))
        self.assertEqual((lane.base_cost, lane.preferred, lane.transit_days), (5.12, True, 2))
        self.assertIn(self.env.user.name, lane.note)
        self.assertIn("Second", one.message_ids[:1].body)
        self.assertEqual(one.state, "done")
        # Orders to those postcodes take it, others do not.
        for postcode, service in (("03100", self.second), ("20121", self.service)):
            order = self.order({self.thing: 1}, confirm=False)
            order.partner_shipping_id.zip = postcode
            (answer,) = order.oms_preview_allocation()
            self.assertEqual(answer["plan"]["parcels"][0]["carrier"], service.id)
        with self.assertRaises(UserError):
            one.action_apply()
        # It is not suggested again, though the parcels of before still say so.
        self.assertEqual(self.suggestions(), one)

    def test_a_service_without_lane_gets_one_at_what_it_cost(self):
        self.both_serve()
        lane = self.env["oms.lane"].browse(self.suggestions().action_apply()["res_id"])
        self.assertAlmostEqual(lane.base_cost, 5.12)
        self.assertEqual(lane.transit_days, 2)

    def test_what_was_dismissed_does_not_come_back(self):
        self.both_serve()
        one = self.suggestions()
        one.action_dismiss()
        self.assertEqual(self.suggestions(), one)
        self.assertEqual(one.state, "dismissed")
        one.action_reopen()
        self.assertEqual(self.suggestions().state, "open")

    def test_what_is_no_longer_so_goes_and_returns(self):
        self.both_serve()
        one = self.suggestions()
        slow = self.parcels(38, 7.0, 40, self.second, spread=0.2)
        self.assertEqual(self.suggestions().state, "gone")
        slow.state = "cancelled"
        slow.delivered_at = False
        self.assertEqual(self.suggestions(), one)
        self.assertEqual(one.state, "open")

    def test_only_managers_follow_suggestions(self):
        self.both_serve()
        user = new_test_user(
            self.env,
            "planner2",
            "oms_extension.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        one = self.suggestions().with_user(user)
        self.assertTrue(one.name)
        with self.assertRaises(AccessError):
            one.action_apply()
        with self.assertRaises(AccessError):
            one.action_dismiss()
        self.assertIn("score_ids", str(one.action_parcels()["domain"]))
