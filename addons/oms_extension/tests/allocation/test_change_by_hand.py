from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import OmsCase


@tagged("post_install", "-at_install")
class TestChangeByHand(OmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.network("IT", "DE", "FR")
        cls.lamp = cls.product("Lamp", stock={"IT": 5, "DE": 5, "FR": 2})
        cls.env.user.group_ids |= cls.env.ref("oms_extension.group_user")

    # --- the board in words -----------------------------------------------------------------------

    def change(self, order, reason="The customer asked for it", redecide=False):
        action = order.action_oms_change_by_hand()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = reason
        if not form.is_quotation:
            form.redecide = redecide
        return form

    def put(self, form, product, locked=True, **units):
        """Set the quantities of a product's line by country; what is not named stays."""
        row = next(one for one in form.board["rows"] if one["product"] == product.display_name)
        wanted = {self.warehouses[country].id: count for country, count in units.items()}
        cells = []
        for one in form.board["rows"]:
            for cell in one["cells"]:
                mine = one is row and cell["warehouse"] in wanted
                cells.append(
                    {
                        "line": one["line"],
                        "warehouse": cell["warehouse"],
                        "quantity": wanted[cell["warehouse"]] if mine else cell["quantity"],
                        "locked": locked if mine else cell["locked"],
                    }
                )
        form.cells = cells

    def cells(self, form):
        """What the board shows: dict (product, country) → (units, locked)."""
        countries = {warehouse.id: code for code, warehouse in self.warehouses.items()}
        return {
            (row["product"], countries[cell["warehouse"]]): (cell["quantity"], cell["locked"])
            for row in form.board["rows"]
            for cell in row["cells"]
            if cell["quantity"]
        }

    # --- a confirmed order ------------------------------------------------------------------------

    def test_moving_units_of_a_confirmed_order_moves_its_transfers(self):
        order = self.order({self.lamp: 3}, country="IT")
        self.assertEqual(self.shipping(order), {"IT": 3})
        form = self.change(order)
        self.assertEqual(self.cells(form), {("Lamp", "IT"): (3, False)})
        self.put(form, self.lamp, IT=1, DE=2)
        self.assertFalse(form.board["problems"])
        extra = form.board["after"]["cost"] - form.board["before"]["cost"]
        self.assertGreater(extra, 0)
        self.assertTrue(form.can_apply)
        form.save().action_apply()
        self.assertEqual(self.shipping(order), {"IT": 1, "DE": 2})
        self.assertEqual(self.reserved(self.lamp), 3)
        allocation = order.oms_allocation_id
        self.assertEqual(allocation.trigger, "manual")
        self.assertEqual(allocation.reason, "The customer asked for it")
        self.assertEqual(allocation.user_id, self.env.user)
        self.assertAlmostEqual(allocation.gain, -extra, 4)
        self.assertTrue(all(allocation.line_ids.mapped("locked")))
        self.assertFalse(self.receipts(order))

    def test_locked_units_stay_when_the_order_is_allocated_again(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=0, DE=3)
        form.save().action_apply()
        order.oms_allocate()
        self.assertEqual(self.shipping(order), {"DE": 3})
        self.assertTrue(order.oms_allocation_id.line_ids.locked)

    def test_unlocking_alone_lets_the_policy_have_its_way_again(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=0, DE=3)
        form.save().action_apply()
        form = self.change(order, reason="No longer needed")
        self.assertEqual(self.cells(form), {("Lamp", "DE"): (3, True)})
        self.put(form, self.lamp, locked=False, DE=3)
        self.assertTrue(form.can_apply)
        form.save().action_apply()
        self.assertEqual(self.shipping(order), {"DE": 3})
        self.assertFalse(any(order.oms_allocation_id.line_ids.mapped("locked")))
        order.oms_allocate()
        self.assertEqual(self.shipping(order), {"IT": 3})

    def test_units_that_are_not_locked_can_be_decided_again(self):
        order = self.order({self.lamp: 4}, country="IT")
        chair = self.product("Chair", weight=8.0, stock={"DE": 1})
        order.order_line = [Command.create({"product_id": chair.id, "product_uom_qty": 1})]
        self.assertEqual(self.shipping(order), {"IT": 4, "DE": 1})
        form = self.change(order, redecide=True)
        self.put(form, self.lamp, IT=0, DE=2)
        # Two parcels are not worth it any more: the rest of the lamps joins those in Leipzig.
        self.assertEqual(self.cells(form)["Lamp", "DE"], (4, True))
        form.save().action_apply()
        self.assertEqual(self.shipping(order), {"DE": 5})

    def test_units_without_a_place_wait_and_an_exception_says_so(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=2)
        self.assertEqual(form.board["rows"][0]["waiting"], 1)
        self.assertEqual(form.board["after"]["missing"], 1)
        form.save().action_apply()
        self.assertEqual(order.oms_missing, 1)
        self.assertEqual(self.reserved(self.lamp), 2)
        with self.enter_registry_test_mode():
            self.env.ref("oms_extension.cron_release_held").method_direct_trigger()
        self.env["oms.exception"]._cron_recheck()
        self.assertEqual(order.oms_exception_ids.state, "open")

    def test_what_waits_by_hand_goes_when_the_order_is_allocated_again(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=2)
        form.save().action_apply()
        order.picking_ids.move_ids.picked = True
        Form.from_action(self.env, order.picking_ids.button_validate()).save().process()
        self.assertEqual(order.order_line.qty_delivered, 2)
        order.picking_ids.action_assign()
        self.assertEqual(self.reserved(self.lamp), 0)
        order.oms_allocate()
        self.assertEqual(self.reserved(self.lamp), 1)
        self.assertFalse(self.env["oms.audit"].run_audit())

    def test_nothing_is_kept_where_nothing_was_changed(self):
        order = self.order({self.lamp: 3}, country="IT")
        before = order.oms_allocation_id
        form = self.change(order)
        self.assertFalse(form.can_apply)
        form.save().action_apply()
        self.assertEqual(order.oms_allocation_id, before)

    # --- what is impossible -----------------------------------------------------------------------

    def assertRefused(self, form, words):
        self.assertIn(words, " ".join(form.board["problems"]))
        self.assertFalse(form.board["after"])
        self.assertFalse(form.can_apply)
        with self.assertRaisesRegex(UserError, words):
            form.save().action_apply()

    def test_more_than_ordered_is_refused(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, DE=1)
        self.assertRefused(form, "1 more than ordered")

    def test_more_than_available_is_refused(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=0, FR=3)
        self.assertRefused(form, "Lyon can ship 2 × Lamp, not 3")

    def test_two_lines_cannot_have_the_same_units(self):
        order = self.order(
            [
                {"product_id": self.lamp.id, "product_uom_qty": 2},
                {"product_id": self.lamp.id, "product_uom_qty": 1},
            ],
            country="IT",
        )
        form = self.change(order)
        form.cells = [
            {
                "line": row["line"],
                "warehouse": self.warehouses["FR"].id,
                "quantity": row["ordered"],
                "locked": True,
            }
            for row in form.board["rows"]
        ]
        self.assertRefused(form, "Lyon")

    def test_units_that_a_warehouse_has_begun_stay(self):
        order = self.order({self.lamp: 3}, country="IT")
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        order.picking_ids._action_done()
        form = self.change(order)
        row = form.board["rows"][0]
        milano = next(one for one in row["cells"] if one["quantity"])
        self.assertEqual((milano["quantity"], milano["begun"]), (3, 2))
        self.put(form, self.lamp, IT=1, DE=2)
        self.assertRefused(form, "begun or shipped 2 × Lamp")
        form = self.change(order)
        self.put(form, self.lamp, IT=2, DE=1)
        form.save().action_apply()
        self.assertEqual(self.shipping(order), {"IT": 2, "DE": 1})

    def test_a_warehouse_that_the_policy_rules_out_can_be_chosen_with_a_warning(self):
        self.warehouses["FR"].oms_online = False
        order = self.order({self.lamp: 2}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=0, FR=2)
        self.assertFalse(form.board["problems"])
        self.assertIn("Lyon: Accepts no online orders.", form.board["warnings"][0])
        form.save().action_apply()
        self.assertEqual(self.shipping(order), {"FR": 2})

    def test_no_lane_is_refused(self):
        self.policy.use_rate_curve = False
        zone = self.env["oms.zone"].create(
            {"name": "Italy", "country_ids": self.env.ref("base.it").ids}
        )
        self.env["oms.lane"].create(
            {"warehouse_id": self.warehouses["IT"].id, "zone_id": zone.id, "base_cost": 5}
        )
        order = self.order({self.lamp: 2}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=0, DE=2)
        self.assertRefused(form, "No lane leads to this address")

    def test_a_reason_is_required(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=0, DE=3)
        change = form.save()
        change.reason = "  "
        with self.assertRaisesRegex(UserError, "Say why"):
            change.action_apply()

    def test_a_locked_or_cancelled_order_is_refused(self):
        order = self.order({self.lamp: 3}, country="IT")
        order.locked = True
        with self.assertRaisesRegex(UserError, "Unlock it"):
            order.action_oms_change_by_hand()
        order.locked = False
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            order.action_oms_change_by_hand()

    def test_read_only_users_cannot_change(self):
        order = self.order({self.lamp: 3}, country="IT")
        reader = self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "oms_reader",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("oms_extension.group_readonly").id,
                            self.env.ref("sales_team.group_sale_salesman_all_leads").id,
                        ]
                    )
                ],
            }
        )
        with self.assertRaises(AccessError):
            self.env["oms.allocation.change"].with_user(reader).create({"order_id": order.id})

    def test_a_user_without_stock_rights_can_put_a_change_in_force(self):
        order = self.order({self.lamp: 3}, country="IT")
        form = self.change(order)
        self.put(form, self.lamp, IT=1, DE=2)
        planner = self.env["res.users"].create(
            {
                "name": "Planner",
                "login": "oms_planner",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(
                        [
                            self.env.ref("oms_extension.group_user").id,
                            self.env.ref("sales_team.group_sale_salesman_all_leads").id,
                        ]
                    )
                ],
            }
        )
        change = form.save()
        mine = self.env["oms.allocation.change"].with_user(planner)
        mine.create(
            {"order_id": order.id, "cells": change.cells, "reason": "Faster"}
        ).action_apply()
        self.assertEqual(self.shipping(order), {"IT": 1, "DE": 2})
        self.assertEqual(order.oms_allocation_id.user_id, planner)

    # --- a quotation ------------------------------------------------------------------------------

    def test_what_is_locked_on_a_quotation_is_respected_by_its_confirmation(self):
        order = self.order({self.lamp: 3}, country="IT", confirm=False)
        form = self.change(order)
        self.put(form, self.lamp, DE=2)
        self.assertEqual(self.cells(form)["Lamp", "DE"][1], True)
        form.save().action_apply()
        self.assertEqual(order.state, "draft")
        proposed = order.oms_allocation_ids
        self.assertEqual(proposed.mapped("state"), ["proposed"])
        order.invalidate_recordset()
        self.assertEqual(order.oms_allocation_view["by"]["reason"], "The customer asked for it")
        shown = {
            (parcel["warehouse"], item["locked"])
            for parcel in order.oms_allocation_view["parcels"]
            for item in parcel["contents"]
        }
        self.assertIn(("Leipzig", True), shown)
        order.action_confirm()
        self.assertGreaterEqual(self.shipping(order).get("DE", 0), 2)
        self.assertEqual(proposed.state, "superseded")

    def test_the_rest_of_a_quotation_is_always_decided_by_the_policy(self):
        order = self.order({self.lamp: 5}, country="IT", confirm=False)
        form = self.change(order)
        self.put(form, self.lamp, IT=0, FR=1)
        units = {country: count for (_name, country), (count, _lock) in self.cells(form).items()}
        self.assertEqual(sum(units.values()), 5)
        self.assertGreaterEqual(units["FR"], 1)

    def test_orders_allocated_by_hand_are_found(self):
        by_hand = self.order({self.lamp: 2}, country="IT", confirm=False)
        form = self.change(by_hand)
        self.put(form, self.lamp, IT=0, DE=2)
        form.save().action_apply()
        plain = self.order({self.lamp: 1}, country="IT")
        arch = self.env["sale.order"].get_view(
            self.env.ref("sale.sale_order_view_search_inherit_sale").id, "search"
        )["arch"]
        self.assertIn("oms_by_hand", arch)
        found = self.env["sale.order"].search(
            [
                ("id", "in", (by_hand | plain).ids),
                "|",
                ("oms_allocation_id.trigger", "=", "manual"),
                (
                    "oms_allocation_ids",
                    "any",
                    [("state", "in", ("proposed", "committed")), ("line_ids.locked", "=", True)],
                ),
            ]
        )
        self.assertEqual(found, by_hand)
