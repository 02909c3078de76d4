from lxml import html

from odoo.tests import new_test_user, tagged

from .page_case import PageCase, words

MILANO = {"location": {"city": "MILANO", "country": "IT"}}
TORINO = {"location": {"city": "TORINO", "country": "IT"}}


@tagged("post_install", "-at_install")
class TestPage(PageCase):
    """What a customer reads of a parcel, and in which language."""

    def test_each_state_is_told_in_the_customers_words(self):
        for state, headline in (
            ("label_created", "We handed your parcel over to the carrier"),
            ("picked_up", "The carrier has your parcel"),
            ("in_transit", "Your parcel is on its way"),
            ("customs", "Your parcel is at customs"),
            ("delayed", "Your parcel is delayed"),
            ("on_hold", "Your parcel is being held"),
            ("out_for_delivery", "Your parcel is out for delivery"),
            ("attempt_failed", "Your parcel could not be delivered"),
            ("ready_for_pickup", "Your parcel is ready for pick-up"),
            ("exception", "There is a problem with your parcel"),
            ("damaged", "Your parcel was damaged"),
            ("lost", "The carrier reports your parcel as lost"),
            ("returning", "Your parcel is coming back to us"),
            ("returned", "Your parcel came back to us"),
            ("delivered", "Your parcel was delivered"),
            ("cancelled", "This parcel was cancelled"),
            ("expired", "There is no news of your parcel"),
        ):
            shipment = self.shipment(f"N-{state}", order_id=self.sold.id)
            shipment.shipped_at = self.parcel.shipped_at
            self.ingest(self.event(state, number=f"N-{state}"))
            with self.subTest(state):
                self.assertIn(headline, self.told(shipment))

    def test_progress_says_where_the_parcel_is(self):
        self.tell(("picked_up", MILANO), ("out_for_delivery", TORINO))
        tree = html.fromstring(self.page().text)
        steps = tree.xpath("//ol[@aria-label='Progress']/li")
        self.assertEqual(len(steps), 5)
        current = [one for one in steps if one.get("aria-current") == "step"]
        self.assertEqual(len(current), 1)
        self.assertIn("Out for delivery", current[0].text_content())

    def test_the_range_is_an_estimate_and_the_promise_a_promise(self):
        self.tell(("in_transit", MILANO))
        self.parcel.promised_at = self.later(days=5)
        self.assertIn("Promised by", self.told())
        self.parcel.write(
            {
                "eta_at": self.later(days=2),
                "eta_low_at": self.later(days=1),
                "eta_high_at": self.later(days=4),
            }
        )
        text = self.told()
        self.assertIn("This is an estimate, not a promise.", text)
        self.assertIn("Most likely", text)
        self.assertNotIn("Promised by", text)

    def test_a_broken_promise_is_admitted(self):
        self.tell(("in_transit", MILANO))
        self.parcel.promised_at = self.later(days=-1)
        self.assertIn("We had promised it by", self.told())

    def test_times_are_those_of_the_place_with_its_zone(self):
        self.tell(
            ("in_transit", {"location": {"city": "New York", "state": "NY", "country": "US"}})
        )
        text = self.told()
        self.assertIn("5:00\u202fAM EST", text.replace("5:00 AM", "5:00\u202fAM"))

    def test_the_carriers_words_stand_beside_ours(self):
        self.tell(("attempt_failed", {"description": "Empfänger nicht angetroffen"} | TORINO))
        text = self.told()
        for word in ("Delivery failed", "Empfänger nicht angetroffen", "TORINO, IT"):
            self.assertIn(word, text)

    def test_proof_of_delivery(self):
        self.tell(("in_transit", MILANO), ("delivered", {"signed_by": "NERI A."} | TORINO))
        text = self.told()
        self.assertRegex(text, r"When Monday, March 2, 2026, 11:00\sAM CET Where TORINO, IT")
        self.assertIn("Signed by NERI A.", text)

    def test_what_to_do_depends_on_the_state(self):
        self.tell(("in_transit", MILANO))
        self.assertNotIn("What you can do now", self.told())
        self.tell(("in_transit", MILANO), ("in_transit", TORINO), ("ready_for_pickup", TORINO))
        text = self.told()
        self.assertIn("Where it waits: TORINO, IT", text)
        self.assertIn("Bring an identity document", text)

    def test_contents_are_listed_and_no_cost_or_address(self):
        self.parcel.sudo().cost = 98765.43
        self.thing.default_code = "SECRET-SKU"
        note = "never tell"
        self.sold.message_post(body=note, subtype_xmlid="mail.mt_note")
        self.tell(("in_transit", MILANO))
        text = self.page().text
        self.assertIn("Thing", text)
        for secret in (
            "98765",
            "98,765",
            "Via Roma",
            "10121",
            "333",
            "Ada@",
            "SECRET-SKU",
            "never",
        ):
            self.assertNotIn(secret, text)

    def test_messages_that_tell_the_address_are_left_out(self):
        self.tell(
            (
                "in_transit",
                {"description": "To VIA ROMA 17, third floor", "location": "10121 Torino"},
            )
        )
        text = self.told()
        for secret in ("VIA ROMA", "10121"):
            self.assertNotIn(secret, text)

    def test_the_map_shows_the_way_as_far_as_the_company_tells_it(self):
        self.tell(("in_transit", {"location": {"city": "Bologna", "country": "IT"}}))
        for level, told in (("none", False), ("city", True)):
            self.company.oms_portal_origin = level
            tree = html.fromstring(self.page().text)
            (label,) = tree.xpath("//figure//svg/@aria-label")
            with self.subTest(level):
                self.assertIn("last seen in Bologna; on its way to Torino", label)
                self.assertEqual("from Milano" in label, told)

    def test_many_messages_are_folded(self):
        self.ingest(
            *(
                self.event(at=f"2026-03-02T{hour:02}:00:00Z", description=f"Hub {hour}")
                for hour in range(24)
            )
        )
        tree = html.fromstring(self.page().text)
        self.assertEqual(len(tree.xpath("//details//li")), 18)
        self.assertIn("Earlier messages (18)", tree.text_content())

    def test_a_return_is_told_as_a_return(self):
        back = self.shipment("R-1", direction="return", order_id=self.sold.id)
        self.ingest(self.event("in_transit", number="R-1"))
        self.assertIn("Your return is on its way to us", self.told(back))
        self.ingest(self.event("delivered", "2026-03-05T10:00:00Z", number="R-1"))
        self.assertIn("Your return has arrived", self.told(back))

    # --- the reader ---------------------------------------------------------------------------

    def test_the_page_speaks_the_readers_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["res.lang"]._activate_lang("ar_001")
        self.tell(("in_transit", MILANO))
        for accepted, tag, direction in (
            ("it", "it-IT", "ltr"),
            ("de-DE,it-CH;q=0.5", "it-IT", "ltr"),
            ("ar-EG", "ar-001", "rtl"),
            ("xx", "en-US", "ltr"),
        ):
            root = html.fromstring(self.page(language=accepted).text)
            with self.subTest(accepted):
                self.assertEqual((root.get("lang"), root.get("dir")), (tag, direction))
        self.ada.lang = "it_IT"
        root = html.fromstring(self.page(language="xx").text)
        self.assertEqual(
            root.get("lang"), "it-IT", "the recipient's, where the browser's is unknown"
        )
        root = html.fromstring(self.get(f"/track/{self.parcel.access_token}?lang=ar_001").text)
        self.assertEqual(root.get("lang"), "ar-001", "the chosen one comes first")
        root = html.fromstring(self.get(f"/track/{self.parcel.access_token}?lang=../x").text)
        self.assertEqual(root.get("lang"), "en-US")

    def test_the_page_is_made_for_everybody(self):
        self.tell(("in_transit", MILANO))
        tree = html.fromstring(self.page().text)
        self.assertEqual(len(tree.xpath("//main")), 1)
        self.assertEqual(len(tree.xpath("//h1")), 1)
        self.assertTrue(tree.xpath("//title/text()")[0].strip())
        self.assertTrue(tree.xpath("//img/@alt")[0])
        ids = tree.xpath("//@id")
        self.assertEqual(len(ids), len(set(ids)))
        for reference in tree.xpath("//@aria-labelledby | //@aria-describedby"):
            self.assertIn(reference, ids)
        self.assertFalse(tree.xpath("//script"), "the page works without scripts")

    # --- by order number ----------------------------------------------------------------------

    def test_an_order_is_found_by_its_number_and_email_or_postcode(self):
        for order, proof in (
            (self.sold.name, "ada@example.com"),
            (self.sold.name.lower(), " ADA@EXAMPLE.COM "),
            (f" #{self.sold.name} ", "10121"),
            ("WEB-1", "10121"),
            ("web-1", "101 21"),
        ):
            with self.subTest((order, proof)):
                response = self.look_up(order, proof)
                self.assertEqual(response.status_code, 200)
                self.assertIn("/track/order/", response.url)
                self.assertNotIn(f"/{self.sold.id}", response.url)
                self.assertIn(f"Your order {self.sold.name}", words(response))

    def test_all_parcels_of_an_order_stand_on_its_page(self):
        order = self.order({self.thing: 98 + 5}, partner_id=self.ada.id)
        self.send(order, "T-1,T-2")
        self.ingest(self.event("delivered", number="T-1"))
        text = words(self.look_up(order.name, "10121"))
        self.assertIn("1 of 3 parcels delivered", text)
        for word in ("Parcel 1 of 3", "Parcel 2 of 3", "Your parcel was delivered"):
            self.assertIn(word, text)

    def test_the_links_of_the_parcels_are_not_given_away(self):
        text = self.look_up(self.sold.name, "10121").text
        self.assertNotIn(self.parcel.access_token, text)

    # --- in the portal ------------------------------------------------------------------------

    def test_the_orders_page_in_the_portal_shows_each_parcel(self):
        new_test_user(
            self.env, "ada", "base.group_portal", password="ada-secret", partner_id=self.ada.id
        )
        self.tell(("out_for_delivery", TORINO))
        self.authenticate("ada", "ada-secret")
        text = words(self.get(f"/my/orders/{self.sold.id}"))
        for word in ("Your Delivery", "Your parcel is out for delivery", "TORINO, IT"):
            self.assertIn(word, text)
        response = self.page()
        self.assertIn(f"/my/orders/{self.sold.id}#discussion", response.text)

    # --- at what price ------------------------------------------------------------------------

    def test_the_number_of_queries_depends_on_no_number_of_parcels_or_messages(self):
        def queries(shipments):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["oms.tracking.page"]._parcels(shipments.sudo())
            return self.env.cr.sql_log_count - before

        self.tell(("picked_up", MILANO), ("in_transit", TORINO))
        queries(self.parcel)
        few = queries(self.parcel)
        parcels = self.parcel
        for number in range(5):
            more = self.send(self.order({self.thing: 1}, partner_id=self.ada.id), f"Q-{number}")
            self.ingest(
                *(
                    self.event(at=f"2026-03-02T{hour:02}:00:00Z", number=f"Q-{number}", **MILANO)
                    for hour in range(20)
                )
            )
            parcels |= more
        self.assertEqual(queries(parcels), few)
        self.assertLessEqual(few, 22)
