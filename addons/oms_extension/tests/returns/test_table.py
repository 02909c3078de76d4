import base64
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReturnsCase

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


class TableCase(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.picker = new_test_user(
            cls.env,
            login="table",
            groups="stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.thing.barcode = "4006381333931"
        cls.thing.standard_price = 10.0
        cls.table = cls.env["oms.return"].with_user(cls.picker)

    @classmethod
    def approved(cls, quantity=2, sold=3, product=None, **more):
        order = cls.delivered({product or cls.thing: sold})
        one = cls.ask(order, quantity, **more)
        if one.state == "requested":
            one.action_approve()
        return one

    @classmethod
    def take(cls, one, key=None, **values):
        said = {"line": one.line_ids[:1].id, "condition": "a", "quantity": 1} | values
        return cls.table.table_take(one.id, said, key or uuid4().hex)

    def serials(self, product, *names):
        lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in names]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(
                product, self.warehouses["IT"].lot_stock_id, 1, lot_id=lot
            )
        return lots

    def units_at(self, place, product=None):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", (product or self.thing).id), ("location_id", "=", place.id)]
        )
        return sum(quants.mapped("quantity"))

    @property
    def shelf(self):
        return self.warehouses["IT"].lot_stock_id


@tagged("post_install", "-at_install")
class TestFind(TableCase):
    """Whatever is on the parcel leads to the return."""

    def test_slip_parcel_order_and_transfer_lead_to_the_return(self):
        one = self.approved()
        one.tracking_ref = "1Z12345E1505270452"
        codes = (
            one.name, one.name.lower(), "1Z 12345E1505270452", one.order_id.name,
            one.picking_ids.name, f"https://shop/return/{one.access_token}",
        )  # fmt: skip
        for code in codes:
            found = self.table.table_find(code)
            self.assertEqual((found["kind"], found["return"]["id"]), ("return", one.id), code)

    def test_of_several_returns_one_chooses(self):
        order = self.delivered({self.thing: 3})
        for _count in range(2):
            one = self.ask(order)
            if one.state == "requested":
                one.action_approve()
        found = self.table.table_find(order.name)
        self.assertEqual((found["kind"], len(found["returns"])), ("choices", 2))

    def test_a_serial_number_leads_to_its_order(self):
        phone = self.product("Phone", tracking="serial")
        self.serials(phone, "S-1", "S-2")
        order = self.delivered({phone: 2})
        found = self.table.table_find("S-1")
        self.assertEqual((found["kind"], found["order"]["id"]), ("order", order.id))

    def test_nothing_is_found_for_nothing(self):
        for code in ("", "%", "NOPE", None):
            self.assertEqual(self.table.table_find(code)["kind"], "none")

    def test_the_product_of_another_order_is_another_product(self):
        one = self.approved()
        other = self.product("Other", barcode="5901234123457")
        self.assertEqual(self.table.table_scan(one.id, self.thing.barcode)["line"], one.line_ids.id)
        scanned = self.table.table_scan(one.id, other.barcode)
        self.assertEqual((scanned["line"], scanned["problem"]), (False, "wrong_item"))
        self.assertEqual(self.table.table_scan(one.id, "???"), {"unknown": "???"})

    def test_another_company_s_returns_are_not_found(self):
        one = self.approved()
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="stock.group_stock_user",
            company_id=self.env.ref("base.main_company").id,
            company_ids=[(6, 0, self.env.ref("base.main_company").ids)],
        )
        table = self.env["oms.return"].with_user(stranger).with_context(allowed_company_ids=None)
        self.assertEqual(table.table_find(one.name)["kind"], "none")
        self.assertEqual(table.table_find(one.order_id.name)["kind"], "none")
        with self.assertRaises(UserError):
            table.table_take(one.id, {"line": one.line_ids.id, "condition": "a"}, "k")

    def test_who_does_not_work_there_may_not_use_it(self):
        one = self.approved()
        nobody = new_test_user(self.env, login="nobody", groups="base.group_user")
        table = self.env["oms.return"].with_user(nobody)
        for call in (
            lambda: table.table_find(one.name),
            lambda: table.table_take(one.id, {"line": one.line_ids.id, "condition": "a"}, "k"),
            lambda: table.table_undo(one.id, 1),
            lambda: table.table_orders("S0"),
            lambda: table.table_unannounced(one.order_id.id, {}, "k"),
        ):
            with self.assertRaises(AccessError):
                call()


