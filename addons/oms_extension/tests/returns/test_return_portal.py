from odoo.tests import new_test_user, tagged

from .return_page_case import ReturnPageCase, words


@tagged("post_install", "-at_install")
class TestReturnPortal(ReturnPageCase):
    """A customer's returns, one below the other."""

    def log_in(self, partner, name="ada_portal"):
        new_test_user(
            self.env,
            name,
            "base.group_portal",
            partner_id=partner.id,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        self.authenticate(name, name)

    def counted(self):
        answer = self.make_jsonrpc_request("/my/counters", {"counters": ["oms_return_count"]})
        return answer["oms_return_count"]

    def many(self, count):
        """So many announced returns of Ada's."""
        order = self.delivered({self.thing: count}, partner_id=self.ada.id)
        return [self.ask(order) for _number in range(count)]

    def test_the_list_leads_to_each_return(self):
        self.log_in(self.ada)
        self.assertIn("You have returned nothing", words(self.get("/my/returns")))
        self.assertEqual(self.counted(), 0)
        one = self.ask(self.sold, 1)
        page = self.get("/my/returns")
        for text in (one.name, self.sold.name, "1 × Thing", "We look at your request"):
            self.assertIn(text, words(page))
        self.assertIn(f'href="/return/{one.access_token}', page.text)
        self.assertEqual(self.counted(), 1)
        home = self.get("/my")
        self.assertIn('href="/my/returns"', home.text)
        self.assertIn("Your Returns", words(home))

    def test_other_peoples_returns_are_not_in_it(self):
        shop = self.customer(name="Neri & Figli", is_company=True)
        self.ada.parent_id = shop
        colleague = self.customer(name="Bea", parent_id=shop.id)
        own = self.ask(self.sold, 1)
        ours = self.ask(self.delivered({self.thing: 1}, partner_id=colleague.id))
        stranger = self.customer(name="Carla")
        theirs = self.ask(self.delivered({self.thing: 1}, partner_id=stranger.id))
        self.log_in(self.ada)
        page = self.get("/my/returns").text
        self.assertIn(own.access_token, page)
        self.assertIn(ours.access_token, page, "as the orders of the portal, by company")
        self.assertNotIn(theirs.access_token, page)
        self.assertNotIn(theirs.name, page)
        self.log_in(stranger, "carla_portal")
        page = self.get("/my/returns").text
        self.assertIn(theirs.access_token, page)
        self.assertNotIn(own.access_token, page)

    def test_a_guest_is_asked_to_log_in(self):
        response = self.get("/my/returns", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_twice_the_rows_need_no_more_queries(self):
        self.log_in(self.ada)
        counts = []
        for rows in (20, 40):
            for number in range(20):
                product = self.product(f"Thing {rows + number}", stock={"IT": 1})
                self.ask(self.delivered({product: 1}, partner_id=self.ada.id))
            self.get("/my/returns")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = self.get("/my/returns").text
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(page.count('href="/return/'), rows)
        self.assertGreater(counts[0], 5, "the requests are counted")
        self.assertEqual(*counts)

    def test_rows_are_sorted_and_paged(self):
        returns = self.many(85)
        returns[3].requested_at = "2020-01-01 10:00:00"
        self.log_in(self.ada)
        first, second = (self.get(f"/my/returns/page/{page}").text for page in (1, 2))
        self.assertEqual((first.count('href="/return/'), second.count('href="/return/')), (80, 5))
        self.assertIn(returns[3].access_token, second)
        last = self.get("/my/returns?sortby=name").text
        self.assertIn(returns[-1].access_token, last)
        self.assertEqual(self.get("/my/returns?sortby=nothing").status_code, 200)
