from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .tell_case import NOON, TellCase


@tagged("post_install", "-at_install")
class TestTellMails(TellCase):
    def test_every_mail_can_be_written(self):
        for number, kind in enumerate(self.company._fields):
            if not kind.startswith("oms_notice_"):
                continue
            self.company[kind] = True
            state = kind.removeprefix("oms_notice_")
            name = f"K{number}"
            shipment = self.parcel(name, shipped_at=NOON, promised_at=NOON)
            self.news({"shipped": "in_transit", "delay": "delayed"}.get(state, state), number=name)
            if state == "delay":
                self.write_mails()
                self.expect(shipment, 9)
            (mail,) = self.write_mails()
            self.assertIn(kind.removeprefix("oms_notice_"), self.told(shipment))
            self.assertIn("Anna Rossi", mail.body_html)

    # --- what goes wrong --------------------------------------------------------------------------

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_that_cannot_be_sent_does_no_harm_and_can_be_sent_again(self):
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        with self.at(), self.mock_mail_gateway():
            shipment.notice_ids._write_safely()
            mail = self._new_mails
            with patch.object(
                type(self.env["ir.mail_server"]),
                "send_email",
                side_effect=MailDeliveryException("the mailbox is full"),
            ):
                mail.send()
        notice = shipment.notice_ids
        self.assertEqual((notice.state, notice.why), ("failed", "mail_failed"))
        self.news("out_for_delivery")
        self.assertEqual(shipment.state, "out_for_delivery")
        self.assertIn("out_for_delivery", shipment.notice_ids.mapped("kind"))
        with self.mock_mail_gateway():
            mail.action_retry()
            mail.send()
        self.assertEqual(notice.state, "sent")

    def test_a_bounce_is_noted_with_the_notice(self):
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        self.write_mails(keep=False)
        notice = shipment.notice_ids
        self.assertEqual(notice.state, "sent")
        self.assertFalse(notice.mail_id, "sent mails are not kept")
        self.assertTrue(notice.message_ref)
        self.bounce(notice, self.anna)
        self.assertEqual((notice.state, notice.why), ("failed", "bounced"))
        self.assertEqual(notice.failure, "No such user")

    @mute_logger("odoo.addons.oms_extension.models.tracking.tell.notice_base")
    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_a_broken_text_stops_only_its_own_mails(self):
        template = self.env.ref("oms_extension.mail_template_shipped")
        # Odoo refuses such a text where it can try it out: here it comes from elsewhere.
        self.env.cr.execute(
            "UPDATE mail_template SET subject = jsonb_build_object('en_US', %s) WHERE id = %s",
            ["{{ object.nonsense }}", template.id],
        )
        template.invalidate_recordset()
        broken, fine = self.parcel("B1", shipped_at=NOON), self.parcel("B2", shipped_at=NOON)
        self.news("delivered", number="B2")
        (mail,) = self.write_mails()
        self.assertIn("delivered", mail.subject)
        self.assertEqual(
            (broken.notice_ids.state, broken.notice_ids.why), ("failed", "text_failed")
        )
        self.assertEqual(self.told(fine), ["delivered"])

    def test_a_deleted_text_is_said(self):
        self.env.ref("oms_extension.mail_template_shipped").unlink()
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        self.assertFalse(self.write_mails())
        self.assertEqual(shipment.notice_ids.why, "no_template")

    def test_what_a_carrier_writes_is_text_and_not_html(self):
        shipment = self.parcel()
        self.news("ready_for_pickup", location="<script>alert(1)</script> Locker 7")
        (mail,) = self.write_mails()
        self.assertIn("Locker 7", mail.body_html)
        self.assertNotIn("<script", mail.body_html)
        self.assertEqual(self.told(shipment), ["ready_for_pickup"])

    def test_five_hundred_parcels_are_planned_in_few_queries(self):
        made = self.env["oms.shipment"].create(
            [
                {
                    "name": f"S{number}",
                    "tracking_number": f"S{number}",
                    "company_id": self.company.id,
                    "oms_carrier_id": self.ups.id,
                    "partner_id": self.anna.id,
                    "shipped_at": NOON,
                }
                for number in range(500)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.at(), self.assertQueryCount(25):
            made._tell()
            self.env.flush_all()
        self.assertEqual(len(made.notice_ids), 500)

    # --- looking at it ----------------------------------------------------------------------------

    def test_every_message_can_be_previewed_in_every_language_and_nothing_is_sent(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.parcel(shipped_at=NOON, promised_at=NOON + timedelta(days=1))
        user = new_test_user(
            self.env, "preview_user", "oms_extension.group_user", company_id=self.company.id
        )
        kinds = [kind for kind, _name in self.env["oms.shipment.notice"]._fields["kind"].selection]
        with self.mock_mail_gateway():
            for kind in kinds:
                for lang in ("en_US", "it_IT"):
                    preview = (
                        self.env["oms.notice.preview"]
                        .with_user(user)
                        .create({"kind": kind, "lang": lang})
                    )
                    self.assertIn("Anna Rossi", preview.body)
                    self.assertTrue(preview.subject)
            self.assertFalse(self._new_mails)
        self.assertFalse(self.env["oms.shipment.notice"].search([]))

    def test_no_program_reads_mails_or_writes_notices_by_rpc(self):
        shipment = self.parcel(shipped_at=NOON)
        self.follow()
        user = new_test_user(
            self.env, "notice_user", "oms_extension.group_manager", company_id=self.company.id
        )
        notice = shipment.notice_ids.with_user(user)
        self.assertEqual(notice.kind, "shipped")
        with self.assertRaises(AccessError):
            notice.unlink()
        with self.assertRaises(AccessError):
            notice.write({"state": "sent"})
        for name in ("mail_facts", "mail_address", "mail_language"):
            method = getattr(type(shipment), name)
            self.assertTrue(method._api_private)


@tagged("post_install", "-at_install")
class TestChoice(HttpCase, TellCase):
    def url(self, partner=None):
        return f"/track/notices/{(partner or self.anna)._oms_notices_token()}"

    def test_a_customer_chooses_without_log_in(self):
        page = self.url_open(self.url())
        self.assertEqual(page.status_code, 200)
        self.assertIn("a•••@example.com", page.text)
        self.assertNotIn("Anna", page.text)
        self.assertNotIn("anna@", page.text)
        self.assertEqual(self.anna.oms_tracking_notices, "all", "looking changes nothing")
        page = self.url_open(self.url(), data={"wish": "important"})
        self.assertIn("Your choice is saved", page.text)
        self.assertEqual(self.anna.oms_tracking_notices, "important")

    def test_one_click_in_a_mail_program_means_no_more_messages(self):
        answer = self.url_open(self.url(), data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.anna.oms_tracking_notices, "none")

    def test_nobody_chooses_for_others_and_nonsense_changes_nothing(self):
        self.url_open(self.url(), data={"wish": "everything"})
        self.assertEqual(self.anna.oms_tracking_notices, "all")
        token = self.anna._oms_notices_token()
        for wrong in (token[:-2], token + "A", "x", "AQAA", "1" * 4000, "%00", "é"):
            for data in (None, {"wish": "none"}):
                self.assertEqual(
                    self.url_open(f"/track/notices/{wrong}", data=data).status_code, 404
                )
        self.assertEqual(self.anna.oms_tracking_notices, "all")
        order_key = self.env["oms.tracking.page"]._link_to_order(self.order({self.thing: 1}))
        self.assertEqual(self.url_open(f"/track/notices/{order_key}").status_code, 404)
        self.assertEqual(self.url_open(f"/track/order/{token}").status_code, 404)
