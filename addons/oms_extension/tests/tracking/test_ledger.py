from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Datetime

from .score_case import ScoreCase

CAUSES = ["sales", "payment", "stock", "warehouse", "first_scan", "carrier", "customs", "recipient"]


class TestLedger(ScoreCase):
    """Whose fault it is that a parcel is late, as it is stored and shown."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A Monday, far enough in the past for whole weeks to fit.
        today = Datetime.today()
        cls.monday = today - timedelta(days=today.weekday() + 28)

    def at(self, day, hour=0):
        return self.monday + timedelta(days=day, hours=hour)

    def parcel(self, **values):
        """Ordered on Monday at ten, promised for Wednesday evening, sent and scanned in time."""
        return self.shipment(
            **{
                "warehouse_id": self.warehouses["IT"].id,
                "ordered_at": self.at(0, 10),
                "shipped_at": self.at(0, 13),
                "promised_at": self.at(2, 18),
            }
            | values
        )

    def tell(self, *told):
        """What the carrier says: (state, day, hour)."""
        self.ingest(
            *(self.event(state, f"{self.at(day, hour).isoformat()}Z") for state, day, hour in told)
        )

    def charged(self, shipment):
        shipment._follow()
        charges = {cause: shipment[f"late_{cause}"] for cause in CAUSES}
        self.assertEqual(sum(charges.values()), shipment.late_minutes)
        return {cause: minutes / 60 for cause, minutes in charges.items() if minutes}

    def test_in_time_nobody_is_charged(self):
        parcel = self.parcel()
        self.tell(("in_transit", 0, 20), ("delivered", 2, 12))
        self.assertEqual(self.charged(parcel), {})
        self.assertEqual(parcel.late_ledger["causes"], [])

    def test_the_carrier_is_charged_what_it_took_too_long(self):
        parcel = self.parcel()
        self.tell(("in_transit", 0, 20), ("delivered", 3, 12))
        self.assertEqual(self.charged(parcel), {"carrier": 18})
        told = parcel.late_ledger
        self.assertEqual((told["minutes"], told["open"]), (18 * 60, False))
        self.assertEqual(told["causes"][0]["name"], "Carrier")

    def test_customs_and_recipient_are_charged_apart(self):
        parcel = self.parcel()
        self.tell(
            ("in_transit", 0, 20),
            ("customs", 1, 8),
            ("in_transit", 2, 8),
            ("attempt_failed", 3, 12),
            ("out_for_delivery", 4, 8),
            ("delivered", 4, 10),
        )
        # Two days of work were planned, one went into customs: the carrier caught up in part.
        self.assertEqual(sum(self.charged(parcel).values()), 40)
        self.assertEqual(set(self.charged(parcel)), {"customs", "recipient"})

    def test_while_it_is_open_lateness_grows_and_is_charged(self):
        parcel = self.parcel()
        self.tell(("in_transit", 0, 20))
        hours = (Datetime.now() - parcel.promised_at) / timedelta(hours=1)
        self.assertAlmostEqual(self.charged(parcel)["carrier"], hours, delta=0.1)
        self.assertTrue(parcel.late_ledger["open"])

    def test_the_job_keeps_ledgers_of_open_parcels_up_to_date(self):
        parcel = self.parcel()
        with patch.object(self.registry["ir.cron"], "_commit_progress", return_value=60):
            self.env["oms.shipment"]._cron_late()
        self.assertGreater(parcel.late_first_scan, 20 * 24 * 60)
        self.assertEqual(parcel.late_first_scan, parcel.late_minutes)

    def test_what_was_lost_is_late_until_it_was_given_up(self):
        parcel = self.parcel()
        self.tell(("in_transit", 0, 20), ("lost", 9, 18))
        self.assertEqual(self.charged(parcel), {"carrier": 7 * 24})

    def test_a_promise_that_changes_changes_the_ledger(self):
        parcel = self.parcel()
        self.tell(("in_transit", 0, 20), ("delivered", 3, 12))
        self.assertTrue(self.charged(parcel))
        parcel.promised_at = self.at(3, 18)
        self.assertEqual(self.charged(parcel), {})

    def test_an_order_that_a_shop_sent_late_was_held_by_sales(self):
        order = self.order({self.thing: 1})
        shipment = self.send(order)
        # The shop took it on Monday; it was allocated on Wednesday, and left the same day.
        self.env.cr.execute(
            "UPDATE oms_allocation SET decided_at = %s WHERE order_id = %s",
            [self.at(2, 10), order.id],
        )
        self.env.cr.execute(
            "UPDATE oms_allocation_parcel SET ship_at = %s, deliver_at = %s WHERE order_id = %s",
            [self.at(0, 14), self.at(2, 18), order.id],
        )
        shipment.write(
            {
                "ordered_at": self.at(0, 10),
                "shipped_at": self.at(2, 13),
                "promised_at": self.at(2, 18),
            }
        )
        self.tell(("in_transit", 2, 20), ("delivered", 4, 18))
        self.assertEqual(self.charged(shipment), {"sales": 48})

    def test_payment_in_the_shop_that_came_late_is_charged(self):
        order = self.order({self.thing: 1})
        shipment = self.send(order)
        self.env["oms.payment"].create(
            {
                "order_id": order.id,
                "method": "transfer",
                "amount": 20,
                "state": "paid",
                "paid_at": self.at(1, 10),
            }
        )
        self.env.cr.execute(
            "UPDATE oms_allocation SET decided_at = %s WHERE order_id = %s",
            [self.at(0, 10), order.id],
        )
        self.env.cr.execute(
            "UPDATE oms_allocation_parcel SET ship_at = %s, deliver_at = %s WHERE order_id = %s",
            [self.at(0, 14), self.at(2, 18), order.id],
        )
        shipment.write(
            {
                "ordered_at": self.at(0, 10),
                "shipped_at": self.at(1, 13),
                "promised_at": self.at(2, 18),
            }
        )
        self.tell(("in_transit", 1, 20), ("delivered", 3, 18))
        self.assertEqual(self.charged(shipment), {"payment": 24})

    def test_goods_that_came_later_are_charged_to_the_stock(self):
        order = self.order({self.product("Rare"): 1})
        picking = order.picking_ids
        self.env.cr.execute(
            "UPDATE stock_picking SET create_date = %s WHERE id = %s",
            [self.at(0, 10), picking.id],
        )
        picking.invalidate_recordset(["create_date"])
        self.stock(order.order_line.product_id, IT=1)
        picking.action_assign()
        self.assertTrue(picking.oms_ready_at)
        shipment = self.send(order)
        picking.oms_ready_at = self.at(1, 10)
        self.env.cr.execute(
            "UPDATE oms_allocation SET decided_at = %s WHERE order_id = %s",
            [self.at(0, 10), order.id],
        )
        shipment.write(
            {
                "ordered_at": self.at(0, 10),
                "shipped_at": self.at(1, 13),
                "promised_at": self.at(2, 18),
            }
        )
        self.tell(("in_transit", 1, 20), ("delivered", 3, 18))
        self.assertEqual(self.charged(shipment), {"stock": 24})

    def test_a_transfer_whose_goods_were_there_at_once_waited_for_nothing(self):
        order = self.order({self.thing: 1})
        self.assertFalse(order.picking_ids.oms_ready_at)

    def test_a_closed_day_of_the_warehouse_is_no_delay_of_its_people(self):
        warehouse = self.warehouses["IT"]
        calendar = self.env["resource.calendar"].create(
            {
                "name": "Warehouse",
                "company_id": self.company.id,
                "leave_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Holiday",
                            "date_from": self.at(0),
                            "date_to": self.at(0, 23),
                        },
                    )
                ],
            }
        )
        warehouse.oms_calendar_id = calendar
        parcel = self.parcel(shipped_at=self.at(1, 13))
        self.tell(("in_transit", 1, 20), ("delivered", 3, 18))
        self.assertEqual(self.charged(parcel), {"carrier": 24})
        warehouse.oms_calendar_id = False
        self.assertEqual(self.charged(parcel), {"warehouse": 24})

    def test_the_ledger_can_be_grouped_by_cause(self):
        parcel = self.parcel(shipped_at=self.at(1, 13))
        self.tell(("in_transit", 1, 20), ("delivered", 4, 18))
        self.charged(parcel)
        self.env.flush_all()
        hours = dict(
            self.env["oms.lateness"]._read_group(
                [("company_id", "=", self.company.id)], ["cause"], ["hours:sum"]
            )
        )
        self.assertEqual(hours, {"warehouse": 24, "carrier": 24})
        rows = self.env["oms.lateness"].search([("shipment_id", "=", parcel.id)])
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0].action_open_shipment()["res_id"], parcel.id)

    def test_the_longest_silence_is_that_of_the_carrier(self):
        parcel = self.parcel()
        self.tell(
            ("in_transit", 0, 20),
            ("in_transit", 1, 20),
            ("ready_for_pickup", 2, 10),
            ("delivered", 5, 10),
        )
        parcel._follow()
        self.assertEqual(parcel.longest_gap, 24)

    def test_many_late_parcels_take_as_many_statements_as_one(self):
        parcels = self.parcels(12, days=6)
        parcels[:1]._keep_score()
        counts = []
        for some in (parcels[:1], parcels):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._keep_score()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 1)
        self.assertLess(counts[1], 16)

    def test_the_parcels_of_old_keep_their_ledger_when_their_events_are_folded(self):
        parcel = self.parcel()
        self.tell(
            ("in_transit", 0, 20), ("customs", 1, 8), ("in_transit", 3, 8), ("delivered", 4, 18)
        )
        charged = self.charged(parcel)
        parcel._archive_events()
        self.assertEqual(self.charged(parcel), charged)
        self.assertEqual(charged, {"customs": 48})
