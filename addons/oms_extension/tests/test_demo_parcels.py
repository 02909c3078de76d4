from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from statistics import mean

from odoo.tests import BaseCase, tagged

from ..demo.story import tell
from ..demo.story.carriers import CARRIERS, OWN_CODES, UNKNOWN_STEP, number, speech
from ..demo.story.network import DHL_PAKET, ECONOMY, SERVICES, lanes
from ..demo.story.parcel_stories import PARCEL_SCENES
from ..demo.story.parcels import Dispatch, events
from ..demo.story.parcels.dispatch import HUBS, town_place, warehouse_place
from ..demo.story.parcels.plots import PLOTS
from ..demo.story.people import towns
from ..engine.tracking import meaning, message
from ..engine.tracking.numbers import recognise
from ..engine.tracking.rules import Fact, derive
from ..engine.tracking.vocabulary import STATES

NOW = datetime(2026, 3, 18, 13, 30, tzinfo=UTC)
SHOWN = (
    ("out_today", "inpost", "Kraków", 4, "out_for_delivery"),
    ("delivered_yesterday", "dhl_parcel_de", "Köln", 6, "delivered"),
    ("ready_now", "laposte", "Lyon", 7, "ready_for_pickup"),
    ("ready_yesterday", "dhl_parcel_de", "Köln", 6, "ready_for_pickup"),
    ("absent_now", "brt", "Milano", 6, "attempt_failed"),
    ("address", "dhl_express", "Innsbruck", 5, "on_hold"),
    ("returning", "correos", "Málaga", 17, "returning"),
    ("refused", "ups", "Rennes", 6, "exception"),
    ("lost", "brt", "Napoli", 16, "lost"),
    ("damaged", "dhl_parcel_de", "Köln", 7, "damaged"),
    ("silent", "gls", "Graz", 11, "in_transit"),
    ("not_scanned", "gls", "Hamburg", 2, "label_created"),
    ("delayed", "inpost", "Gdańsk", 5, "delayed"),
    ("under_way", "gls", "Verona", 4, "in_transit"),
    ("customs", "dhl_express", "Zürich", 8, "customs"),
)
"""(plot, carrier, town, days since hand-over, state)."""
CHECKED = ("dhl_parcel_de", "correos", "dhl_express", "ups")
"""Carriers whose numbers have a published check digit."""


def meaning_of(event):
    """What the addon makes of an event: the shipped tables, then what the shop's people told."""
    vocabulary = event.get("vocabulary", event["carrier"])
    known = meaning.lookup(vocabulary, event["code"], event["description"])
    if known:
        return known.state, known.reason
    own = {code: (state, reason) for code, state, reason in OWN_CODES.get(vocabulary, ())}
    return own.get(event["code"].casefold(), ("", ""))


def standing(dispatch, now=NOW):
    """The state of a parcel after what its carrier told until now."""
    facts = []
    for event in events(dispatch, now):
        state, reason = meaning_of(event)
        facts.append(Fact(message.read(event, now).at(), state, reason))
    return derive(facts)


def parcel(plot, carrier="gls", city="Milano", left_days_ago=8):
    town = next(one for one in towns() if one.city == city)
    left_at = (NOW - timedelta(days=left_days_ago)).replace(tzinfo=None)
    return Dispatch(
        key=plot,
        number=number(carrier, 4711),
        carrier_key=carrier,
        origin=warehouse_place("PIA"),
        target=town_place(town),
        left_at=left_at,
        days=2,
        plot=plot,
    )


