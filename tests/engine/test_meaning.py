"""What codes mean: the reference table of states, the shape of the data, the rules of pairs."""

import time
from pathlib import Path

import pytest
from engine.tracking import meaning
from engine.tracking.meaning import VOCABULARIES, Meaning, iftsta, lookup, rows
from engine.tracking.vocabulary import PARTIES, REASONS, STATES
from hypothesis import given
from hypothesis import strategies as st

ALL = [row for key, one in VOCABULARIES.items() if not one.same_as for row in rows(key)]

# The table of normalised states, read row by row: state, vocabulary, codes.
REFERENCE = [
    ("pending", "aftership", "Pending Pending_001 Pending_006"),
    ("pending", "easypost", "unknown"),
    ("pending", "karrio", "pending unknown"),
    ("pending", "shippo", "UNKNOWN"),
    ("pending", "17track", "NotFound_Other"),
    ("label_created", "aftership", "InfoReceived InfoReceived_001"),
    ("label_created", "easypost", "pre_transit pre_transit/label_created label_created"),
    ("label_created", "easypost", "pre_transit/awaiting_information awaiting_information"),
    ("label_created", "shippo", "PRE_TRANSIT PRE_TRANSIT/information_received"),
    ("label_created", "17track", "InfoReceived"),
    ("picked_up", "aftership", "InTransit_002"),
    ("picked_up", "easypost", "in_transit/received_at_origin_facility"),
    ("picked_up", "karrio", "picked_up"),
    ("picked_up", "shippo", "TRANSIT/package_accepted"),
    ("picked_up", "17track", "InTransit_PickedUp"),
    ("in_transit", "aftership", "InTransit InTransit_001 InTransit_003 InTransit_004"),
    ("in_transit", "aftership", "InTransit_007 InTransit_008 InTransit_009"),
    ("in_transit", "easypost", "in_transit in_transit/arrived_at_facility"),
    ("in_transit", "easypost", "in_transit/arrived_at_destination in_transit/departed_facility"),
    ("in_transit", "easypost", "in_transit/departed_origin_facility"),
    ("in_transit", "easypost", "in_transit/transferred_to_destination_carrier"),
    ("in_transit", "karrio", "in_transit"),
    ("in_transit", "shippo", "TRANSIT TRANSIT/package_arrived TRANSIT/package_departed"),
    ("in_transit", "shippo", "TRANSIT/package_processed TRANSIT/package_forwarded"),
    ("in_transit", "17track", "InTransit_Departure InTransit_Arrival InTransit_Other"),
    ("customs", "aftership", "InTransit_005 InTransit_006 Exception_004 Exception_018"),
    ("customs", "karrio", "on_hold/customs_delay in_transit/customs_documentation"),
    ("customs", "17track", "InTransit_CustomsProcessing InTransit_CustomsReleased"),
    ("customs", "17track", "InTransit_CustomsRequiringInformation"),
    ("delayed", "aftership", "Exception_005 Exception_016 Exception_017"),
    ("delayed", "easypost", "in_transit/delayed in_transit/weather_delay in_transit/missorted"),
    ("delayed", "karrio", "delivery_delayed"),
    ("delayed", "shippo", "TRANSIT/delayed TRANSIT/delivery_rescheduled"),
    ("delayed", "17track", "Exception_Delayed"),
    ("on_hold", "aftership", "Exception_006 Exception_007"),
    ("on_hold", "easypost", "in_transit/held in_transit/address_correction"),
    ("on_hold", "karrio", "on_hold"),
    ("on_hold", "shippo", "TRANSIT/package_held TRANSIT/address_issue TRANSIT/contact_carrier"),
    ("on_hold", "17track", "DeliveryFailure_Security Exception_Security"),
    ("out_for_delivery", "aftership", "OutForDelivery OutForDelivery_001 OutForDelivery_003"),
    ("out_for_delivery", "aftership", "OutForDelivery_004"),
    ("out_for_delivery", "easypost", "out_for_delivery out_for_delivery/out_for_delivery"),
    ("out_for_delivery", "karrio", "out_for_delivery"),
    ("out_for_delivery", "shippo", "TRANSIT/out_for_delivery"),
    ("out_for_delivery", "17track", "OutForDelivery OutForDelivery_Other"),
    ("attempt_failed", "aftership", "AttemptFail AttemptFail_001 AttemptFail_002 AttemptFail_003"),
    ("attempt_failed", "easypost", "in_transit/delivery_exception failure/delivery_exception"),
    ("attempt_failed", "karrio", "delivery_failed delivery_failed/consignee_not_home"),
    ("attempt_failed", "shippo", "TRANSIT/delivery_attempted TRANSIT/notice_left"),
    ("attempt_failed", "shippo", "TRANSIT/location_inaccessible TRANSIT/reschedule_delivery"),
    ("attempt_failed", "17track", "DeliveryFailure_NoBody DeliveryFailure_InvalidAddress"),
    ("attempt_failed", "17track", "DeliveryFailure_Other"),
    ("ready_for_pickup", "aftership", "AvailableForPickup AvailableForPickup_001"),
    ("ready_for_pickup", "easypost", "available_for_pickup"),
    ("ready_for_pickup", "karrio", "ready_for_pickup"),
    ("ready_for_pickup", "shippo", "TRANSIT/pickup_available"),
    ("ready_for_pickup", "17track", "AvailableForPickup"),
    ("delivered", "aftership", "Delivered Delivered_001 Delivered_002 Delivered_003"),
    ("delivered", "aftership", "Delivered_004 Delivered_005"),
    ("delivered", "easypost", "delivered delivered/arrived_at_destination"),
    ("delivered", "karrio", "delivered"),
    ("delivered", "shippo", "DELIVERED DELIVERED/delivered DELIVERED/information_received"),
    ("delivered", "17track", "Delivered Delivered_Other"),
    ("exception", "aftership", "Exception_001 Exception_002 Exception_003 Exception_008"),
    ("exception", "aftership", "Exception_009"),
    ("exception", "easypost", "failure error failure/refused in_transit/transit_exception"),
    ("exception", "karrio", "delivery_failed/consignee_refused"),
    ("exception", "shippo", "FAILURE/package_undeliverable RETURNED/package_unclaimed"),
    ("exception", "17track", "Exception_Other Exception_NoBody Exception_Rejected"),
    ("damaged", "aftership", "Exception_012"),
    ("damaged", "easypost", "failure/damaged"),
    ("damaged", "karrio", "delivery_failed/carrier_damaged_parcel"),
    ("damaged", "shippo", "TRANSIT/package_damaged"),
    ("damaged", "17track", "Exception_Damage"),
    ("lost", "aftership", "Exception_013"),
    ("lost", "easypost", "failure/lost"),
    ("lost", "karrio", "delivery_failed/carrier_parcel_lost"),
    ("lost", "shippo", "FAILURE/package_lost FAILURE/package_disposed"),
    ("lost", "17track", "Exception_Lost Exception_Destroyed"),
    ("returning", "aftership", "Exception_010"),
    ("returning", "easypost", "return_to_sender return_to_sender/return"),
    ("returning", "karrio", "return_to_sender"),
    ("returning", "shippo", "RETURNED RETURNED/return_to_sender"),
    ("returning", "17track", "Exception_Returning"),
    ("returned", "aftership", "Exception_011"),
    ("returned", "17track", "Exception_Returned"),
    ("cancelled", "easypost", "cancelled"),
    ("cancelled", "karrio", "cancelled"),
    ("cancelled", "17track", "Exception_Cancel"),
    ("expired", "aftership", "Expired Expired_001"),
    ("expired", "easypost", "unknown/expired"),
    ("expired", "17track", "Expired NotFound_InvalidCode"),
]


