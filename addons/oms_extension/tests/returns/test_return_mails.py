from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..notice_case import NOON, NoticeCase
from .money_case import MoneyCase

NIGHT = datetime(2026, 3, 4, 22)


@tagged("post_install", "-at_install")
class TestReturnMails(MoneyCase, NoticeCase):
    """Each step of a return is told once, in the customer's language."""

    notices = "oms.return.notice"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "shop@example.com"
        cls.anna = cls.customer(name="Anna Rossi", email="anna@example.com", lang="en_US", tz=False)
        cls.bought = cls.sold({cls.goods(): 3}, partner_id=cls.anna.id)

    def request(self, units=1, moment=NOON, origin="portal", **more):
        with self.at(moment):
            return self.ask(self.bought, units, origin=origin, **more)

    def test_every_step_is_told_once(self):
        one = self.request(2)
        (mail,) = self.write_mails()
        self.assertIn("We have your return request", mail.subject)
        self.assertIn("Anna Rossi", mail.body_html)
        with self.at():
            one.action_approve()
        (mail,) = self.write_mails()
        self.assertIn("approved", mail.subject)
        self.assertIn(f"/return/{one.access_token}", mail.body_html)
        self.assertIn("return slip", mail.body_html)
        with self.at():
            one._receive({one.line_ids: 1})
            one._receive({one.line_ids: 1})
        (mail,) = self.write_mails()
        self.assertIn("with us", mail.subject)
        with self.at():
            one._refund()
        (mail,) = self.write_mails()
        amount = one.currency_id.format(one.amount_refunded)
        self.assertIn(amount.replace("\xa0", ""), mail.body_html.replace("\xa0", ""))
        self.assertEqual(sorted(self.told(one)), ["approved", "received", "refunded", "requested"])
        self.assertFalse(self.write_mails())

    def test_what_is_approved_at_once_is_one_message(self):
        one = self.request()
        with self.at():
            one.action_approve()
        (mail,) = self.write_mails()
        self.assertIn("approved", mail.subject)
        self.assertEqual(self.told(one, "skipped"), ["requested"])

    def test_a_refusal_is_told_with_its_reason(self):
        one = self.request()
        with self.at():
            one.action_reject("It was worn <b>often</b>.")
        (mail,) = self.write_mails()
        self.assertIn("cannot take", mail.subject)
        self.assertIn("It was worn &lt;b&gt;often&lt;/b&gt;.", mail.body_html)

    def test_a_cancelled_return_is_told_nothing_more(self):
        one = self.request()
        one.action_cancel()
        self.assertFalse(self.write_mails())
        self.assertEqual(one.notice_ids.mapped("why"), ["superseded"])

    def test_each_payment_is_told(self):
        one = self.request(2)
        one.action_approve()
        one._receive({one.line_ids: 1})
        one._refund()
        one._receive({one.line_ids: 1})
        one._refund()
        self.assertEqual(one.notice_ids.mapped("kind").count("refunded"), 2)
        self.assertEqual(one.notice_ids.mapped("kind").count("received"), 1)

    def test_an_exchange_is_told_when_it_is_sent_and_not_twice(self):
        one = self.request(1, outcome="exchange")
        one.action_approve()
        one._receive({one.line_ids: 1})
        order = one.exchange_ids
        self.assertEqual(order.state, "sale")
        self.assertNotIn("exchange", one.notice_ids.mapped("kind"))
        parcels = self.send(order, "1Z12345E0305271640")
        self.assertIn("exchange", one.notice_ids.mapped("kind"))
        with self.at(fields.Datetime.now()):
            parcels._tell()
        shipped = parcels.notice_ids.filtered(lambda notice: notice.kind == "shipped")
        self.assertEqual(shipped.mapped("why"), ["return_mail"])

    def test_what_nobody_asked_for_is_not_confirmed(self):
        one = self.request(origin="carrier")
        one.action_approve()
        self.assertFalse(one.notice_ids)
        one._receive({one.line_ids: 1})
        self.assertEqual(one.notice_ids.mapped("kind"), ["received"])

    def test_a_company_switches_messages_off(self):
        self.company.oms_tell_return_requested = False
        one = self.request()
        self.assertFalse(one.notice_ids)
        with self.at():
            one.action_approve()
        self.company.oms_tell_return_approved = False
        self.assertFalse(self.write_mails())
        self.assertEqual(one.notice_ids.mapped("why"), ["switched_off"])

    def test_the_night_is_quiet_but_for_the_answer_to_who_asks(self):
        one = self.request(moment=NIGHT)
        self.assertEqual(one.notice_ids.planned_at, NIGHT)
        with self.at(NIGHT):
            one.action_approve()
        approved = one.notice_ids.filtered(lambda notice: notice.kind == "approved")
        self.assertGreater(approved.planned_at, NIGHT)
        self.assertFalse(self.write_mails(NIGHT))
        with self.at(NIGHT):
            at_once = self.ask(self.bought, 1, origin="portal")
            at_once._approve("policy")
        (mail,) = self.write_mails(NIGHT)
        self.assertIn(at_once.name, mail.subject)

    def test_messages_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.anna.lang = "it_IT"
        template = self.env.ref("oms_extension.mail_template_return_requested")
        template.with_context(lang="it_IT").subject = "Abbiamo la richiesta ({{ object.name }})"
        one = self.request()
        (mail,) = self.write_mails()
        self.assertIn("Abbiamo la richiesta", mail.subject)
        self.assertEqual(self.told(one), ["requested"])

    def test_who_has_no_address_is_noted(self):
        self.anna.email = False
        one = self.request()
        self.assertEqual(one.notice_ids.mapped("why"), ["no_email"])

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_that_cannot_be_sent_does_no_harm(self):
        one = self.request()
        with self.at(), self.mock_mail_gateway():
            one.notice_ids._write_safely()
            mail = self._new_mails
            with patch.object(
                type(self.env["ir.mail_server"]),
                "send_email",
                side_effect=MailDeliveryException("the mailbox is full"),
            ):
                mail.send()
        self.assertEqual((one.notice_ids.state, one.notice_ids.why), ("failed", "mail_failed"))
        with self.at():
            one.action_approve()
        self.assertEqual(one.state, "approved")

    @mute_logger("odoo.addons.oms_extension.models.tracking.tell.notice_base")
    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_a_broken_text_stops_only_its_own_mails(self):
        template = self.env.ref("oms_extension.mail_template_return_requested")
        self.env.cr.execute(
            "UPDATE mail_template SET subject = jsonb_build_object('en_US', %s) WHERE id = %s",
            ["{{ object.nonsense }}", template.id],
        )
        template.invalidate_recordset()
        broken, fine = self.request(), self.request()
        with self.at():
            fine.action_approve()
        (mail,) = self.write_mails()
        self.assertIn("approved", mail.subject)
        self.assertEqual(broken.notice_ids.why, "text_failed")

    def test_a_bounce_is_noted(self):
        one = self.request()
        self.write_mails(keep=False)
        notice = one.notice_ids
        self.assertEqual(notice.state, "sent")
        self.bounce(notice, self.anna)
        self.assertEqual((notice.state, notice.why), ("failed", "bounced"))

    def test_looking_at_what_would_be_tells_nobody(self):
        page = self.env["oms.return.page"].sudo()
        draft = (
            self.env["oms.return.draft"]
            .sudo()
            .create(
                {
                    "order_id": self.bought.id,
                    "lines": [
                        {
                            "line": self.bought.order_line[0].id,
                            "quantity": 1,
                            "reason": "unwanted",
                            "outcome": "refund",
                            "exchange": False,
                            "comment": "",
                            "photos": [],
                        }
                    ],
                }
            )
        )
        page._check(draft)
        self.env.flush_all()
        self.assertFalse(self.env["oms.return.notice"].search([]))

    def test_every_message_can_be_previewed(self):
        one = self.request()
        for template in self.env["mail.template"].search([("model", "=", "oms.return")]):
            preview = self.env["mail.template.preview"].create(
                {"mail_template_id": template.id, "resource_ref": f"oms.return,{one.id}"}
            )
            self.assertIn("Anna Rossi", preview.body_html)
        self.assertTrue(one.notice_ids.action_preview()["context"]["default_mail_template_id"])