@tagged("post_install", "-at_install")
class TestTake(TableCase):
    """One submission: received, graded, put away, all or nothing, and once."""

    def test_a_unit_as_new_goes_back_on_the_shelf(self):
        one = self.approved()
        before = self.units_at(self.shelf)
        answer = self.take(one)
        self.assertEqual(answer["unit"]["disposition"], "restock")
        self.assertEqual(self.units_at(self.shelf), before + 1)
        self.assertEqual(answer["return"]["lines"][0]["left"], 1)
        unit = one.inspection_ids
        self.assertEqual((unit.user_id, unit.value_recovered), (self.picker, 10.0))
        self.assertEqual(one.receipt_state, "partial")

    def test_a_repeated_submission_changes_nothing(self):
        one = self.approved()
        first = self.take(one, key="k1")
        again = self.take(one, key="k1")
        self.assertEqual(first, again)
        self.assertEqual(one.line_ids.received_qty, 1)

    def test_what_is_over_is_kept_apart_and_told(self):
        one = self.approved(quantity=1)
        answer = self.take(one, quantity=3)
        self.assertEqual(answer["unit"]["quantity"], 1)
        self.assertEqual(answer["also"]["quantity"], 2)
        place = self.warehouses["IT"].oms_quarantine_location_id
        quant = self.env["stock.quant"]._gather(self.thing, place)
        self.assertEqual((quant.quantity, quant.owner_id), (2, one.partner_id))
        told = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertEqual((told.kind, told.owner), ("returned_goods", "service"))
        self.assertEqual(one.line_ids.received_qty, 1)
        self.assertEqual(one.order_id.order_line.qty_delivered, 2)

    def test_another_product_is_kept_apart_and_the_announced_one_stays_awaited(self):
        one = self.approved()
        other = self.product("Other", barcode="5901234123457")
        self.take(one, line=False, product=other.id, problem="wrong_item")
        place = self.warehouses["IT"].oms_quarantine_location_id
        self.assertEqual(self.units_at(place, other), 1)
        self.assertEqual(one.receipt_state, "awaited")

    def test_what_is_no_product_of_ours_is_written_down(self):
        one = self.approved()
        with self.assertRaisesRegex(UserError, "Say in the note"):
            self.take(one, line=False, problem="wrong_item")
        self.take(one, line=False, problem="wrong_item", note="A brick")
        self.assertEqual(one.inspection_ids.note, "A brick")
        self.assertFalse(one.inspection_ids.move_ids)

    def test_another_serial_number_is_kept_apart(self):
        phone = self.product("Phone", tracking="serial")
        lots = self.serials(phone, "S-1", "S-2", "S-9")
        one = self.approved(quantity=1, sold=2, product=phone)
        sent = one.order_id.order_line._oms_delivered_lots()
        with self.assertRaisesRegex(UserError, "Scan the serial"):
            self.take(one)
        kept = (lots - sent)[:1]
        answer = self.take(one, lot=kept.name)
        self.assertEqual(answer["unit"]["problem"], "Another Serial Number")
        self.assertFalse(one.inspection_ids.move_ids, "the books have it on the shelf")
        self.take(one, lot="UNKNOWN")
        place = self.warehouses["IT"].oms_quarantine_location_id
        self.assertEqual(self.units_at(place, phone), 1)
        self.take(one, lot=sent[0].name)
        self.assertEqual(one.line_ids.received_qty, 1)
        self.assertIn(sent[0], self.env["stock.quant"]._gather(phone, self.shelf).lot_id)

    def test_what_is_missing_is_told_and_stays_awaited(self):
        one = self.approved()
        self.take(one, problem="missing")
        self.assertEqual(one.line_ids._units_awaited(), 2)
        self.assertTrue(self.env["oms.exception"].search([("return_id", "=", one.id)]))

    def test_a_photo_is_kept_and_nothing_else(self):
        one = self.approved()
        self.take(one, photos=[PIXEL])
        self.assertEqual(one.inspection_ids.photo_ids.mimetype, "image/png")
        svg = base64.b64encode(b"<svg onload='x()'/>").decode()
        for photos in ([svg], ["x"], "text", [PIXEL] * 7):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.take(one, photos=photos)
        self.assertEqual(one.line_ids.received_qty, 1)

    def test_nonsense_is_refused_and_leaves_nothing(self):
        one = self.approved()
        other = self.approved()
        for values in (
            {"quantity": 0}, {"quantity": -1}, {"quantity": True}, {"quantity": "2"},
            {"quantity": float("nan")}, {"condition": "e"}, {"condition": False},
            {"disposition": "sell"}, {"problem": "x"}, {"line": other.line_ids.id},
        ):  # fmt: skip
            with self.assertRaises(UserError, msg=str(values)), self.env.cr.savepoint():
                self.take(one, **values)
        self.assertFalse(one.inspection_ids)

    def test_goods_that_came_in_by_a_plain_transfer_are_graded_without_a_second_receipt(self):
        one = self.approved()
        one._receive({one.line_ids: 2})
        self.take(one, quantity=2, condition="b")
        self.assertEqual(one.line_ids.received_qty, 2)
        self.assertEqual(self.units_at(self.warehouses["IT"].oms_refurbish_location_id), 2)
        self.assertEqual(self.units_at(self.warehouses["IT"].oms_return_location_id), 0)

    def test_goods_come_before_the_request_is_approved(self):
        order = self.delivered({self.thing: 2})
        one = self.ask(order, 1)
        one.write({"state": "requested"})
        one._stop_awaiting()
        self.take(one)
        self.assertEqual((one.state, one.line_ids.received_qty), ("requested", 1))
        one.action_approve()
        self.assertEqual(one.receipt_state, "received")

    def test_goods_that_come_late_reopen_the_return(self):
        one = self.approved(quantity=2)
        self.take(one)
        one.action_close()
        one.state = "done"
        self.take(one)
        self.assertEqual(one.line_ids.received_qty, 2)

    def test_goods_of_a_cancelled_return_reopen_it_for_a_person_to_decide(self):
        one = self.approved(quantity=2)
        one.action_cancel()
        self.take(one, quantity=2)
        self.assertEqual((one.state, one.line_ids.received_qty), ("requested", 2))

    def test_goods_are_received_where_they_come(self):
        self.network("FR")
        one = self.approved(quantity=2)
        self.take(one, warehouse=self.warehouses["FR"].id)
        self.assertEqual(one.warehouse_id, self.warehouses["FR"])
        self.assertEqual(self.units_at(self.warehouses["FR"].lot_stock_id), 1)


