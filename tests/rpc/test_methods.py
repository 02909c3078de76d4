from rpc_case import RpcCase

from odoo.tests import tagged

ACCESS_ERROR = {"code": 4, "status": 403}
USER_ERROR = {"code": 2, "status": 422}


@tagged("post_install", "-at_install")
class TestMethods(RpcCase):
    def test_orders_are_imported_over_both(self):
        (over_xml,), (over_json,) = self.both(
            self.shop, "oms.order", "import_orders", orders=[self.sent("1001")]
        )
        self.assertEqual([over_xml["status"], over_xml["errors"]], ["created", []])
        self.assertEqual(over_json, over_xml | {"status": "unchanged"})
        status, answers = self.json2(
            self.shop,
            "oms.order",
            "import_orders",
            orders=[self.sent("1002"), self.sent("1003", lines=[{"sku": "X", "quantity": 1}])],
        )
        self.assertEqual(status, 200)
        self.assertEqual([one["status"] for one in answers], ["created", "rejected"])
        order = self.env["sale.order"].browse(answers[0]["id"])
        self.assertEqual((order.state, self.shipping(order)), ("sale", {"IT": 2}))

    def test_a_promise_is_the_same_over_both(self):
        over_xml, over_json = self.both(
            self.shop,
            "oms.availability",
            "promise",
            lines=[{"sku": "TEA", "quantity": 2}, {"sku": "CUP", "quantity": 99}],
            destination={"country": "IT", "postcode": "20121"},
            policy="test",
        )
        self.assertEqual(over_xml, over_json)
        self.assertEqual((over_xml["status"], over_xml["missing"]), ("partial", 89))

    def test_a_preview_is_the_same_over_both(self):
        order = self.order({self.tea: 2, self.cup: 12}, confirm=False)
        over_xml, over_json = self.both(
            self.shop, "sale.order", "oms_preview_allocation", order.id, policy="test"
        )
        self.assertEqual(over_xml, over_json)
        self.assertEqual(over_xml[0]["order"], order.id)
        self.assertFalse(order.oms_allocation_ids)

    def test_orders_are_allocated_over_both(self):
        order = self.order({self.tea: 2})
        over_xml, over_json = self.both(self.shop, "sale.order", "oms_allocate", order.id)
        self.assertEqual(over_xml[0]["plan"]["parcels"][0]["warehouse_name"], "Milano")
        self.assertEqual(over_json[0]["plan"]["total"], over_xml[0]["plan"]["total"])
        self.assertEqual(self.shipping(order), {"IT": 2})

    # --- refusals ---------------------------------------------------------------------------------

    def test_wrong_arguments_are_told_in_sentences(self):
        order = self.order({self.tea: 1}, confirm=False)
        self.assert_refused(self.shop, "oms.order", "import_orders", orders="x", **USER_ERROR)
        self.assert_refused(
            self.shop, "oms.availability", "promise", lines=5, destination=[], **USER_ERROR
        )
        for method in ("oms_preview_allocation", "oms_allocate"):
            self.assert_refused(
                self.shop, "sale.order", method, order.id, policy="nope", **USER_ERROR
            )

    def test_customers_may_call_nothing(self):
        order = self.order({self.tea: 1})
        customer = self.account("rpc_customer", "base.group_portal", partner_id=order.partner_id.id)
        for method in ("oms_preview_allocation", "oms_allocate"):
            self.assert_refused(customer, "sale.order", method, order.id, **ACCESS_ERROR)
        self.assert_refused(
            customer, "oms.order", "import_orders", orders=[self.sent("1")], **ACCESS_ERROR
        )
        self.assert_refused(
            customer,
            "oms.availability",
            "promise",
            lines=[{"sku": "TEA", "quantity": 1}],
            destination={"country": "IT"},
            **ACCESS_ERROR,
        )

    def test_readers_look_and_change_nothing(self):
        reader = self.account("rpc_reader", "oms_extension.group_readonly")
        order = self.order({self.tea: 1})
        self.both(
            reader,
            "oms.availability",
            "promise",
            lines=[{"sku": "TEA", "quantity": 1}],
            destination={"country": "IT"},
        )
        self.assert_refused(reader, "sale.order", "oms_allocate", order.id, **ACCESS_ERROR)
        self.assert_refused(
            reader, "oms.order", "import_orders", orders=[self.sent("1")], **ACCESS_ERROR
        )

    def test_a_salesperson_previews_own_orders_only(self):
        seller = self.account("rpc_seller", "sales_team.group_sale_salesman")
        own = self.order({self.tea: 1}, user_id=seller.id)
        foreign = self.order({self.tea: 1}, user_id=self.env.user.id)
        self.both(seller, "sale.order", "oms_preview_allocation", own.id)
        for method in ("oms_preview_allocation", "oms_allocate"):
            self.assert_refused(seller, "sale.order", method, foreign.id, **ACCESS_ERROR)

    def test_orders_of_another_company_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        stranger = self.account("rpc_other", "oms_extension.group_integrator", company=other)
        order = self.order({self.tea: 1})
        for method in ("oms_preview_allocation", "oms_allocate"):
            self.assert_refused(stranger, "sale.order", method, order.id, **ACCESS_ERROR)
        (answer,), _again = self.both(
            stranger,
            "oms.order",
            "import_orders",
            orders=[self.sent("1", company=self.company.id)],
        )
        self.assertEqual(answer["status"], "rejected")
        self.assertIn("is not a company you may work for", answer["errors"][0])

    def test_private_methods_stay_private(self):
        for model, method in (("oms.order", "_read"), ("sale.order", "_oms_portal_delivery")):
            status, _body = self.json2(self.shop, model, method, ids=[])
            self.assertEqual(status, 403)

    def test_a_wrong_key_opens_nothing(self):
        response = self.url_open(
            "/json/2/oms.order/import_orders",
            json={"orders": [self.sent("1")]},
            headers={"Authorization": "bearer wrong"},
        )
        self.assertEqual(response.status_code, 401)
