from rpc_case import RpcCase

from odoo.tests import tagged

ACCESS_ERROR = {"code": 4, "status": 403}
USER_ERROR = {"code": 2, "status": 422}
NUMBER = "1Z999AA10123456784"


@tagged("post_install", "-at_install")
class TestTrackingMethods(RpcCase):
    def parcel(self, **values):
        order = self.order({self.tea: 1}, client_order_ref="T-1")
        sent = {"tracking_number": NUMBER, "carrier": "ups", "order": "T-1"} | values
        return order, *self.both(self.shop, "oms.shipment", "register", shipments=[sent])

    def event(self, status="picked_up", **values):
        return {
            "tracking_number": NUMBER,
            "status": status,
            "occurred_at": "2026-03-01T10:00:00+01:00",
        } | values

    def test_a_parcel_is_registered_once_over_both(self):
        order, (over_xml,), (over_json,) = self.parcel()
        self.assertEqual((over_xml["status"], over_xml["errors"]), ("created", []))
        self.assertEqual(over_json, over_xml | {"status": "unchanged"})
        self.assertEqual(order.oms_shipment_ids.id, over_xml["id"])

    def test_events_are_stored_once_over_both(self):
        order, _xml, _json = self.parcel()
        over_xml, over_json = self.both(
            self.shop, "oms.shipment", "ingest_events", events=[self.event(), {"status": "x"}]
        )
        self.assertEqual((over_xml["stored"], over_xml["duplicate"]), (1, 0))
        self.assertEqual((over_json["stored"], over_json["duplicate"]), (0, 1))
        self.assertEqual(over_xml["errors"][0]["index"], 1)
        self.assertEqual(over_xml["errors"], over_json["errors"])
        self.assertEqual(order.oms_shipment_ids.state, "picked_up")

    def test_a_timeline_is_the_same_over_both(self):
        order, _xml, _json = self.parcel()
        self.json2(self.shop, "oms.shipment", "ingest_events", events=[self.event()])
        over_xml, over_json = self.both(self.shop, "oms.shipment", "timeline", reference=order.name)
        self.assertEqual(over_xml, over_json)
        self.assertEqual(over_xml["order"], order.name)
        self.assertEqual(
            [one["occurred_at"] for one in over_xml["parcels"][0]["events"]],
            ["2026-03-01T09:00:00Z"],
        )

    # --- refusals ---------------------------------------------------------------------------------

    def test_wrong_arguments_are_told_in_sentences(self):
        for method, argument in (("ingest_events", "events"), ("register", "shipments")):
            for wrong in ("x", {}, [{}] * 6000):
                self.assert_refused(
                    self.shop, "oms.shipment", method, **{argument: wrong}, **USER_ERROR
                )
        for wrong in ("", "nothing", {"a": 1}, "%"):
            self.assert_refused(
                self.shop, "oms.shipment", "timeline", reference=wrong, **USER_ERROR
            )

    def test_who_may_not_is_refused(self):
        viewer = self.account("track_viewer", "oms_extension.group_readonly")
        customer = self.account("track_customer", "base.group_portal")
        for user in (viewer, customer):
            for method, argument in (("ingest_events", "events"), ("register", "shipments")):
                self.assert_refused(user, "oms.shipment", method, **{argument: []}, **ACCESS_ERROR)
        self.parcel()
        self.assert_refused(customer, "oms.shipment", "timeline", reference=NUMBER, **ACCESS_ERROR)

    def test_what_is_private_cannot_be_called(self):
        for model, method in (
            ("oms.tracking.ingest", "_take"),
            ("oms.shipment", "_follow_safely"),
            ("oms.shipment", "_timeline"),
        ):
            self.key(self.shop)
            status, _answer = self.json2(self.shop, model, method)
            self.assertIn(status, (403, 404, 422))

    def test_events_and_tokens_cannot_be_written_past_the_door(self):
        order, _xml, _json = self.parcel()
        shipment = order.oms_shipment_ids
        self.assert_refused(
            self.shop,
            "oms.shipment.event",
            "create",
            vals_list=[{"tracking_key": NUMBER}],
            **ACCESS_ERROR,
        )
        token = shipment.access_token
        for vals in ({"state": "delivered"}, {"access_token": "easy"}):
            self.assert_refused(
                self.shop, "oms.shipment", "write", *shipment.ids, vals=vals, **USER_ERROR
            )
        self.env.invalidate_all()
        self.assertEqual((shipment.state, shipment.access_token), ("pending", token))

    def test_another_companys_parcel_is_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["oms.shipment"].create(
            {"name": "P", "tracking_number": "SECRET1", "company_id": other.id}
        )
        self.assert_refused(
            self.shop, "oms.shipment", "timeline", reference="SECRET1", **USER_ERROR
        )
