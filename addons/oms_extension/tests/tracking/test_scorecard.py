import json
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .score_case import ScoreCase


class TestScorecard(ScoreCase):
    """What carriers' numbers are, how far they can be trusted, and which parcels they count."""

    def card(self, by="carrier", weeks=0, **more):
        self.env.flush_all()
        answer = self.env["oms.carrier.score"].scorecard(by=by, weeks=weeks, **more)
        return answer | {"of": {row["name"]: row for row in answer["rows"]}}

    def test_shares_have_their_interval_and_their_sample(self):
        self.parcels(36)
        self.parcels(4, days=5)
        measure = self.card()["of"]["UPS"]["measures"]["on_time"]
        self.assertEqual((measure["value"], measure["count"], measure["hits"]), (0.9, 40, 36))
        self.assertAlmostEqual(measure["low"], 0.7695, 3)
        self.assertAlmostEqual(measure["high"], 0.9604, 3)
        self.assertFalse(measure["few"])

    def test_a_small_sample_is_shown_as_such_and_judged_by_nobody(self):
        self.parcels(5, days=9)
        self.parcels(100, service=self.second)
        measure = self.card()["of"]["UPS"]["measures"]["on_time"]
        self.assertTrue(measure["few"])
        self.assertEqual(measure["judgement"], "few")

    def test_a_carrier_is_judged_against_the_others_beyond_chance_only(self):
        self.parcels(30)
        self.parcels(30, days=9)
        self.parcels(60, service=self.second)
        card = self.card()["of"]
        self.assertEqual(card["UPS"]["measures"]["on_time"]["judgement"], "worse")
        self.assertEqual(card["GLS"]["measures"]["on_time"]["judgement"], "better")
        self.assertEqual(card["GLS"]["measures"]["lost"]["judgement"], "same")

    def test_times_are_quantiles_with_intervals(self):
        self.parcels(50, days=4, spread=1)
        measures = self.card()["of"]["UPS"]["measures"]
        median = measures["transit_median"]
        self.assertEqual(median["value"], 4)
        self.assertTrue(2 <= median["low"] <= 4 <= median["high"] <= 6)
        self.assertEqual(measures["transit_most"]["value"], 6)

    def test_a_promise_counts_once_its_time_has_come(self):
        self.parcels(2, left=1, days=0.5, promised_at=self.ago(-2))
        on_the_way = {"state": "in_transit", "delivered_at": False, "first_attempt_at": False}
        self.parcels(3, left=9, **on_the_way)
        self.parcels(1, left=1, promised_at=self.ago(-2), **on_the_way)
        row = self.card()["of"]["UPS"]
        self.assertEqual((row["parcels"], row["on_the_way"]), (6, 4))
        self.assertTrue(row["early"])
        self.assertEqual(row["measures"]["lost"]["judgement"], "early")
        self.assertEqual(row["measures"]["on_time"]["count"], 3)
        self.assertEqual(row["measures"]["on_time"]["hits"], 0)

    def test_attempts_damage_loss_and_what_came_back_are_counted(self):
        self.parcels(6)
        self.parcels(2, attempts=1)
        self.parcels(1, was_damaged=True)
        self.parcels(1, state="lost", delivered_at=False, first_attempt_at=False)
        self.parcels(2, state="returned", delivered_at=False, attempts=2)
        self.parcels(1, state="cancelled", delivered_at=False)
        measures = self.card()["of"]["UPS"]["measures"]
        told = {name: (one.get("hits"), one["count"]) for name, one in measures.items()}
        self.assertEqual(told["first_attempt"], (7, 11))
        self.assertEqual(told["damaged"], (1, 12))
        self.assertEqual(told["lost"], (1, 12))
        self.assertEqual(told["came_back"], (2, 12))
        # What was lost or came back has missed its promise.
        self.assertEqual(told["on_time"], (9, 12))

    def test_what_costs_nothing_known_does_not_count_as_free(self):
        self.parcels(3, cost=6.0)
        self.parcels(1, cost=8.0)
        self.parcels(5, cost=0.0)
        cost = self.card()["of"]["UPS"]["measures"]["cost"]
        self.assertEqual((cost["value"], cost["count"]), (6.5, 4))

    def test_parcels_are_told_by_lane_warehouse_service_week_and_postcodes(self):
        self.parcels(2, left=40)
        self.parcels(3, left=33, service=self.second, zip="20121")
        self.assertEqual(list(self.card("lane")["of"]), ["Milano → Italy"])
        self.assertEqual(set(self.card("service")["of"]), {"Parcel", "Second"})
        self.assertEqual(set(self.card("postcodes")["of"]), {"Italy 03…", "Italy 20…"})
        weeks = self.card("week")["rows"]
        self.assertEqual([row["parcels"] for row in weeks], [3, 2])
        trend = self.card("warehouse")["rows"][0]["trend"]
        self.assertEqual([week["parcels"] for week in trend], [2, 3])

    def test_every_number_leads_to_its_parcels(self):
        late = self.parcels(4, days=9)
        self.parcels(6)
        others = self.parcels(5, service=self.second)
        score = self.env["oms.carrier.score"]
        # Of some nobody promised anything.
        self.parcels(2, promised_at=False)
        row = self.card("service")["of"]["Parcel"]
        action = score.open_parcels([*row["domain"], ["on_time", "=", 0]])
        found = self.env["oms.shipment"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(found, late)
        counted = score.search_count([*row["domain"], ["on_time", "!=", False]])
        self.assertEqual(counted, row["measures"]["on_time"]["count"])
        row = self.card("service")["of"]["Second"]
        action = score.open_parcels([*row["domain"], ["transit_days", "!=", False]])
        self.assertEqual(self.env["oms.shipment"].search(action["domain"]), others)

    def test_every_row_counts_what_its_domain_finds(self):
        self.parcels(4)
        self.parcels(2, carrier_id=False, oms_carrier_id=False, zip=False)
        for by in ("carrier", "service", "lane", "zone", "postcodes", "warehouse", "week"):
            for row in self.card(by)["rows"]:
                count = self.env["oms.carrier.score"].search_count(row["domain"])
                self.assertEqual(count, row["parcels"], (by, row["name"]))

    def test_archived_parcels_count(self):
        self.parcels(3).active = False
        row = self.card()["of"]["UPS"]
        self.assertEqual(row["parcels"], 3)
        action = self.env["oms.carrier.score"].open_parcels(row["domain"])
        shipments = self.env["oms.shipment"].with_context(**action["context"])
        self.assertEqual(shipments.search_count(action["domain"]), 3)

    def test_returns_and_other_weeks_stand_apart(self):
        self.parcels(2, left=400)
        self.parcels(3)
        self.parcels(4, direction="return")
        self.assertEqual(self.card(weeks=13)["total"]["parcels"], 3)
        self.assertEqual(self.card()["total"]["parcels"], 5)
        back = self.card(domain=[["direction", "=", "return"]])
        self.assertEqual(back["total"]["parcels"], 4)

    def test_it_is_plain_json_without_nulls(self):
        self.parcels(1, state="in_transit", delivered_at=False, promised_at=False, cost=0)
        answer = self.env["oms.carrier.score"].scorecard(by="lane")
        self.assertNotIn("null", json.dumps(answer))
        self.assertEqual(self.card(domain=[["id", "=", 0]])["rows"], [])

    def test_what_cannot_be_grouped_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "carrier, service"):
            self.env["oms.carrier.score"].scorecard(by="colour")
        with self.assertRaisesRegex(UserError, "weeks"):
            self.env["oms.carrier.score"].scorecard(weeks=-1)

    def test_other_companies_parcels_are_not_counted(self):
        self.parcels(3)
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "scores",
            "oms_extension.group_readonly",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        score = self.env["oms.carrier.score"].with_user(user).with_company(other)
        score = score.with_context(allowed_company_ids=other.ids)
        self.env.flush_all()
        self.assertEqual(score.scorecard(weeks=0)["total"]["parcels"], 0)

    def test_who_may_not_see_scores_sees_none(self):
        user = new_test_user(self.env, "nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["oms.carrier.score"].with_user(user).scorecard()

    def test_costs_are_in_the_currency_of_the_users_company(self):
        self.parcels(2, cost=10.0)
        other = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": self.env.ref("base.CHF").id}
        )
        self.env.ref("base.CHF").active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": other.currency_id.id,
                "company_id": self.company.id,
                "rate": 2.0,
                "name": self.ago(1).date(),
            }
        )
        self.env["oms.shipment"].create(
            {
                "name": "Abroad",
                "company_id": other.id,
                "oms_carrier_id": self.ups.id,
                "shipped_at": self.ago(10),
                "cost": 40.0,
            }
        )
        score = self.env["oms.carrier.score"].with_context(
            allowed_company_ids=[self.company.id, other.id]
        )
        self.env.flush_all()
        measure = score.scorecard(weeks=0)["total"]["measures"]["cost"]
        rate = other.currency_id._get_conversion_rate(
            other.currency_id, self.company.currency_id, other
        )
        self.assertAlmostEqual(measure["value"], (20 + 40 * rate) / 3, 3)

    def test_the_pivot_tells_rates_and_quantiles(self):
        self.parcels(9)
        self.parcels(1, days=8)
        self.env.flush_all()
        ((rate, median, most),) = self.env["oms.carrier.score"]._read_group(
            [("company_id", "=", self.company.id)],
            [],
            ["on_time:avg", "transit_median:avg", "transit_most:avg"],
        )
        self.assertEqual((rate, median), (0.9, 3.0))
        self.assertAlmostEqual(most, 3.5)

    def test_a_row_of_the_list_opens_its_parcel(self):
        parcel = self.parcels(1)
        self.env.flush_all()
        score = self.env["oms.carrier.score"].search([("shipment_id", "=", parcel.id)])
        self.assertEqual(score.action_open_shipment()["res_id"], parcel.id)

    def test_it_takes_as_many_statements_for_many_parcels_as_for_few(self):
        self.parcels(2)
        self.card()
        counts = []
        for more in (1, 40):
            self.parcels(more, left=30, service=self.second)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["oms.carrier.score"].scorecard(by="lane")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[1], 16)

    def test_the_longest_silence_counts(self):
        parcels = self.parcels(2)
        for parcel, gap in zip(parcels, (10.0, 30.0), strict=True):
            parcel.longest_gap = gap
        gap = self.card()["of"]["UPS"]["measures"]["longest_gap"]
        self.assertEqual((gap["value"], gap["count"]), (28.0, 2))
        self.assertEqual(timedelta(hours=gap["value"]).days, 1)
