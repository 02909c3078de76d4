from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestPresentation(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE", "FR")
        cls.lamp = cls.product("Lamp", stock={"IT": 5, "DE": 5})
        cls.chair = cls.product("Chair", stock={"DE": 2})

    def view(self, order):
        return order.oms_allocation_view

    def test_quotation_shows_the_proposal_with_cost_and_reasons(self):
        order = self.order({self.lamp: 2}, country="IT", confirm=False)
        view = self.view(order)
        self.assertEqual(view["state"], "proposed")
        self.assertEqual(view["summary"]["parcels"], 1)
        self.assertEqual(view["parcels"][0]["warehouse"], "Milano")
        self.assertEqual(view["parcels"][0]["contents"][0]["quantity"], 2)
        parts = view["parcels"][0]["cost"]
        self.assertAlmostEqual(
            parts["total"], sum(value for name, value in parts.items() if name != "total")
        )
        candidates = {one["warehouse"]: one for one in view["cards"][0]["candidates"]}
        self.assertEqual(candidates["Milano"]["chosen"], 2)
        self.assertEqual(candidates["Lyon"]["ruled_out"], "Has none in stock.")
        self.assertFalse(candidates["Leipzig"]["ruled_out"])

    def test_quotation_shows_what_the_alternatives_would_cost(self):
        order = self.order({self.lamp: 1}, country="IT", confirm=False)
        labels = {one["label"]: one["difference"] for one in self.view(order)["alternatives"]}
        self.assertGreater(labels["Without Milano"], 0)

    def test_proposal_follows_an_edit_in_the_form_before_it_is_saved(self):
        order = self.order({self.lamp: 1}, country="IT", confirm=False)
        with Form(order) as form:
            self.assertEqual(form.oms_allocation_view["summary"]["units"], 1)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 4
            self.assertEqual(form.oms_allocation_view["summary"]["units"], 4)
            form.partner_id = self.customer("DE")
            self.assertEqual(form.oms_allocation_view["parcels"][0]["warehouse"], "Leipzig")
            with form.order_line.new() as line:
                line.product_id = self.chair
            self.assertEqual(len(form.oms_allocation_view["cards"]), 2)

    def test_new_quotation_is_proposed_before_it_exists(self):
        form = Form(self.env["sale.order"])
        self.assertEqual(form.oms_allocation_view["state"], "empty")
        self.assertIn("customer", form.oms_allocation_view["message"])
        form.partner_id = self.customer("DE")
        self.assertIn("product", form.oms_allocation_view["message"])
        with form.order_line.new() as line:
            line.product_id = self.chair
        view = form.oms_allocation_view
        self.assertEqual(view["state"], "proposed")
        self.assertEqual(view["parcels"][0]["contents"][0]["product"], "Chair")

    def test_form_shows_a_sentence_where_no_policy_exists(self):
        self.env["oms.policy"].search([]).active = False
        view = self.view(self.order({self.lamp: 1}, confirm=False))
        self.assertEqual(view["state"], "error")
        self.assertIn("No sourcing policy", view["message"])

    def test_missing_units_come_with_cause_and_next_step(self):
        order = self.order({self.chair: 3}, country="DE", confirm=False)
        shortage = self.view(order)["shortages"][0]
        self.assertEqual(shortage["quantity"], 1)
        self.assertIn("No warehouse", shortage["cause"])
        self.assertIn("back-ordered at", shortage["next"])

    def test_lines_left_to_odoo_are_named_with_the_reason(self):
        route = self.warehouses["IT"].delivery_route_id
        order = self.order(
            [
                {"product_id": self.lamp.id, "product_uom_qty": 1},
                {"product_id": self.chair.id, "route_ids": [Command.link(route.id)]},
            ],
            confirm=False,
        )
        left = self.view(order)["left"]
        self.assertEqual([one["product"] for one in left], ["Chair"])
        self.assertIn("route", left[0]["reason"])

    def test_confirmed_order_shows_what_is_in_force_and_who_decided(self):
        order = self.order({self.lamp: 2}, country="IT")
        order.invalidate_recordset()
        view = self.view(order)
        self.assertEqual(view["state"], "committed")
        self.assertEqual(view["parcels"][0]["warehouse"], "Milano")
        self.assertEqual(view["history"][0]["state"], "committed")
        self.assertEqual(view["history"][0]["user"], self.env.user.name)
        # Stock that comes later does not change what was decided.
        self.stock(self.lamp, FR=50)
        order.invalidate_recordset()
        candidates = self.view(order)["cards"][0]["candidates"]
        lyon = next(one for one in candidates if one["warehouse"] == "Lyon")
        self.assertTrue(lyon["ruled_out"])

    def test_cancelled_order_says_so(self):
        order = self.order({self.lamp: 2})
        order._action_cancel()
        order.invalidate_recordset()
        self.assertIn("cancelled", self.view(order)["message"])

    def test_map_has_the_network_the_destination_and_the_parcels(self):
        order = self.order({self.lamp: 2}, country="IT", confirm=False)
        data = order.oms_map_data
        self.assertEqual(
            {one["name"]: one["used"] for one in data["warehouses"]},
            {"Milano": True, "Leipzig": False, "Lyon": False},
        )
        self.assertAlmostEqual(data["destination"]["latitude"], 45.4642, 3)
        self.assertEqual(data["parcels"][0]["warehouse_id"], self.warehouses["IT"].id)
        self.assertEqual(data["parcels"][0]["quantity"], 2)
        self.assertIn(self.company.currency_id.symbol, data["parcels"][0]["cost_label"])

    def test_rules_policy_shows_each_rules_verdict(self):
        self.policy.write(
            {
                "mode": "rules",
                "rule_ids": [
                    Command.create({"kind": "nearest"}),
                    Command.create({"kind": "cheapest"}),
                ],
            }
        )
        view = self.view(self.order({self.lamp: 1}, country="DE", confirm=False))
        self.assertEqual(view["rules"], ["Nearest", "Cheapest"])
        candidates = {one["warehouse"]: one for one in view["cards"][0]["candidates"]}
        self.assertEqual(candidates["Leipzig"]["places"][0], 1)
        self.assertEqual(candidates["Milano"]["places"][0], 2)

    def test_lists_do_not_ask_the_engine(self):
        orders = self.env["sale.order"]
        for _number in range(3):
            orders |= self.order({self.lamp: 1}, confirm=False)
        asked = []
        decide = type(self.env["oms.decision"])._decide

        def spy(decisions, *args, **kwargs):
            asked.append(args)
            return decide(decisions, *args, **kwargs)

        self.patch(type(self.env["oms.decision"]), "_decide", spy)
        action = self.env.ref("sale.action_orders")
        arch = self.env["sale.order"].get_view(view_type="list")["arch"]
        self.assertNotIn("oms_allocation_view", arch, action.name)
        orders.web_read({"name": {}, "oms_parcel_count": {}, "oms_promise_date": {}})
        self.assertFalse(asked)

    def test_salesperson_without_a_role_in_order_management_sees_the_tab(self):
        seller = self.env["res.users"].create(
            {
                "name": "Seller",
                "login": "oms_seller",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set([self.env.ref("sales_team.group_sale_salesman_all_leads").id])
                ],
            }
        )
        order = self.order({self.lamp: 2}, confirm=False)
        order.invalidate_recordset()
        self.assertEqual(order.with_user(seller).oms_allocation_view["state"], "proposed")
        self.assertFalse(order.with_user(seller).oms_can_change)
        order.with_user(seller).action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.with_user(seller).oms_allocation_view["state"], "committed")
