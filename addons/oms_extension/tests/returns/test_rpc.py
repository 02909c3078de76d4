from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReturnsCase


@tagged("post_install", "-at_install")
class TestReturnRpc(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.thing.default_code = "THING"
        cls.returns = cls.env["oms.return"]

    def test_a_program_announces_a_return_by_sku_and_reads_what_becomes_of_it(self):
        order = self.delivered({self.thing: 2})
        answer = self.returns.request_return(
            order=order.name,
            lines=[{"sku": "THING", "quantity": 1, "reason": "too_small", "outcome": "refund"}],
        )
        made = self.returns.browse(answer["id"])
        self.assertEqual((made.origin, made.order_id), ("rpc", order))
        self.assertEqual(answer["lines"][0]["sku"], "THING")
        self.assertEqual(answer["refund"], made.amount_total)
        self.assertEqual(answer["currency"], order.currency_id.name)
        self.assertTrue(answer["instructions"])

    def test_a_call_repeated_with_its_key_makes_one_return(self):
        order = self.delivered({self.thing: 2})
        call = {"order": order.name, "lines": [{"sku": "THING"}], "key": "shop-17"}
        first, second = self.returns.request_return(**call), self.returns.request_return(**call)
        self.assertEqual(first["id"], second["id"])
        self.assertEqual(len(order.oms_return_ids), 1)

    def test_what_is_wrong_is_said_and_nothing_is_kept(self):
        order = self.delivered({self.thing: 1})
        for lines, said in (
            ([{"sku": "NOPE"}], "has no product 'NOPE'"),
            ([{"sku": "THING", "quantity": -1}], "How many"),
            ([{"sku": "THING", "quantity": float("nan")}], "How many"),
            ([{"sku": "THING", "quantity": True}], "How many"),
            ([{"sku": "THING", "reason": "bored"}], "no return reason 'bored'"),
            ([{"sku": "THING", "outcome": "party"}], "no outcome 'party'"),
            ([{"sku": "THING", "colour": "red"}], "no field 'colour'"),
            ([], "Choose what"),
            ("THING", "list of objects"),
            ([{"line": [order.order_line.id]}], "no line of order"),
            ([{"sku": "THING", "reason": ["too_small"]}], "no return reason"),
            ([{"sku": "THING", "outcome": {"refund": 1}}], "no outcome"),
        ):
            with self.assertRaisesRegex(UserError, said):
                self.returns.request_return(order=order.name, lines=lines)
        with self.assertRaisesRegex(UserError, "no way back"):
            self.returns.request_return(order=order.name, lines=[{"sku": "THING"}], way=["label"])
        with self.assertRaisesRegex(UserError, "no order 'S0'"):
            self.returns.request_return(order="S0", lines=[{"sku": "THING"}])
        self.assertFalse(order.oms_return_ids)

    def test_who_may_not_create_returns_may_not_by_rpc_either(self):
        order = self.delivered({self.thing: 1})
        reader = new_test_user(
            self.env,
            "reader",
            "oms_extension.group_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.returns.with_user(reader).request_return(
                order=order.name, lines=[{"sku": "THING"}]
            )
        portal = new_test_user(self.env, "customer1", "base.group_portal")
        with self.assertRaises(AccessError):
            self.returns.with_user(portal).request_return(
                order=order.name, lines=[{"sku": "THING"}]
            )