@pytest.mark.parametrize(
    ("state", "vocabulary", "code"),
    [(state, vocabulary, code) for state, vocabulary, codes in REFERENCE for code in codes.split()],
)
def test_the_reference_table_of_states_holds(state, vocabulary, code):
    assert lookup(vocabulary, code).state == state


def test_five_aggregators_and_at_least_fifteen_carriers_are_known():
    kinds = {key: one.kind for key, one in VOCABULARIES.items() if not one.same_as}
    five = {"aftership", "easypost", "karrio", "shippo", "17track"}
    assert five | {"shipengine", "sendcloud", "easyship"} <= {
        key for key, kind in kinds.items() if kind == "aggregator"
    }
    assert sum(kind == "carrier" for kind in kinds.values()) >= 15
    assert {"x12_214", "iftsta:d98a", "iftsta:d98b"} <= set(kinds)
    assert all(rows(key) for key in VOCABULARIES)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_row_is_whole(vocabulary):
    for row in rows(vocabulary):
        assert row.vocabulary in VOCABULARIES, row
        assert row.code == row.code.strip() != "", row
        assert row.state in STATES or (not row.state and row.code.startswith("*/")), row
        assert not row.reason or row.reason in REASONS, row
        assert not row.party or row.party in PARTIES, row
        assert row.source, row
        if not row.text and "*" not in row.code:
            found = lookup(row.vocabulary, row.code)
            assert found == Meaning(row.state, row.reason, row.party), row


