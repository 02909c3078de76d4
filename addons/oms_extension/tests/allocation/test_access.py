from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestAccess(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT")
        cls.order_in_force = cls.order({cls.product(stock={"IT": 5}): 1})

    def user(self, group, company=None):
        company = company or self.company
        return new_test_user(
            self.env,
            f"oms_{group}_{company.id}",
            f"oms_extension.{group}",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def test_readers_read_and_change_nothing(self):
        reader = self.user("group_readonly")
        allocation = self.order_in_force.oms_allocation_id.with_user(reader)
        self.assertEqual(allocation.parcel_count, 1)
        for record in (allocation, self.policy.with_user(reader)):
            with self.assertRaises(AccessError):
                record.write({"active": False} if "active" in record._fields else {"reason": "x"})

    def test_users_do_not_edit_the_network(self):
        user = self.user("group_user")
        with self.assertRaises(AccessError):
            self.policy.with_user(user).name = "Mine"
        with self.assertRaises(AccessError):
            self.env["oms.zone"].with_user(user).create({"name": "Mine"})

    def test_managers_do(self):
        manager = self.user("group_manager")
        self.policy.with_user(manager).name = "Ours"
        self.assertEqual(self.policy.name, "Ours")

    def test_nobody_forges_an_allocation(self):
        manager = self.user("group_manager")
        with self.assertRaises(AccessError):
            self.order_in_force.oms_allocation_id.with_user(manager).write({"total": 0})
        with self.assertRaises(AccessError):
            self.env["oms.policy.version"].with_user(manager).create(
                {"policy_id": self.policy.id, "number": 9, "user_id": manager.id}
            )

    def test_another_company_sees_nothing_of_ours(self):
        other = self.env["res.company"].create({"name": "Other Shop"})
        manager = self.user("group_manager", other)
        env = self.env(user=manager, context={"allowed_company_ids": other.ids})
        ours = ("company_id", "=", self.company.id)
        for model in (
            "oms.allocation",
            "oms.allocation.parcel",
            "oms.allocation.line",
            "oms.policy",
            "oms.exception",
        ):
            self.assertFalse(env[model].search([ours]), model)
        with self.assertRaises(AccessError):
            _total = env["oms.allocation"].browse(self.order_in_force.oms_allocation_id.id).total

    def test_the_ledger_is_nobody_s_to_touch(self):
        manager = self.user("group_manager")
        with self.assertRaises(AccessError):
            self.env["oms.stock.ledger"].with_user(manager).search([])
