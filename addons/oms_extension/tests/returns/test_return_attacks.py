import io
import re
import zlib
from unittest.mock import patch

from PIL import Image

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...models.returns.page import draft as drafts
from ...models.returns.page.photo import BadPhoto, cleaned
from ...models.tracking.page import attempt, page
from .return_page_case import ReturnPageCase, picture, words

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@tagged("post_install", "-at_install")
class TestReturnAttacks(ReturnPageCase):
    """What those try who are not the customer, and customers who want more than is theirs."""

    def setUp(self):
        super().setUp()
        self.bob = self.customer("DE", name="Bob", email="bob@example.com")
        self.other = self.delivered({self.thing: 3}, partner_id=self.bob.id)

    def refused(self, path, data):
        """Nothing comes of this form."""
        response = self.post(path, data, allow_redirects=False)
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self.env["oms.return.draft"].search([]))
        return words(response)

    # --- whose order --------------------------------------------------------------------------

    def test_lines_of_another_order_cannot_be_chosen(self):
        path = f"/return/order/{self.key()}"
        text = self.refused(path, {f"units_{self.other.order_line.id}": 1})
        self.assertIn("Choose what you want to return.", text)

    def test_a_draft_of_another_order_does_not_open(self):
        token = self.begin(1, self.other).rsplit("/", 1)[1]
        for path in (token, f"{token}/check"):
            self.assertEqual(self.get(f"/return/order/{self.key()}/{path}").status_code, 404)

    def test_a_draft_opens_with_its_order_only(self):
        path = self.begin()
        for key in ("x", str(self.sold.id), self.key()[:-2] + "AA", "A" * 60):
            guess = path.replace(path.split("/")[3], key)
            self.assertEqual(self.get(guess).status_code, 404)
            self.assertEqual(self.post(guess, {}, page=path).status_code, 404)

    def test_an_expired_link_opens_nothing(self):
        with patch.object(page, "ORDER_HOURS", -1):
            key = self.key()
        self.assertEqual(self.get(f"/return/order/{key}").status_code, 404)
        self.assertEqual(self.post(f"/return/order/{key}", {}, page="/return").status_code, 404)

    def test_links_of_returns_cannot_be_guessed_and_all_wrong_ones_look_alike(self):
        one = self.returned()
        token = one.access_token
        self.assertGreaterEqual(len(token), 24)
        bodies = set()
        for guess in (token[:-1] + "_", token.swapcase(), str(one.id), one.name, "_" * 24, "%00"):
            for more in ("", "/slip", "/cancel"):
                response = self.get(f"/return/{guess}{more}")
                self.assertEqual(response.status_code, 404, guess + more)
                self.assertNotIn(self.sold.name, response.text)
                bodies.add(response.text)
        self.assertLessEqual(len(bodies), 2)
        self.post(f"/return/{token[:-1]}_/cancel", page=f"/return/{token}")
        self.assertNotEqual(one.state, "cancelled")

    def test_a_portal_user_does_not_reach_the_order_of_another(self):
        user = new_test_user(
            self.env, "bob_portal", "base.group_portal", partner_id=self.bob.id,
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        one = self.returned()
        self.authenticate("bob_portal", "bob_portal")
        response = self.get(f"/my/orders/{self.sold.id}/return", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/my"))
        for model, record in (("oms.return", one), ("oms.return.line", one.line_ids)):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["id", "state"])
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                record.with_user(user).write({"state": "done"})
        for name in ("action_approve", "action_refund", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(one.with_user(user), name)()
        for model in ("oms.return.draft", "oms.return.notice"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.env["oms.return"].with_user(user).create({"order_id": self.other.id})

    def test_no_program_calls_what_the_pages_call(self):
        for model in ("oms.return.page", "oms.return.draft"):
            public = [
                name
                for name in dir(type(self.env[model]))
                if not name.startswith("_") and name not in dir(self.env["oms.tracking.page"])
            ]
            own = set(public) - set(self.env[model]._fields) - set(dir(self.env["res.partner"]))
            self.assertFalse(own)
        for name in ("mail_facts", "mail_address", "mail_language"):
            self.assertTrue(getattr(type(self.env["oms.return"]), name)._api_private)

    # --- how much -----------------------------------------------------------------------------

    def test_quantities_that_are_none_are_refused(self):
        path, name = f"/return/order/{self.key()}", f"units_{self.sold.order_line.id}"
        for units in (
            "-1", "3", "1e1", "1e9999", "nan", "NaN", "inf", "-0.5", "0x1", "1.5", "9" * 400,
            "1;2", "1 OR 1=1", "\x00", "²",
        ):  # fmt: skip
            with self.subTest(units):
                self.assertIn("you can return 2", self.refused(path, {name: units}))
        for units in ("0", "", " ", "0.0"):
            with self.subTest(units):
                self.refused(path, {name: units})

    def test_what_was_chosen_is_counted_again_when_it_is_sent(self):
        first, second = self.begin(2), self.begin(2)
        for path in (first, second):
            self.assertEqual(self.answer(path).status_code, 303)
        self.assertEqual(self.send_it(first).status_code, 303)
        response = self.post(f"{second}/check", {}, page=f"/return/order/{self.key(self.other)}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("announced in another return", words(response))
        self.assertEqual(sum(self.sold.oms_return_ids.mapped("units")), 2)

    def test_a_click_too_many_makes_one_return(self):
        path = self.begin()
        self.answer(path)
        first = self.post(f"{path}/check", {}, allow_redirects=False)
        again = self.post(
            f"{path}/check", {}, page=f"/return/order/{self.key()}", allow_redirects=False
        )
        self.assertEqual(self.of(first), self.of(again))
        self.assertEqual(len(self.sold.oms_return_ids), 1)
        self.assertEqual(self.answer_again(path).status_code, 303)
        self.assertEqual(self.sold.oms_return_ids.line_ids.reason_id.code, "unwanted")

    def answer_again(self, path):
        return self.post(
            path,
            {f"reason_{self.sold.order_line.id}": "defective"},
            page=f"/return/order/{self.key()}",
            allow_redirects=False,
        )

    def test_nothing_is_sent_that_was_not_answered(self):
        path = self.begin()
        response = self.post(f"{path}/check", {}, page=path, allow_redirects=False)
        self.assertTrue(response.headers["Location"].split("?")[0].endswith(path))
        self.assertFalse(self.sold.oms_return_ids)

    def test_only_what_is_offered_can_be_chosen(self):
        path = self.begin()
        thing = self.product("Dear thing", price=9000.0, stock={"IT": 1})
        cause = self.env.ref("oms_extension.reason_defective_bad_lot").code
        for answers in (
            {"reason": cause, "comment": "x"},
            {"reason": "no_such"},
            {"outcome": "party"},
            {"outcome": ""},
        ):
            with self.subTest(answers):
                self.assertEqual(self.answer(path, **answers).status_code, 200)
        self.answer(path, outcome="exchange", exchange=thing.id)
        one = self.of(self.send_it(path, way="none"))
        self.assertNotEqual(one.line_ids.exchange_product_id, thing)
        self.assertEqual(one.way, "label")

    def test_requests_that_are_begun_without_end_are_stopped(self):
        with patch.object(drafts, "DRAFTS_PER_DAY", 3):
            for _again in range(3):
                self.begin()
            path, name = f"/return/order/{self.key()}", f"units_{self.sold.order_line.id}"
            response = self.post(path, {name: 1}, allow_redirects=False)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Too many tries", words(response))

    # --- the door -----------------------------------------------------------------------------

    def test_every_form_needs_its_own_token(self):
        path = self.begin()
        self.answer(path)
        one = self.ask(self.other, 1)
        for address in (
            "/return", f"/return/order/{self.key()}", path, f"{path}/check",
            f"/return/{one.access_token}/cancel",
        ):  # fmt: skip
            with self.subTest(address):
                response = self.get(address, data={"csrf_token": "forged"}, allow_redirects=False)
                self.assertEqual(response.status_code, 400)
        self.assertNotEqual(one.state, "cancelled")
        self.assertFalse(self.sold.oms_return_ids)

    def test_a_wrong_look_up_tells_nothing_and_has_to_wait(self):
        answers = set()
        for number, proof in (
            (self.sold.name, "bob@example.com"),
            ("S99999999", "ada@example.com"),
            (self.sold.name, ""),
            ("%", "10121"),
        ):
            response = self.post("/return", {"order": number, "proof": proof})
            answers.add(re.sub(r' value="[^"]*"', "", response.text))
        self.assertEqual(len(answers), 1)
        with patch.object(attempt, "MOST_PER_ADDRESS", 4):
            response = self.post("/return", {"order": self.sold.name, "proof": "10121"})
            self.assertEqual(response.status_code, 429)
            self.assertEqual(
                self.look_up(self.sold.name, "10121").status_code, 429, "one limit for both doors"
            )

    def test_links_stay_secret_and_nobody_is_led_elsewhere(self):
        one = self.returned()
        path = self.begin()
        for address in (
            "/return", f"/return/order/{self.key()}", path, f"/return/{one.access_token}",
        ):  # fmt: skip
            headers = self.get(address).headers
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertIn("private", headers["Cache-Control"])
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
        for extra in ({"redirect": "//evil.example"}, {"lang": "//evil.example"}):
            response = self.post(
                "/return",
                {"order": self.sold.name, "proof": "10121"} | extra,
                allow_redirects=False,
            )
            self.assertNotIn("evil", response.headers["Location"])

    # --- what is written ----------------------------------------------------------------------

    def test_what_a_customer_writes_is_text_everywhere(self):
        self.thing.name = HOSTILE
        self.ada.name = HOSTILE
        one = self.returned(comment=HOSTILE)
        self.assertEqual(one.line_ids.comment, HOSTILE)
        one.action_reject(HOSTILE)
        text = self.get(f"/return/{one.access_token}").text
        self.assertIn("&lt;script&gt;", text)
        for tag in ("<script", "<img src=x"):
            self.assertNotIn(tag, text)
        for template in self.env["mail.template"].search([("model", "=", "oms.return")]):
            body = template._render_field("body_html", one.ids)[one.id]
            for tag in ("<script", "<img src=x"):
                self.assertNotIn(tag, body)

    def test_a_comment_has_an_end(self):
        one = self.returned(comment="x" * 100_000 + "\x00")
        self.assertEqual(len(one.line_ids.comment), 4000)

    # --- uploads ------------------------------------------------------------------------------

    def draft(self):
        return self.env["oms.return.draft"].search([("order_id", "=", self.sold.id)], limit=1)

    def test_a_file_is_what_its_content_says(self):
        path = self.begin()
        for name, content in (
            ("x.jpg", b"<html><script>alert(1)</script></html>"),
            ("x.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
            ("x.jpg", b"%PDF-1.7"),
            ("x.jpg", b"GIF89a" + b"\0" * 40),
            ("x.jpg", b"\xff\xd8\xff\xe0" + b"<script>" * 20),
            ("x.jpg", b"MZ" + b"\0" * 200),
            ("x.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"),
            ("x.jpg", b""),
        ):
            with self.subTest(content[:12]):
                response = self.answer(path, [(name, content, "image/jpeg")])
                self.assertEqual(response.status_code, 200)
                self.assertIn("no photo that we can open", words(response))
        self.assertFalse(self.draft()._photos())

    def test_what_hides_in_a_picture_does_not_stay(self):
        exif = Image.Exif()
        exif[0x010F] = "SecretCamera"
        exif.get_ifd(0x8825)[1] = "N"
        payload = b"<script>alert('polyglot')</script>"
        path = self.begin()
        upload = picture(tail=payload, exif=exif, comment=payload)
        self.assertIn(b"SecretCamera", upload[1])
        self.answer(path, [upload])
        raw = self.draft()._photos().raw
        for secret in (b"SecretCamera", b"script", b"Exif"):
            self.assertNotIn(secret, raw)
        self.assertEqual(Image.open(io.BytesIO(raw)).getexif(), {})

    def test_the_name_of_a_file_is_not_kept(self):
        path = self.begin()
        for name in ("../../../etc/passwd.jpg", f"{HOSTILE}.jpg", "a\r\nX: y.jpg", "x" * 300):
            self.answer(path, [(name, picture()[1], "image/jpeg")])
        names = self.draft()._photos().mapped("name")
        self.assertTrue(names)
        for name in names:
            self.assertRegex(name, r"^photo-\d+\.jpg$")

    def test_bombs_are_refused_before_they_unfold(self):
        row = b"\0" + b"\0" * (30_000 // 8)
        content = io.BytesIO()
        Image.new("1", (8, 8)).save(content, "PNG")
        small = content.getvalue()
        header = small[16:29]
        huge = (30_000).to_bytes(4, "big") * 2 + header[8:]
        chunk = b"IHDR" + huge
        bomb = small.replace(b"IHDR" + header, chunk)
        at = bomb.index(b"IHDR") + 4 + 13
        bomb = bomb[:at] + zlib.crc32(chunk).to_bytes(4, "big") + bomb[at + 4 :]
        self.assertTrue(row)
        with self.assertRaises(BadPhoto) as caught:
            cleaned(io.BytesIO(bomb))
        self.assertEqual(caught.exception.code, "large")
        with self.assertRaises(BadPhoto) as caught:
            cleaned(io.BytesIO(picture("PNG", (6000, 5000))[1]))
        self.assertEqual(caught.exception.code, "large")

    def test_a_large_file_and_many_files_are_refused(self):
        path = self.begin()
        with self.assertRaises(BadPhoto):
            cleaned(io.BytesIO(b"\xff\xd8\xff" + b"\0" * (16 * 1024 * 1024)))
        huge = ("x.jpg", b"\xff\xd8\xff" + b"\0" * (100 * 1024 * 1024), "image/jpeg")
        self.assertEqual(self.answer(path, [huge]).status_code, 413)
        plain = self.post(f"/return/order/{self.key()}", {"units_1": "1" * 2_000_000})
        self.assertEqual(plain.status_code, 413)
        many = [picture(name=f"{number}.jpg") for number in range(1200)]
        self.assertEqual(self.answer(path, many).status_code, 413)
        some = [picture(name=f"{number}.jpg") for number in range(40)]
        self.assertIn("At most 6 photos", words(self.answer(path, some)))
        self.assertEqual(len(self.draft()._photos()), 6)
        self.assertEqual(self.answer(path, [picture()]).status_code, 200)
        self.assertEqual(len(self.draft()._photos()), 6)

    def test_photos_of_one_order_have_an_end(self):
        with patch.object(drafts, "PHOTOS_PER_DAY", 3):
            for _again in range(3):
                response = self.answer(self.begin(), [picture(), picture()])
            self.assertIn("Too many photos", words(response))
        photos = self.env["ir.attachment"].search([("res_model", "=", "oms.return.draft")])
        self.assertEqual(len(photos), 3)

    def test_photos_are_seen_by_nobody_else(self):
        path = self.begin()
        self.answer(path, [picture()], reason="defective")
        photo = self.draft()._photos()
        mine = f"{path}/photo/{photo.id}"
        self.assertEqual(self.get(mine).headers["X-Content-Type-Options"], "nosniff")
        other = self.begin(1, self.other)
        self.assertEqual(self.get(f"{other}/photo/{photo.id}").status_code, 404)
        self.assertEqual(self.get(f"/web/content/{photo.id}").status_code, 404)
        self.assertEqual(self.post(other, {"drop": photo.id}).status_code, 200)
        self.assertTrue(photo.exists())
        user = new_test_user(self.env, "portal_photo", "base.group_portal")
        with self.assertRaises(AccessError):
            photo.with_user(user).read(["raw"])
        self.answer(path, reason="defective", comment="x")
        one = self.of(self.send_it(path))
        self.assertEqual(one.line_ids.photo_ids, photo)
        with self.assertRaises(AccessError):
            photo.with_user(user).read(["raw"])
        self.assertEqual(self.get(mine).status_code, 404)

    def test_attachments_of_others_cannot_be_claimed_as_photos(self):
        secret = self.env["ir.attachment"].create({"name": "payroll.pdf", "raw": b"%PDF secret"})
        path = self.begin()
        self.answer(path)
        draft = self.draft()
        draft.lines = [draft.lines[0] | {"photos": [secret.id]}]
        one = self.of(self.send_it(path))
        self.assertFalse(one.line_ids.photo_ids)

    def test_the_age_of_drafts_does_not_save_them(self):
        path = self.begin()
        draft = self.draft()
        self.env.cr.execute(
            "UPDATE oms_return_draft SET create_date = %s WHERE id = %s",
            [fields.Datetime.subtract(fields.Datetime.now(), days=2), draft.id],
        )
        draft._gc()
        self.assertEqual(self.get(path).status_code, 404)
