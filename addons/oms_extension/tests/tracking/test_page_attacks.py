import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.tracking.page import attempt, page
from .page_case import PageCase, words

WRONG = "No order has this number together with this e-mail address or postcode"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> https://evil.example/pay"


@tagged("post_install", "-at_install")
class TestPageAttacks(PageCase):
    """What those try who are not the customer."""

    # --- links --------------------------------------------------------------------------------

    def test_links_cannot_be_guessed_or_bent(self):
        token = self.parcel.access_token
        self.assertGreaterEqual(len(token), 24)
        bodies = set()
        for guess in (
            token[:-1],
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            token.swapcase(),
            token + "A",
            str(self.parcel.id),
            "0",
            "False",
            "%",
            "_" * 24,
            "%25" * 24,
            "' OR 1=1 --",
            "x" * 5000,
            "%00",
            "..%2F..%2Fetc",
        ):
            response = self.get(f"/track/{guess}")
            with self.subTest(guess[:40]):
                self.assertEqual(response.status_code, 404)
                self.assertNotIn(self.sold.name, response.text)
            if "This link opens nothing" in response.text:
                bodies.add(response.text)
        self.assertEqual(len(bodies), 1, "every wrong link gets the same answer")

    def test_a_renewed_link_closes_the_former_one(self):
        former = self.parcel.access_token
        self.parcel.action_renew_link()
        self.assertEqual(self.get(f"/track/{former}").status_code, 404)
        self.assertEqual(self.page().status_code, 200)

    def test_an_archived_parcel_is_gone(self):
        self.parcel.active = False
        self.assertEqual(self.page().status_code, 404)

    def test_links_to_orders_expire_and_cannot_be_forged(self):
        pages = self.env["oms.tracking.page"]
        key = pages._link_to_order(self.sold)
        self.assertEqual(self.get(f"/track/order/{key}").status_code, 200)
        other = self.order({self.thing: 1})
        for forged in (
            key[:-2],
            "A" * len(key),
            str(self.sold.id),
            key[:54] + pages._link_to_order(other)[54:],
            "x" * 5000,
            "%FF",
        ):
            with self.subTest(forged[:20]):
                self.assertEqual(self.get(f"/track/order/{forged}").status_code, 404)
        with patch.object(page, "ORDER_HOURS", -1):
            old = pages._link_to_order(self.sold)
        self.assertEqual(self.get(f"/track/order/{old}").status_code, 404)

    def test_an_orders_page_shows_no_parcel_of_anybody_else(self):
        other = self.order({self.thing: 1}, country="DE")
        parcel = self.send(other, "OTHER-1")
        text = self.look_up(self.sold.name, "10121").text
        for secret in (other.name, parcel.tracking_number, parcel.name):
            self.assertNotIn(secret, text)

    def test_a_parcel_of_another_company_does_not_slip_in(self):
        company = self.env["res.company"].create({"name": "Other Shop"})
        self.env.user.company_ids |= company
        foreign = self.shipment("FOREIGN-1", company_id=company.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE oms_shipment SET order_id = %s WHERE id = %s", [self.sold.id, foreign.id]
        )
        self.env.invalidate_all()
        self.assertNotIn("FOREIGN-1", self.look_up(self.sold.name, "10121").text)

    # --- what carriers write --------------------------------------------------------------------

    def test_what_carriers_write_is_text(self):
        self.tell(
            (
                "in_transit",
                {
                    "description": HOSTILE + "\u202egnp.exe\x07",
                    "location": {"city": f'"{HOSTILE}', "country": "IT"},
                },
            ),
            ("delivered", {"signed_by": HOSTILE}),
        )
        text = self.page().text
        self.assertIn("&lt;script&gt;", text)
        for tag in ("<script", "<img src=x", 'href="https://evil', "\u202e", "\x07"):
            self.assertNotIn(tag, text)

    def test_names_of_products_and_parcels_are_text(self):
        self.thing.name = HOSTILE
        self.sold.client_order_ref = HOSTILE
        self.parcel.tracking_number = HOSTILE
        self.company.write({"name": HOSTILE, "phone": HOSTILE, "email": f'"{HOSTILE}"@x'})
        self.parcel.city = HOSTILE
        text = self.page().text
        for tag in ("<script", "<img src=x", 'href="https://evil'):
            self.assertNotIn(tag, text)

    def test_a_carriers_page_is_a_web_page(self):
        self.ups.tracking_url = "javascript:alert(1)//{number}"
        self.assertNotIn("javascript:", self.page().text)

    def test_huge_messages_make_no_huge_page(self):
        self.ingest(
            *(
                self.event(
                    at=f"2026-03-{day:02}T{hour:02}:{minute:02}:00Z",
                    description="A" * 2000,
                    location="B" * 256,
                )
                for day in (1, 2)
                for hour in range(20)
                for minute in (1, 2, 3, 4)
            )
        )
        response = self.page()
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.text.count("o_oms_message "), page.MAX_EVENTS)
        self.assertLess(len(response.content), 150_000)

    # --- the door of the browser ----------------------------------------------------------------

    def test_the_link_stays_a_secret(self):
        for response in (self.page(), self.get("/track"), self.get("/track/wrong")):
            headers = response.headers
            self.assertIn("noindex", headers["X-Robots-Tag"])
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("private", headers["Cache-Control"])
            self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.tell(("in_transit", {}))
        for link in self.page().text.split("<a ")[1:]:
            if "http" in link.split(">")[0]:
                self.assertIn("noreferrer", link.split(">")[0])

    def test_a_parcels_page_needs_no_cookie(self):
        self.opener.cookies.clear()
        self.assertNotIn("Set-Cookie", self.page().headers)

    def test_nothing_is_loaded_from_elsewhere(self):
        self.tell(("in_transit", {"location": {"city": "Bologna", "country": "IT"}}))
        text = self.page().text
        for attribute in ('src="http', 'src="//', '<link rel="stylesheet" href="http'):
            self.assertNotIn(attribute, text)

    def test_methods(self):
        path = f"/track/{self.parcel.access_token}"
        head = self.get(path, method="HEAD")
        self.assertEqual((head.status_code, head.content), (200, b""))
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            with self.subTest(method):
                self.assertIn(self.get(path, method=method).status_code, (400, 404, 405))

    def test_the_form_needs_its_own_token(self):
        data = {"order": self.sold.name, "proof": "10121", "csrf_token": "forged"}
        response = self.get("/track", data=data, allow_redirects=False)
        self.assertEqual(response.status_code, 400)

    def test_nobody_is_led_to_another_site(self):
        for extra in (
            {"redirect": "//evil.example"},
            {"lang": "//evil.example"},
            {"next": "https://evil.example"},
        ):
            response = self.look_up(self.sold.name, "10121", data=extra, allow_redirects=False)
            self.assertEqual(response.status_code, 303)
            self.assertNotIn("evil", response.headers["Location"])

    # --- order numbers --------------------------------------------------------------------------

    def test_a_wrong_answer_tells_nothing(self):
        """Known and unknown numbers get the same page, after the same number of queries."""
        answers, costs = set(), set()
        quotation = self.order({self.thing: 1}, partner_id=self.ada.id, confirm=False)
        for number, proof in (
            (self.sold.name, "ada@example.co"),
            (self.sold.name, "10122"),
            (self.sold.name, "' OR '1'='1"),
            ("S99999999", "ada@example.com"),
            ("%", "10121"),
            (quotation.name, "10121"),
            ("", "10121"),
            (self.sold.name, ""),
        ):
            response = self.look_up(number, proof)
            self.assertEqual(response.status_code, 200)
            self.assertIn(WRONG, words(response))
            # But for the token, and for what the visitor has written.
            answers.add(re.sub(r' value="[^"]*"', "", response.text))
            before = self.env.cr.sql_log_count
            self.assertFalse(self.env["oms.tracking.page"]._find_order(number, proof))
            costs.add(self.env.cr.sql_log_count - before)
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(costs), 1)

    def test_an_address_without_postcode_or_email_opens_to_nothing(self):
        self.ada.write({"zip": False, "email": False})
        for proof in ("", " ", "-", "False", "None", "0", "@"):
            with self.subTest(proof):
                self.assertFalse(self.found(self.sold.name, proof))
        self.ada.zip = "1"
        self.assertFalse(self.found(self.sold.name, "1"), "a postcode of one letter proves nothing")

    def test_a_reference_that_two_customers_use_opens_the_own_order(self):
        bob = self.customer("DE", email="bob@example.com")
        other = self.order({self.thing: 1}, partner_id=bob.id, client_order_ref="WEB-1")
        self.send(other, "BOB-1")
        self.assertIn(other.name, words(self.look_up("WEB-1", "bob@example.com")))
        self.assertIn(self.sold.name, words(self.look_up("WEB-1", "ada@example.com")))

    def test_who_tries_many_numbers_has_to_wait(self):
        """Whatever he says about where he comes from."""
        with patch.object(attempt, "MOST_PER_ADDRESS", 4):
            for number in range(4):
                forged = {"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": f"10.1.0.{number}"}
                response = self.look_up(f"S{number}", "10121", headers=forged)
                self.assertEqual(response.status_code, 200)
            response = self.look_up(self.sold.name, "10121")
            self.assertEqual(response.status_code, 429)
            self.assertEqual(response.headers["Retry-After"], "3600")
            self.assertNotIn("/track/order/", response.url)
            tries = self.env["oms.tracking.attempt"].search([])
            tries.tried_at = fields.Datetime.now() - timedelta(hours=2)
            self.assertTrue(self.found(self.sold.name, "10121"))

    def test_who_tries_many_proofs_of_one_number_has_to_wait(self):
        """Also for a number that does not exist, or waiting would tell that it does."""
        with patch.object(attempt, "MOST_PER_NUMBER", 3):
            for number in (self.sold.name, "S99999999"):
                statuses = [
                    self.look_up(spelt, f"1012{digit}").status_code
                    for digit, spelt in enumerate(
                        (number, number.lower(), f"# {number}", number, number), start=2
                    )
                ]
                self.assertEqual(statuses, [200, 200, 200, 429, 429])
            self.assertTrue(self.found("WEB-1", "10121"), "another number does not have to wait")

    def test_who_was_right_does_not_have_to_wait(self):
        with patch.object(attempt, "MOST_PER_ADDRESS", 2):
            for _again in range(4):
                self.assertTrue(self.found(self.sold.name, "10121"))

    def test_one_network_is_one_visitor(self):
        attempts = self.env["oms.tracking.attempt"]
        keys = attempts._keys("2001:db8:1:2::1", "S1")
        self.assertEqual(keys[0], attempts._keys("2001:db8:1:2:ffff::9", "S1")[0])
        self.assertNotEqual(keys[0], attempts._keys("2001:db8:1:3::1", "S1")[0])
        self.assertEqual(
            attempts._keys("::ffff:192.0.2.1", "")[0], attempts._keys("192.0.2.1", "")[0]
        )
        for odd in ("", None, "unix:", "x" * 999):
            attempts._keys(odd, odd)

    def test_what_was_tried_is_not_kept(self):
        self.look_up("S-SECRET", "proof-secret")
        rows = self.env["oms.tracking.attempt"].search([])
        self.assertTrue(rows)
        for key in rows.mapped("key"):
            self.assertRegex(key, r"^[0-9a-f]{64}$")
        rows.tried_at = fields.Datetime.now() - timedelta(hours=2)
        self.env.flush_all()
        self.env["oms.tracking.attempt"]._gc()
        self.assertFalse(self.env["oms.tracking.attempt"].search([]))

    def test_huge_and_odd_inputs(self):
        for order, proof in (
            ("S" * 100_000, "x" * 100_000),
            ("\x00", "\x00"),
            ("💩", "💩"),
            ("'; DROP TABLE sale_order; --", "10121"),
            ("S\\", "%_"),
        ):
            with self.subTest(order[:20]):
                response = self.look_up(order, proof)
                self.assertEqual(response.status_code, 200)
                self.assertLess(len(response.content), 10_000)
        response = self.look_up(["S1", "S2"], ["a", "b"])
        self.assertEqual(response.status_code, 200)