def test_no_code_is_said_twice():
    keys = [(row.vocabulary, row.code.casefold(), row.text) for row in ALL]
    assert len(keys) == len(set(keys))


def test_a_reason_tells_who_is_responsible():
    assert lookup("ups", "064").party == "recipient"
    assert lookup("ups", "053").party == "weather"
    assert lookup("ups", "011").party == ""
    assert lookup("easypost", "failure/lost").party == "carrier"


def test_case_and_blanks_do_not_matter():
    assert lookup(" UPS ", " f4 ").state == "delivered"
    assert lookup("AfterShip", "DELIVERED_005").reason == "delivered_neighbour"


def test_a_pair_falls_back_to_its_status_and_takes_the_reason_over():
    assert lookup("shippo", "TRANSIT/something_new").state == "in_transit"
    assert lookup("x12_214", "AH/AG") == Meaning(
        "attempt_failed", "consignee_not_available", "recipient"
    )
    assert lookup("x12_214", "D1/NS") == Meaning("delivered")
    assert lookup("x12_214", "CA/BT").state == "returning"
    assert lookup("karrio", "delivery_delayed/weather_delay") == Meaning(
        "delayed", "weather_delay", "weather"
    )


def test_of_a_carriers_pair_its_own_code_decides():
    assert lookup("ups", "X/059").state == "damaged"
    assert lookup("ups", "D/QQ").state == "delivered"
    assert lookup("ups", "QQ/QQ") is None


def test_the_text_tells_apart_what_shares_a_code():
    assert lookup("usps", "01", "Delivered, Parcel Locker").reason == "delivered_locker"
    assert lookup("usps", "01", "Delivered, To Original Sender").state == "returned"
    assert lookup("dhl_express", "OH", "Clearance event").state == "customs"
    assert lookup("dhl_express", "OH", "Shipment on hold").state == "on_hold"


def test_an_exception_code_of_fedex_gives_the_reason():
    assert lookup("fedex", "DE/08").reason == "consignee_not_available"
    assert lookup("fedex", "DE/07").state == "exception"
    assert lookup("fedex", "PU/A25").state == "picked_up"


def test_an_estimate_is_no_event_and_has_no_meaning():
    assert lookup("x12_214", "AG") is None
    assert lookup("x12_214", "X2") is None


def test_the_status_list_of_iftsta_changes_with_the_directory():
    assert lookup(iftsta("D:96A"), "21").state == "delivered"
    assert lookup(iftsta("D:01B"), "21") is None
    assert lookup("iftsta:some-partner", "21") is None
    assert iftsta("nonsense") == ""


@given(st.text(), st.text(), st.text())
def test_anything_may_be_asked_and_the_unknown_has_no_meaning(vocabulary, code, text):
    found = lookup(vocabulary, code, text)
    assert found is None or found.state in STATES
    assert lookup("ups", "no such code " + code) is None


@given(st.sampled_from(ALL), st.text(max_size=60))
def test_every_known_code_means_the_same_whatever_stands_around_it(row, text):
    code = row.code.replace("*", "")
    assert lookup(row.vocabulary, f" {code.swapcase()} ", text) == lookup(
        row.vocabulary, code, text
    )


def test_a_lookup_takes_microseconds():
    lookup("ups", "F4")
    start = time.perf_counter()
    for _ in range(20_000):
        lookup("easypost", "in_transit/arrived_at_facility", "Arrived")
    assert time.perf_counter() - start < 2.0  # ten times what a slow machine needs


def test_what_shares_a_table_means_the_same():
    assert lookup("mydhl", "OK") == lookup("dhl_express", "OK")
    assert rows("chronopost") == rows("laposte")
    assert meaning.VOCABULARIES["colissimo"].same_as == "laposte"


def test_the_document_lists_every_vocabulary_with_its_rows():
    text = (Path(__file__).resolve().parents[2] / "docs/tracking_codes.md").read_text("utf-8")
    for key, one in VOCABULARIES.items():
        count = f"as `{one.same_as}`" if one.same_as else len(rows(key))
        assert f"| `{key}` | {one.title} | {one.kind} | {count} |" in text, key
