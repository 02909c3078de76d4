from odoo import fields
from odoo.tests import new_test_user, tagged

from ...models.returns.page.status import SLIP
from .return_page_case import ReturnPageCase, picture, words


@tagged("post_install", "-at_install")
class TestReturnPage(ReturnPageCase):
    """A customer returns goods, from phone to slip."""

    def test_a_guest_returns_goods_with_number_and_email(self):
        page = self.get("/return")
        self.assertIn("Return goods", words(page))
        response = self.post(
            "/return",
            {"order": self.sold.name, "proof": "ada@example.com"},
            allow_redirects=False,
        )
        address = response.headers["Location"]
        self.assertTrue(address.startswith("/return/order/"))
        self.assertIn("You have 2", words(self.get(address)))
        one = self.returned(1, comment="Not my colour")
        self.assertEqual((one.origin, one.units, one.order_id), ("portal", 1, self.sold))
        self.assertEqual(one.line_ids.reason_id.code, "unwanted")
        self.assertEqual(one.line_ids.comment, "Not my colour")
        self.assertEqual(one.partner_id, self.ada)

    def test_the_last_page_says_what_will_be_and_keeps_nothing(self):
        path = self.begin(2)
        self.answer(path)
        before = self.env["oms.return"].search_count([])
        text = words(self.get(f"{path}/check"))
        one_worth = self.sold.currency_id.format(self.sold.order_line.price_total)
        self.assertIn(one_worth.replace("\xa0", " "), text.replace("\xa0", " "))
        self.assertIn("Send my return", text)
        self.assertEqual(self.env["oms.return"].search_count([]), before)
        self.assertFalse(self.sold.oms_return_ids)

    def test_what_was_shown_is_what_is_made(self):
        path = self.begin(2)
        self.answer(path)
        draft = self.env["oms.return.draft"].search([("order_id", "=", self.sold.id)])
        shown = self.env["oms.return.page"].sudo()._check(draft)
        one = self.of(self.send_it(path))
        made = one._told_to_customer()
        for key in ("gets", "fee", "freight", "lines", "keeps_all"):
            self.assertEqual(shown[key], made[key], key)

    def test_the_way_back_is_the_customers_choice(self):
        path = self.begin()
        self.answer(path)
        self.assertEqual(self.of(self.send_it(path, way="pickup")).way, "pickup")

    def test_what_cannot_come_back_says_why(self):
        self.ask(self.sold, 2)
        name = self.sold.oms_return_ids.name
        text = words(self.get(f"/return/order/{self.key()}"))
        self.assertIn(f"Already announced in {name}.", text)
        self.assertIn("Nothing of this order can be returned now", text)
        waiting = self.order({self.thing: 1}, partner_id=self.ada.id)
        self.assertIn("Not delivered yet.", words(self.get(f"/return/order/{self.key(waiting)}")))

    def test_a_reason_that_asks_for_words_gets_them(self):
        path = self.begin()
        response = self.answer(path, reason="defective")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Describe in a few words what is wrong.", words(response))
        response = self.answer(path, reason="defective", comment="It does not switch on")
        self.assertEqual(response.status_code, 303)

    def test_photos_go_with_the_return_and_with_nothing_else(self):
        one = self.returned(
            files=[picture(), picture("PNG", name="x.png"), picture("WEBP", name="y.webp")],
            reason="defective",
            comment="Broken",
        )
        photos = one.line_ids.photo_ids
        self.assertEqual(len(photos), 3)
        self.assertEqual(set(photos.mapped("mimetype")), {"image/jpeg"})
        self.assertEqual(set(photos.mapped("res_model")), {"oms.return"})
        self.assertEqual(set(photos.mapped("res_id")), {one.id})
        self.assertFalse(any(photos.mapped("public")))

    def test_photos_are_kept_while_the_form_is_wrong_and_can_be_dropped(self):
        path = self.begin()
        self.answer(path, [picture()], reason="defective")
        draft = self.env["oms.return.draft"].search([("order_id", "=", self.sold.id)])
        photo = draft._photos()
        self.assertEqual(len(photo), 1)
        shown = self.get(f"{path}/photo/{photo.id}")
        self.assertEqual((shown.status_code, shown.headers["Content-Type"]), (200, "image/jpeg"))
        self.post(path, {"drop": photo.id})
        self.assertFalse(photo.exists())

    def test_photos_of_what_is_never_sent_are_forgotten(self):
        path = self.begin()
        self.answer(path, [picture()], reason="defective")
        draft = self.env["oms.return.draft"].search([("order_id", "=", self.sold.id)])
        photos = draft._photos()
        self.assertTrue(photos)
        self.env["oms.return.draft"]._gc()
        self.assertTrue(draft.exists())
        self.env.cr.execute(
            "UPDATE oms_return_draft SET create_date = %s WHERE id = %s",
            [fields.Datetime.subtract(fields.Datetime.now(), hours=25), draft.id],
        )
        self.env.invalidate_all()
        self.env["oms.return.draft"]._gc()
        self.assertFalse((draft | draft).exists())
        self.assertFalse(photos.exists())

    def test_an_exchange_is_for_a_variant_that_is_there(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": size}) for size in ("S", "M")]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Shirt",
                "is_storable": True,
                "list_price": 20.0,
                "categ_id": self.category.id,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [(6, 0, attribute.value_ids.ids)],
                        },
                    )
                ],
            }
        )
        small, medium = template.product_variant_ids
        self.stock(small, IT=5)
        order = self.delivered({small: 1}, partner_id=self.ada.id)
        path = self.begin(1, order)
        self.assertIn("M – not in stock now", words(self.get(path)))
        self.answer(
            path, line=order.order_line, reason="too_small", outcome="exchange", exchange=medium.id
        )
        one = self.of(self.send_it(path))
        self.assertEqual(one.line_ids.exchange_product_id, medium)

    def test_the_page_of_a_return_follows_it(self):
        one = self.returned(2)
        path = f"/return/{one.access_token}"
        if one.state == "requested":
            self.assertIn("We look at your request", words(self.get(path)))
            one.action_approve()
        text = words(self.get(path))
        self.assertIn("Your return is approved: send the goods", text)
        self.assertIn("What to do now", text)
        if self.env.ref(SLIP, raise_if_not_found=False):
            slip = self.get(f"{path}/slip")
            self.assertEqual(slip.status_code, 200)
            self.assertIn("no-referrer", slip.headers["Referrer-Policy"])
        one._receive({one.line_ids: 2})
        self.assertIn("The goods are with us", words(self.get(path)))
        self.assertNotIn("Cancel this return", words(self.get(path)))

    def test_an_approval_beside_a_parcel_still_under_way_does_not_sound_like_a_refusal(self):
        other = self.product("Other", stock={"IT": 5})
        self.sold.write({"order_line": [(0, 0, {"product_id": other.id, "product_uom_qty": 1})]})
        self.assertTrue(self.sold.picking_ids.filtered(lambda one: one.state != "done"))
        one = self.returned()
        if one.state == "requested":
            one.action_approve()
        path = f"/return/{one.access_token}"
        text = words(self.get(path))
        self.assertIn("It can be returned", text)
        self.assertIn("once all parcels of the order have arrived", text)
        self.assertNotIn("reported as delivered", text)
        one._receive({one.line_ids: 1})
        self.assertNotIn("It can be returned", words(self.get(path)))

    def test_a_refusal_says_why(self):
        one = self.returned()
        one.action_reject("It was worn.")
        text = words(self.get(f"/return/{one.access_token}"))
        self.assertIn("We cannot take this back", text)
        self.assertIn("It was worn.", text)

    def test_a_customer_cancels_before_anything_is_sent(self):
        one = self.returned()
        self.get(f"/return/{one.access_token}/cancel")
        self.assertNotEqual(one.state, "cancelled", "opening a link changes nothing")
        self.post(f"/return/{one.access_token}/cancel", page=f"/return/{one.access_token}")
        self.assertEqual(one.state, "cancelled")
        self.assertIn("You have 2", words(self.get(f"/return/order/{self.key()}")))

    def test_tracking_pages_lead_to_returns(self):
        text = self.get(f"/track/order/{self.key()}").text
        self.assertIn("/return/order/", text)
        parcel = self.page().text
        self.assertIn('action="/return"', parcel)
        self.assertNotIn("/return/order/", parcel, "a parcel's link proves less")

    def test_the_portal_leads_to_returns(self):
        new_test_user(
            self.env,
            "ada_portal",
            "base.group_portal",
            partner_id=self.ada.id,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.authenticate("ada_portal", "ada_portal")
        one = self.ask(self.sold, 1)
        page = self.get(f"/my/orders/{self.sold.id}").text
        self.assertIn(f"/my/orders/{self.sold.id}/return", page)
        self.assertIn(f"/return/{one.access_token}", page)
        response = self.get(f"/my/orders/{self.sold.id}/return")
        self.assertIn("What do you want to return?", words(response))

    def test_thirty_lines_are_chosen_at_once(self):
        lines = [
            {"product_id": self.product(f"Thing {i}", stock={"IT": 2}).id, "product_uom_qty": 1}
            for i in range(30)
        ]
        order = self.delivered(lines, partner_id=self.ada.id)
        path = f"/return/order/{self.key(order)}"
        data = {f"units_{line.id}": 1 for line in order.order_line}
        response = self.post(path, data, allow_redirects=False)
        address = response.headers["Location"]
        answers = {}
        for line in order.order_line:
            answers |= {f"reason_{line.id}": "unwanted", f"outcome_{line.id}": "refund"}
        self.assertEqual(self.post(address, answers, allow_redirects=False).status_code, 303)
        one = self.of(self.send_it(address))
        self.assertEqual(len(one.line_ids), 30)

    def test_goods_under_seal_are_asked_for_their_seal(self):
        self.return_policy.rule_ids = [(0, 0, {"effect": "exclude", "exclusion": "hygiene"})]
        path = self.begin()
        self.assertIn("Is its seal unbroken?", words(self.get(path)))
        response = self.answer(path, seal="broken")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.answer(path, seal="closed").status_code, 303)
        one = self.of(self.send_it(path))
        self.assertEqual(one.line_ids.seal, "closed")

    def test_what_is_too_late_says_so_and_until_when_the_rest_can_come_back(self):
        text = words(self.get(f"/return/order/{self.key()}"))
        self.assertIn("Can be returned until", text)
        self.return_policy.days = 0
        self.return_policy.guarantee_days = 0
        past = fields.Datetime.subtract(fields.Datetime.now(), days=900)
        self.parcel.write({"shipped_at": past, "delivered_at": past, "state": "delivered"})
        self.sold.picking_ids.date_done = past
        self.sold.picking_ids.move_ids.date = past
        text = words(self.get(f"/return/order/{self.key()}"))
        self.assertIn("Nothing of this order can be returned now", text)

    def test_after_the_window_only_faults_are_offered(self):
        past = fields.Datetime.subtract(fields.Datetime.now(), days=200)
        self.parcel.write({"shipped_at": past, "delivered_at": past, "state": "delivered"})
        self.sold.picking_ids.move_ids.date = past
        text = words(self.get(f"/return/order/{self.key()}"))
        self.assertIn("Only if it is faulty, damaged or not what you ordered.", text)
        path = self.begin()
        page = self.get(path).text
        self.assertIn('value="defective"', page)
        self.assertNotIn('value="unwanted"', page)

    def test_who_keeps_the_goods_for_a_discount_sends_nothing(self):
        path = self.begin()
        self.assertEqual(self.answer(path, outcome="discount").status_code, 303)
        text = words(self.get(f"{path}/check"))
        self.assertIn("You need not send anything back.", text)
        self.assertNotIn("How do you send it?", text)
        one = self.of(self.send_it(path))
        self.assertEqual((one.way, one.receipt_state), ("none", "none"))
