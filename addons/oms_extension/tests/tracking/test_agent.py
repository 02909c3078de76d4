from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...engine.tracking.vocabulary import REASONS, STATES
from ...models.tracking.agent.advice import ADVICE, BY_REASON
from ...models.tracking.agent.reasons import REASON_NAMES
from ...models.tracking.agent.reply_parcel import ParcelReply
from ...models.tracking.agent.reply_reasons import WHAT_TO_DO
from .common import TrackingCase

NOW = fields.Datetime.now().replace(microsecond=0)


class AgentCase(TrackingCase):
    """One customer with an order of one parcel, sent yesterday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mario = cls.customer(
            name="Mario Rossi", email="Mario.Rossi@Example.com", phone="+39 02 555 4477"
        )
        cls.sent = cls.order({cls.thing: 1}, partner_id=cls.mario.id, client_order_ref="WEB-77")
        cls.parcel = cls.send(cls.sent)
        cls.parcel.shipped_at = NOW - timedelta(days=1)
        cls.agent = new_test_user(
            cls.env(context=dict(cls.env.context, allowed_company_ids=None)),
            "agent",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def ask(cls, query="", **named):
        return cls.env["oms.shipment"].with_user(cls.agent).agent_answer(query, **named)

    @classmethod
    def happen(cls, status, hours_ago=1, **more):
        at = (NOW - timedelta(hours=hours_ago)).isoformat() + "Z"
        cls.ingest(cls.event(status, at, **more))

    def told(self):
        return self.ask(self.sent.name)["reply"]["text"]


@tagged("post_install", "-at_install")
class TestAgentFinds(AgentCase):
    def test_the_order_by_whatever_the_customer_says(self):
        for said in (
            self.sent.name,
            self.sent.name.lower(),
            f"#{self.sent.name}",
            "WEB-77",
            "web-77",
            "1Z12345E0205271688",
            "1z 1234 5e02 0527 1688",
            self.parcel.name,
            self.sent.picking_ids.name,
            "mario.rossi@example.com",
            "MARIO.ROSSI@EXAMPLE.COM",
            "+39 02 555 4477",
            "0039025554477",
            "02/5554477",
            "Mario Ross",
            "rossi",
            "0205271688",
        ):
            answer = self.ask(said)
            self.assertEqual(answer["kind"], "answer", said)
            self.assertEqual(answer["order"]["id"], self.sent.id, said)

    def test_nothing_is_found_for_what_nobody_said(self):
        for said in ("", "  ", "zz", "nobody@example.com", "+39 02 555 4478", "%", "__", "\\", "'"):
            self.assertEqual(self.ask(said)["kind"], "none", said)

    def test_signs_of_patterns_stand_for_themselves(self):
        self.assertEqual(self.ask(self.sent.name[:-1] + "_")["kind"], "none")

    def test_several_orders_make_a_short_list_with_open_ones_first(self):
        self.happen("delivered")
        other = self.order({self.thing: 1}, partner_id=self.mario.id)
        self.send(other, "1Z12345E0305271640")
        answer = self.ask("rossi")
        self.assertEqual(answer["kind"], "choice")
        self.assertEqual(
            [(one["order_id"], one["state"], one["summary"]) for one in answer["choices"]],
            [
                (other.id, "pending", "0 of 1 delivered"),
                (self.sent.id, "delivered", "1 of 1 delivered"),
            ],
        )
        chosen = self.ask(order_id=other.id)
        self.assertEqual(chosen["order"]["id"], other.id)

    def test_more_than_ten_ask_for_more_of_the_name(self):
        for _ in range(12):
            self.order({self.thing: 1}, partner_id=self.mario.id)
        answer = self.ask("rossi")
        self.assertEqual(len(answer["choices"]), 10)
        self.assertTrue(answer["more"])

    def test_a_tracking_number_points_at_its_parcel_among_the_others(self):
        other = self.shipment("1Z12345E0305271640", order_id=self.sent.id)
        answer = self.ask("1Z12345E0305271640")
        self.assertEqual(answer["order"]["id"], self.sent.id)
        self.assertEqual(len(answer["parcels"]), 2)
        self.assertEqual(answer["focus"], other.id)

    def test_a_parcel_without_order_is_found(self):
        loose = self.shipment("JD0002", partner_id=self.mario.id)
        answer = self.ask("JD0002")
        self.assertFalse(answer["order"])
        self.assertEqual([one["id"] for one in answer["parcels"]], loose.ids)
        self.assertIn("JD0002", answer["reply"]["subject"])

    def test_what_is_open_about_a_parcel_is_shown(self):
        loose = self.shipment("JD0003")
        self.env["oms.exception"]._raise_all(
            [
                {
                    "name": "Held",
                    "kind": "other",
                    "cause_key": "test",
                    "company_id": self.company.id,
                    "shipment_id": loose.id,
                    "action": "Ask the carrier.",
                }
            ]
        )
        (exception,) = self.ask("JD0003")["exceptions"]
        self.assertEqual((exception["name"], exception["action"]), ("Held", "Ask the carrier."))

    def test_an_order_of_which_nothing_left_says_so(self):
        order = self.order({self.thing: 1}, partner_id=self.mario.id)
        answer = self.ask(order.name)
        self.assertFalse(answer["parcels"])
        self.assertEqual([one["name"] for one in answer["waiting"]], [order.picking_ids.name])
        self.assertIn("being prepared in our warehouse", answer["reply"]["text"])

    def test_other_companies_parcels_stay_theirs(self):
        stranger = new_test_user(
            self.env(context=dict(self.env.context, allowed_company_ids=None)),
            "stranger",
            "base.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=self.env.ref("base.main_company").id,
        )
        shipments = (
            self.env["oms.shipment"].with_user(stranger).with_context(allowed_company_ids=None)
        )
        for said in (self.sent.name, "1Z12345E0205271688", "rossi", "+39 02 555 4477"):
            self.assertEqual(shipments.agent_answer(said)["kind"], "none", said)
        with self.assertRaises(AccessError):
            shipments.agent_answer(order_id=self.sent.id)

    def test_who_sees_no_orders_finds_their_parcels(self):
        viewer = new_test_user(
            self.env(context=dict(self.env.context, allowed_company_ids=None)),
            "viewer_of_parcels",
            "base.group_user,oms_extension.group_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        answer = self.env["oms.shipment"].with_user(viewer).agent_answer(self.sent.name)
        self.assertEqual([one["id"] for one in answer["parcels"]], self.parcel.ids)
        self.assertFalse(answer["order"]["readable"])
        self.assertFalse(answer["order"]["customer_reference"])

    def test_a_user_without_rights_is_refused(self):
        nobody = new_test_user(self.env, "nobody_special", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["oms.shipment"].with_user(nobody).agent_answer("rossi")

    def test_the_queries_do_not_grow_with_the_parcels(self):
        self.happen("in_transit", 5)

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.ask(self.sent.name)
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(20):
            key = f"1Z12345E03052716{number:02}"
            self.shipment(key, order_id=self.sent.id, partner_id=self.mario.id)
            self.happen("in_transit", 4, number=key)
        self.assertLessEqual(few, 45)
        self.assertLessEqual(queries(), few + 2)

    def test_the_search_field_of_the_list(self):
        shipments = self.env["oms.shipment"].with_user(self.agent)
        for said in (self.sent.name, "web-77", "02 5554477", "mario.rossi@example.com", "Rossi"):
            self.assertEqual(shipments.search([("lookup", "ilike", said)]), self.parcel, said)
        self.assertFalse(shipments.search([("lookup", "ilike", "zz")]))


@tagged("post_install", "-at_install")
class TestAgentReply(AgentCase):
    def test_every_state_has_a_reply_and_an_advice(self):
        for state in STATES:
            self.assertTrue(hasattr(ParcelReply, f"_{state}"), state)
        self.assertEqual(set(ADVICE), set(STATES))

    def test_every_reason_has_a_name(self):
        self.assertEqual(set(REASON_NAMES), set(REASONS))
        self.assertLessEqual(set(BY_REASON) | set(WHAT_TO_DO), set(REASONS))

    def test_on_time(self):
        self.parcel.promised_at = NOW + timedelta(days=3)
        self.estimate(1, 2)
        self.happen("in_transit", location={"city": "Bologna", "country": "IT"})
        answer = self.ask(self.sent.name)
        (parcel,) = answer["parcels"]
        self.assertEqual((parcel["tone"], parcel["late"]), ("info", False))
        self.assertIn("Hello Mario Rossi,", answer["reply"]["text"])
        self.assertIn("It is on its way with UPS. It was last seen in Bologna, IT", self.told())
        self.assertIn(f"We expect it {parcel['expected']}.", self.told())
        self.assertIn(f"/track/{self.parcel.access_token}", self.told())
        self.assertNotIn("sorry", self.told())

    def test_delayed_with_the_new_date(self):
        self.parcel.promised_at = NOW - timedelta(days=2)
        self.estimate(2, 3)
        self.happen("delayed")
        answer = self.ask(self.sent.name)
        (parcel,) = answer["parcels"]
        self.assertEqual(parcel["late"], "5 days late")
        self.assertIn(f"We had promised it for {parcel['promised']}", self.told())
        self.assertIn(f"now we expect it {parcel['expected']}", self.told())
        self.assertIn("sorry", self.told())

    def test_an_estimate_that_has_passed_is_not_repeated(self):
        self.parcel.promised_at = NOW - timedelta(days=3)
        self.estimate(-3, -2)
        self.happen("in_transit")
        self.assertIn("as soon as we know the new date", self.told())

    def test_an_attempt_that_failed_says_what_to_do(self):
        self.happen("attempt_failed")
        self.assertIn("tried to deliver it", self.told())
        self.assertIn("next working day", self.told())
        self.assertTrue(self.ask(self.sent.name)["parcels"][0]["needs_action"])

    def test_a_wrong_address_asks_for_the_right_one(self):
        self.parcel._add_by_hand(
            {"status": "attempt_failed", "occurred_at": NOW.isoformat() + "Z"},
            "consignee_incorrect_address",
        )
        self.assertIn("Please write to us the whole address", self.told())
        self.assertIn("right address", self.ask(self.sent.name)["parcels"][0]["todo"])

    def test_ready_for_pickup_says_where(self):
        self.happen("ready_for_pickup", location="Tabacchi Bianchi, Milano")
        self.assertIn("It waits for you at Tabacchi Bianchi, Milano.", self.told())

    def test_delivered_says_who_took_it(self):
        self.happen("delivered", signed_by="ROSSI")
        self.assertIn("ROSSI signed for it.", self.told())
        self.assertNotIn("/track/", self.told())

    def test_lost_asks_what_the_customer_wants(self):
        self.happen("lost")
        self.assertIn("send it again or to pay you back", self.told())

    def test_each_state_can_be_told(self):
        for state in STATES:
            self.env.cr.execute(
                "UPDATE oms_shipment SET state = %s, state_at = %s, delivered_at = %s, "
                "returned_at = %s WHERE id = %s",
                [state, NOW, NOW, NOW, self.parcel.id],
            )
            for direction in ("outbound", "return"):
                self.parcel.direction = direction
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertGreater(len(self.told()), 80, state)

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.mario.lang = "it_IT"
        self.parcel.promised_at = datetime(2031, 3, 5, 12)
        reply = self.ask(self.sent.name)["reply"]
        self.assertEqual(reply["code"], "it_IT")
        self.assertIn("5 mar 2031", reply["text"])

    def test_several_parcels_and_what_is_still_to_come(self):
        self.shipment("1Z12345E0305271640", order_id=self.sent.id)
        self.happen("delivered")
        text = self.told()
        self.assertIn("It comes in 2 parcels; delivered so far: 1.", text)
        self.assertIn("Parcel 1Z12345E0305271640 (UPS):", text)

    def test_the_composer_opens_on_the_order_with_the_text_as_written(self):
        action = (
            self.env["oms.shipment"]
            .with_user(self.agent)
            .agent_mail("Your order", "Dear <b>you</b>\n\nBye", self.sent.id)
        )
        self.assertEqual(action["context"]["default_model"], "sale.order")
        self.assertEqual(action["context"]["default_partner_ids"], self.mario.ids)
        self.assertIn("&lt;b&gt;you&lt;/b&gt;", action["context"]["default_body"])

    def estimate(self, low_days, high_days):
        self.env.cr.execute(
            "UPDATE oms_shipment SET eta_at = %s, eta_low_at = %s, eta_high_at = %s WHERE id = %s",
            [
                NOW + timedelta(days=high_days),
                NOW + timedelta(days=low_days),
                NOW + timedelta(days=high_days),
                self.parcel.id,
            ],
        )
        self.parcel.invalidate_recordset()


@tagged("post_install", "-at_install")
class TestHandEvent(AgentCase):
    def by_hand(self, shipments=None, **values):
        return (
            self.env["oms.shipment.hand.event"]
            .with_context(active_model="oms.shipment", active_ids=(shipments or self.parcel).ids)
            .create({"state": "delivered", "occurred_at": NOW - timedelta(hours=1)} | values)
        )

    def test_it_moves_the_parcel_and_says_who_added_it(self):
        self.by_hand(
            reason="delivered_neighbour", signed_by="Bianchi", text="She called"
        ).action_add()
        self.assertEqual(self.parcel.state, "delivered")
        self.assertEqual(self.parcel.reason, "delivered_neighbour")
        self.assertEqual(self.parcel.signed_by, "Bianchi")
        self.assertEqual(self.parcel.event_ids[0].door, "hand")
        self.assertIn("Event by hand: Delivered. She called", self.parcel.message_ids[0].body)

    def test_the_same_event_twice_is_refused(self):
        self.by_hand().action_add()
        with self.assertRaises(UserError):
            self.by_hand().action_add()
        self.assertEqual(len(self.parcel.event_ids), 1)

    def test_what_lies_ahead_is_refused(self):
        with self.assertRaises(UserError):
            self.by_hand(occurred_at=NOW + timedelta(days=3)).action_add()

    def test_parcels_without_a_number_and_only_the_chosen_of_two_with_one(self):
        van = self.shipment(False, name="Van 1", oms_carrier_id=False)
        twin = self.shipment(self.parcel.tracking_number)
        self.by_hand(van | twin, state="out_for_delivery").action_add()
        self.assertEqual((van | twin).mapped("state"), ["out_for_delivery"] * 2)
        self.assertEqual(self.parcel.state, "pending")

    def test_a_reason_says_who_is_responsible(self):
        self.by_hand(state="on_hold", reason="customs_documentation").action_add()
        self.assertEqual(self.parcel.party, "customs")

    def test_it_needs_the_right_to_change_shipments(self):
        with self.assertRaises(AccessError):
            self.parcel.with_user(self.agent)._add_by_hand(
                {"status": "lost", "occurred_at": "2026-03-01T00:00Z"}
            )