@tagged("post_install", "-at_install")
class TestUndo(TableCase):
    """A mistake is taken back as if it had not happened, and stays on record."""

    def test_the_last_unit_is_taken_back(self):
        one = self.approved()
        before = self.units_at(self.shelf)
        self.take(one)
        for condition in "abcd":
            answer = self.take(one, condition=condition)
            shown = self.table.table_undo(one.id, answer["unit"]["id"])
            self.assertEqual(shown["lines"][0]["left"], 1)
            self.assertEqual(one.line_ids.received_qty, 1)
            self.assertEqual(one.line_ids._units_awaited(), 1)
            self.assertEqual(self.units_at(self.shelf), before + 1)
        self.assertEqual(one.order_id.order_line.qty_delivered, 2)
        gone = one.with_context(active_test=False).inspection_ids
        self.assertEqual(len(gone), 5)
        self.assertEqual(
            self.table.table_undo(one.id, gone.sorted("id")[-1:].id)["lines"][0]["left"], 1
        )

    def test_only_the_last_one(self):
        one = self.approved()
        first = self.take(one)["unit"]["id"]
        self.take(one)
        with self.assertRaisesRegex(UserError, "Only the last"):
            self.table.table_undo(one.id, first)

    def test_what_was_over_goes_back_with_its_exception(self):
        one = self.approved(quantity=1)
        answer = self.take(one, quantity=2)
        self.table.table_undo(one.id, answer["also"]["id"])
        told = self.env["oms.exception"].search([("return_id", "=", one.id)])
        self.assertEqual(told.state, "closed")
        self.assertEqual(self.units_at(self.warehouses["IT"].oms_quarantine_location_id), 0)


@tagged("post_install", "-at_install")
class TestUnannounced(TableCase):
    """A parcel that nobody announced: its order, what is in it, and it is a return."""

    def test_it_becomes_a_return_once(self):
        order = self.delivered({self.thing: 3})
        found = self.table.table_orders(order.name)
        self.assertEqual([one["id"] for one in found], order.ids)
        shown = self.table.table_order(order.id)
        self.assertEqual([line["most"] for line in shown["lines"]], [3])
        line = str(order.order_line.id)
        made = self.table.table_unannounced(order.id, {line: 2}, "k")
        again = self.table.table_unannounced(order.id, {line: 2}, "k")
        self.assertEqual(made["id"], again["id"])
        one = order.oms_return_ids
        self.assertEqual((one.origin, one.units), ("transfer", 2))
        self.take(one, quantity=2)
        self.assertEqual(one.line_ids.received_qty, 2)

    def test_more_than_the_customer_has_is_refused(self):
        order = self.delivered({self.thing: 1})
        with self.assertRaises(UserError):
            self.table.table_unannounced(order.id, {str(order.order_line.id): 2}, "k")
        self.assertFalse(order.oms_return_ids)


@tagged("post_install", "-at_install")
class TestKits(TableCase):
    """Of a kit the components come in, stand and move; the kit is what is counted."""

    def test_a_kit_is_received_graded_moved_and_taken_back(self):
        if "mrp.bom" not in self.env:
            self.skipTest("sale_mrp is not installed")
        part = self.product("Part", stock={"IT": 40})
        kit = self.product("Kit", is_storable=False, standard_price=10.0)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [(0, 0, {"product_id": part.id, "product_qty": 2})],
            }
        )
        one = self.approved(quantity=2, sold=3, product=kit)
        self.assertEqual(one.picking_ids.move_ids.product_qty, 4)
        before = self.units_at(self.shelf, part)
        self.take(one)
        self.assertEqual(one.line_ids.received_qty, 1)
        self.assertEqual(self.units_at(self.shelf, part), before + 2)
        answer = self.take(one, condition="b")
        self.assertEqual(one.line_ids.received_qty, 2)
        place = self.warehouses["IT"].oms_refurbish_location_id
        self.assertEqual(self.units_at(place, part), 2)
        self.table.table_undo(one.id, answer["unit"]["id"])
        self.assertEqual(one.line_ids.received_qty, 1)
        self.assertEqual(one.line_ids._units_awaited(), 1)
        self.assertEqual(self.units_at(place, part), 0)
