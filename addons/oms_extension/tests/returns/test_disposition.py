from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_table import TableCase


@tagged("post_install", "-at_install")
class TestDisposition(TableCase):
    """Units go where the rules or a person want them, with their lot."""

    def unit(self, one, **values):
        answer = self.take(one, **values)
        return self.env["oms.return.inspection"].browse(answer["unit"]["id"])

    def test_the_first_rule_that_fits_decides(self):
        self.thing.standard_price = 40.0
        one = self.approved(quantity=4, sold=4, reason="defective")
        expected = {"a": ("restock", 40), "b": ("refurbish", 34), "c": ("vendor", 32),
                    "d": ("vendor", 32)}  # fmt: skip
        for condition, (disposition, value) in expected.items():
            unit = self.unit(one, condition=condition)
            self.assertEqual((unit.disposition, unit.value_recovered), (disposition, value))
            self.assertEqual(unit.disposition_text, unit.rule_id.name)

    def test_the_table_suggests_what_is_done_then(self):
        one = self.approved(reason="unwanted")
        said = {"line": one.line_ids.id, "condition": "c", "quantity": 1}
        suggested = self.table.table_suggest(one.id, said)
        self.assertEqual(suggested["disposition"], self.unit(one, condition="c").disposition)

    def test_the_cause_found_counts_before_the_customer_s_words(self):
        one = self.approved(reason="unwanted")
        cause = self.env["oms.return.reason"].search(
            [("fault", "=", "carrier"), ("parent_id", "!=", False)], limit=1
        )
        unit = self.unit(one, condition="d", cause=cause.id)
        self.assertEqual(unit.disposition, "quarantine")
        self.assertEqual(one.line_ids.cause_id, cause)

    def test_without_rules_units_wait_for_a_person(self):
        self.env["oms.return.disposition.rule"].search([]).active = False
        self.assertEqual(self.unit(self.approved()).disposition, "quarantine")

    def test_a_person_chooses_otherwise(self):
        unit = self.unit(self.approved(), condition="a", disposition="scrap")
        self.assertEqual((unit.disposition, unit.value_recovered), ("scrap", 0))
        self.assertEqual(unit.last_move_ids.location_dest_id.usage, "inventory")
        self.assertTrue(unit.last_move_ids.scrap_id)

    def test_a_disposition_is_changed_afterwards_and_the_unit_moves_again(self):
        one = self.approved()
        unit = self.unit(one)
        warehouse = self.warehouses["IT"]
        home = self.units_at(self.shelf)
        for disposition, place in (
            ("refurbish", lambda: warehouse.oms_refurbish_location_id),
            ("scrap", lambda: unit.last_move_ids.location_dest_id),
            ("vendor", lambda: warehouse.oms_vendor_location_id),
            ("quarantine", lambda: warehouse.oms_quarantine_location_id),
            ("send_back", lambda: warehouse.oms_quarantine_location_id),
            ("restock", lambda: self.shelf),
        ):
            unit.with_user(self.picker).disposition = disposition
            self.assertEqual(unit.disposition, disposition)
            self.assertEqual(
                self.units_at(place()), home if disposition == "restock" else 1, disposition
            )
        self.assertEqual(unit.value_recovered, 10.0)

    def test_what_was_sold_since_is_not_moved(self):
        one = self.approved()
        unit = self.unit(one)
        self.env["stock.quant"]._update_available_quantity(
            self.thing, self.shelf, -self.units_at(self.shelf)
        )
        with self.assertRaisesRegex(UserError, "not free in"):
            unit.disposition = "scrap"

    def test_what_goes_back_to_the_customer_is_not_credited(self):
        one = self.approved(quantity=1, sold=2)
        unit = self.unit(one, condition="d", disposition="send_back")
        self.assertEqual(one.line_ids.accepted_qty, 0)
        self.assertEqual(one.order_id.order_line.qty_delivered, 1)
        picking = unit.last_move_ids.picking_id
        self.assertEqual(picking.picking_type_code, "outgoing")
        self.assertEqual(picking.state, "assigned")
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(one.order_id.order_line.qty_delivered, 2)
        with self.assertRaisesRegex(UserError, "sent back"):
            unit.disposition = "restock"

    def test_a_serial_number_and_an_owner_stay_with_the_unit(self):
        phone = self.product("Phone", tracking="serial")
        owner = self.env["res.partner"].create({"name": "Consignor"})
        lot = self.env["stock.lot"].create({"name": "S-1", "product_id": phone.id})
        self.env["stock.quant"]._update_available_quantity(
            phone, self.shelf, 1, lot_id=lot, owner_id=owner
        )
        one = self.approved(quantity=1, sold=1, product=phone)
        self.take(one, lot="S-1")
        quant = self.env["stock.quant"]._gather(phone, self.shelf)
        quant = quant.filtered("quantity")
        self.assertEqual((quant.lot_id, quant.owner_id), (lot, owner))

    def test_put_away_rules_are_followed(self):
        shelf = self.env["stock.location"].create(
            {"name": "A1", "location_id": self.shelf.id, "usage": "internal"}
        )
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.thing.id,
                "location_in_id": self.shelf.id,
                "location_out_id": shelf.id,
            }
        )
        self.take(self.approved())
        self.assertEqual(self.units_at(shelf), 1)

    def test_rows_are_made_at_the_table_only_and_counts_stand(self):
        one = self.approved()
        unit = self.unit(one).with_user(self.picker)
        with self.assertRaises(UserError):
            unit.quantity = 5
        with self.assertRaises(UserError):
            unit.create({"return_id": one.id, "product_id": self.thing.id})
        with self.assertRaises(UserError):
            self.env["oms.return.inspection"].browse(unit.id).unlink()

    def test_a_rule_that_no_unit_fits_is_refused(self):
        rules = self.env["oms.return.disposition.rule"]
        for values in (
            {"best": "c", "worst": "b"},
            {"share": 120},
            {"min_value": 9, "max_value": 3},
        ):
            with self.assertRaises(ValidationError):
                rules.create({"name": "x", "disposition": "scrap"} | values)