@tagged("post_install", "-at_install")
class TestDemoParcels(BaseCase):
    """What happens to the demo's parcels, before it is written into Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.story = tell(NOW.date())
        cls.told = {one.ref: events(one.dispatch, NOW) for one in cls.story.outlet}

    def test_the_same_moment_tells_the_same_events(self):
        for one in self.story.outlet[::40]:
            self.assertEqual(events(one.dispatch, NOW), self.told[one.ref])

    def test_tracking_numbers_are_their_carriers_and_unique(self):
        for carrier in CARRIERS:
            numbers = [number(carrier, serial) for serial in range(1, 400_000, 617)]
            self.assertEqual(len(set(numbers)), len(numbers))
            for one in numbers[:50]:
                guesses = {guess.carrier: guess for guess in recognise(one)}
                if carrier != "dachser":
                    self.assertIn(carrier, guesses, one)
                if carrier in CHECKED:
                    self.assertTrue(guesses[carrier].checked, one)
        numbers = [one.dispatch.number for one in self.story.outlet]
        self.assertEqual(len(set(numbers)), len(numbers))

    def test_every_code_that_is_said_has_a_meaning_but_one(self):
        for (carrier, _language, step), (code, text) in speech().items():
            event = {"carrier": carrier, "code": code, "description": text}
            if CARRIERS[carrier].vocabulary:
                event["vocabulary"] = CARRIERS[carrier].vocabulary
            state, _reason = meaning_of(event)
            self.assertEqual(not state, step == UNKNOWN_STEP, (carrier, step, code))

    def test_each_plot_ends_in_its_state(self):
        for plot, carrier, city, days, state in SHOWN:
            with self.subTest(plot=plot):
                self.assertEqual(standing(parcel(plot, carrier, city, days)).state, state)

    def test_every_state_is_shown_on_any_day(self):
        scenes = {plot for scene in PARCEL_SCENES for plot in scene.plots}
        shown = {state for plot, *_parcel, state in SHOWN if plot in {*scenes, "customs"}}
        for days in range(7):
            now = NOW + timedelta(days=days)
            found = {standing(one.dispatch, now).state for one in tell(now.date()).outlet}
            self.assertEqual(found | shown, set(STATES), now)

    def test_a_plot_ends_in_its_state_on_every_day_and_at_every_hour(self):
        for hours in range(0, 7 * 24, 5):
            now = NOW + timedelta(hours=hours)
            out = parcel("out_today", "inpost", "Kraków", 4)
            self.assertEqual(standing(out, now).state, "out_for_delivery", now)
            self.assertLess(now - standing(out, now).since, timedelta(hours=24))

    def test_no_event_lies_ahead(self):
        for told in self.told.values():
            for event in told:
                self.assertLessEqual(message.read(event, NOW).at(), NOW)

    def test_nobody_works_at_night_and_few_on_sundays(self):
        hours, days = Counter(), Counter()
        for told in self.told.values():
            for event in told:
                at = datetime.fromisoformat(event["occurred_at"])
                hours[at.hour] += 1
                days[at.weekday()] += 1
        total = hours.total()
        self.assertLess(sum(hours[hour] for hour in (23, 0, 1, 2)), 0.04 * total)
        self.assertLess(days[6], 0.03 * total)

    def test_doors_are_opened_by_day_only(self):
        for one in self.story.outlet:
            for event in self.told[one.ref]:
                if meaning_of(event)[0] == "delivered":
                    at = datetime.fromisoformat(event["occurred_at"])
                    self.assertTrue(9 <= at.hour < 21, (one.ref, event))
                    self.assertIn(at.weekday(), {*one.dispatch.carrier.days, 5})

    def test_parcels_are_scanned_in_the_order_of_their_way(self):
        for one in self.story.outlet:
            states = [meaning_of(event)[0] for event in self.told[one.ref]]
            moments = [event["occurred_at"] for event in self.told[one.ref]]
            if not states:
                today = one.dispatch.left_at.date() >= NOW.date()
                self.assertTrue(today or one.dispatch.plot == "nothing_yet", one)
                continue
            self.assertEqual(states[0], "label_created")
            if "delivered" in states:
                self.assertEqual(states.index("delivered"), len(states) - 1, one.ref)
            self.assertGreater(len(set(moments)), len(moments) // 2)

    def test_old_parcels_have_arrived(self):
        for one in self.story.outlet:
            if one.dispatch.plot:
                continue
            if NOW.date() - one.dispatch.left_at.date() > timedelta(days=21):
                self.assertEqual(standing(one.dispatch).state, "delivered", one.ref)

    def test_a_strike_held_up_brt_in_italy_alone(self):
        struck = defaultdict(list)
        week = self.story.strike_from, self.story.strike_from + timedelta(days=4)
        for one in self.story.outlet:
            reasons = {meaning_of(event)[1] for event in self.told[one.ref]}
            if "carrier_strike" in reasons:
                struck[one.dispatch.carrier_key, one.town.country].append(one)
                self.assertLessEqual(one.dispatch.left_at.date(), week[1])
        self.assertEqual(set(struck), {("brt", "IT")})
        self.assertGreater(len(struck["brt", "IT"]), 2)

    def test_gls_is_slow_where_another_carrier_is_not(self):
        days = defaultdict(list)
        for one in self.story.outlet:
            if one.town.country == "DE" and one.warehouse == "KAS":
                found = standing(one.dispatch)
                if found.delivered_at:
                    taken = found.delivered_at.replace(tzinfo=None) - one.dispatch.left_at
                    slow = one.town.postcode.startswith("03")
                    days[one.service, slow].append(taken / timedelta(days=1))
        for key in ((ECONOMY, True), (DHL_PAKET, True)):
            self.assertGreater(len(days[key]), 50, key)
        self.assertGreater(mean(days[ECONOMY, True]), mean(days[DHL_PAKET, True]) + 0.6)
        self.assertLess(mean(days[ECONOMY, False]), mean(days[DHL_PAKET, False]) + 0.9)

    def test_two_carriers_serve_each_large_country(self):
        offered = defaultdict(set)
        for lane in lanes():
            offered[lane.warehouse, lane.zone].add(lane.service)
        home = {service.key for service in SERVICES if service.home}
        for pair in (("PIA", "it"), ("KAS", "de_north"), ("ORL", "fr_north"), ("LOD", "pl")):
            self.assertEqual(len(offered[pair] & (home | {ECONOMY})), 2, pair)

    def test_the_outlets_parcels_are_of_the_last_months_and_priced(self):
        for one in self.story.outlet:
            self.assertLess(self.story.today - one.dispatch.left_at.date(), timedelta(days=172))
            self.assertTrue(0 < one.weight < 250 and 2 < one.cost < 150, one)
            self.assertIsInstance(one.promised, date)

    def test_places_have_a_clock(self):
        for place in (*HUBS.values(), *(one.dispatch.target for one in self.story.outlet)):
            self.assertNotEqual(place.zone.key, "UTC", place)

    def test_the_scenes_name_plots_that_exist(self):
        for scene in PARCEL_SCENES:
            self.assertLessEqual(set(scene.plots), set(PLOTS))
            self.assertLessEqual(len(scene.plots), len(scene.lines))
