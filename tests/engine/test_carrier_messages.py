"""Real tracking answers of carriers and aggregators: what each event means, read by hand.

The messages lie outside the project (``../shared/data``); a clone without them skips these tests.
The table holds codes and a word or two of each description, enough to tell the events apart.
"""

import json
import re
from pathlib import Path

import pytest
from engine.tracking.meaning import lookup

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not (DATA / "carrier_messages").is_dir(),
    reason="the carriers' sample messages are not beside the project (../shared/data)",
)


def load(path):
    return json.loads((DATA / path).read_text(encoding="utf-8"))


def asendia():
    for event in load("carrier_messages/asendia.json")["trackingEvents"]:
        yield event["code"], event["carrierEventDescription"]


def dhl_universal():
    for shipment in load("carrier_messages/dhl_universal.json")["trackingResponse"]["shipments"]:
        for event in shipment["events"]:
            yield event["statusCode"], event["description"]


def fedex():
    for found in load("carrier_messages/fedex.json")["output"]["completeTrackResults"]:
        for result in found["trackResults"]:
            for event in result.get("scanEvents", ()):
                yield event["eventType"], event["exceptionDescription"] or event["eventDescription"]


def gls():
    for parcel in load("carrier_messages/gls.json")["parcels"]:
        yield parcel["status"], ""
        for event in parcel["events"]:
            yield event["code"], event["description"]


def laposte():
    for response in load("carrier_messages/laposte.json")["responses"]:
        for event in response["shipment"]["event"]:
            yield event["code"], event["label"]


def spring():
    for event in load("carrier_messages/spring.json")["Shipment"]["Events"]:
        yield str(event["Code"]), event["Description"]


def ups():
    for shipment in load("carrier_messages/ups.json")["trackResponse"]["shipment"]:
        for package in shipment["package"]:
            for activity in package["activity"]:
                yield activity["status"]["code"], activity["status"]["description"]
                status = activity["status"]
                yield f"{status['type']}/{status['statusCode']}", status["description"]


def usps():
    for answer in load("carrier_messages/usps.json"):
        for event in answer["trackingEvents"]:
            yield event["eventCode"], event["eventType"]


# Vocabulary, code, a pattern of the description, what it means: state and reason, or None where
# the message says nothing that anybody could know. In the files' own order.
READ = [
    (asendia, "PU", "picked up", "picked_up", ""),
    (asendia, "IT", "In transit", "in_transit", ""),
    (asendia, "DL", "Delivered", "delivered", ""),
    # The documentation's example contradicts itself ("DELIVERED", signed for, awaiting customs);
    # of its fields only statusCode is a code, and that says: not yet handed over.
    (dhl_universal, "pre-transit", "JESSICA", "label_created", ""),
    # Picked up; the exception beside it (A25) is another event's, as the derived status shows.
    (fedex, "PU", "available for clearance", "picked_up", ""),
    (gls, "INTRANSIT", "", "in_transit", ""),
    (gls, "INTIAL.NORMAL", "handed over to GLS", "picked_up", ""),
    (gls, "INTIAL.PREADVICE", "data was entered", "label_created", ""),
    (laposte, "DI1", "est livré", "delivered", ""),
    # "We prepare it for delivery": at the delivery site, not yet out, though MD2 is "put out".
    (laposte, "MD2", "Nous le préparons", "in_transit", ""),
    (laposte, "ET1", "acheminement", "in_transit", ""),
    (laposte, "ET3", "arrivé dans le pays", "in_transit", ""),
    (laposte, "ET2", "prêt à partir", "in_transit", ""),
    (laposte, "ET1", "plateformes", "in_transit", ""),
    (laposte, "ET1", "plateformes", "in_transit", ""),
    (laposte, "PC1", "déposé dans un point postal", "picked_up", ""),
    (laposte, "DR1", "bientôt nous être confié", "label_created", ""),
    (spring, "9301", "OUT FOR DELIVERY", "out_for_delivery", ""),
    (spring, "100", "DELIVERED", "delivered", ""),
    (ups, "F4", "DELIVERED", "delivered", ""),
    (ups, "D/011", "DELIVERED", "delivered", ""),
    (ups, "MP", "created a label", "label_created", ""),
    (ups, "M/003", "has not received", "label_created", ""),
    (usps, "01", "Parcel Locker", "delivered", "delivered_locker"),
    (usps, "OF", "Out for Delivery", "out_for_delivery", ""),
    (usps, "07", "Arrived at Post Office", "in_transit", ""),
    (usps, "A1", "Arrived at USPS Regional", "in_transit", ""),
    (usps, "TL", "In Transit", "in_transit", ""),
    (usps, "TL", "In Transit", "in_transit", ""),
    (usps, "TL", "In Transit", "in_transit", ""),
    (usps, "T1", "Departed USPS Regional", "in_transit", ""),
    (usps, "10", "Arrived at USPS Regional Origin", "in_transit", ""),
    (usps, "SF", "Departed Post Office", "in_transit", ""),
    (usps, "03", "in possession", "picked_up", ""),
    (usps, "GX", "Awaiting Item", "label_created", ""),
    (usps, "string", "string", None, ""),  # a placeholder of the documentation
]


@pytest.mark.parametrize(
    "carrier", [asendia, dhl_universal, fedex, gls, laposte, spring, ups, usps]
)
def test_each_event_means_what_its_text_says(carrier):
    expected = [row[1:] for row in READ if row[0] is carrier]
    events = list(carrier())
    assert [code for code, _text in events] == [code for code, *_rest in expected]
    for (code, text), (_code, pattern, state, reason) in zip(events, expected, strict=True):
        assert re.search(pattern, text), text
        found = lookup(carrier.__name__, code, text)
        assert (found and found.state) == state, (code, text)
        assert (found.reason if found else "") == reason, (code, text)


def test_no_message_of_a_carrier_is_left_out():
    files = {path.stem for path in (DATA / "carrier_messages").glob("*.json")}
    assert files == {row[0].__name__ for row in READ}


def states(vocabulary, pairs):
    return [found and found.state for found in (lookup(vocabulary, *pair) for pair in pairs)]


def test_the_codes_of_easyposts_webhook_map():
    details = load("webhooks/easypost_tracker_updated.json")["result"]["tracking_details"]
    pairs = [(f"{one['status']}/{one['status_detail']}", one["message"]) for one in details]
    assert states("easypost", pairs) == [
        "label_created",
        "picked_up",
        "in_transit",
        "in_transit",
        "in_transit",
        "in_transit",
        "in_transit",
    ]


def test_the_codes_of_aftership_s_webhook_map():
    points = load("webhooks/aftership_tracking_update.json")["msg"]["checkpoints"]
    found = states("aftership", [(one["subtag"], one["message"]) for one in points])
    assert found[:3] == ["label_created", "picked_up", "in_transit"]
    assert found[-2:] == ["out_for_delivery", "delivered"]
    assert set(found[3:-2]) == {"in_transit"}
    assert None not in states("aftership", [(one["tag"], "") for one in points])


def test_the_codes_of_17tracks_webhook_map():
    info = load("webhooks/17track_tracking_updated_delivered.json")["data"]["track_info"]
    events = info["tracking"]["providers"][0]["events"]
    assert states("17track", [(one["sub_status"], one["description"]) for one in events]) == [
        "delivered",
        "out_for_delivery",
        "picked_up",
    ]
    assert states("17track", [(one["stage"], "") for one in events]) == [
        "delivered",
        "out_for_delivery",
        "picked_up",
    ]


def test_the_codes_of_shippos_webhook_map_by_status_before_substatus():
    data = load("webhooks/shippo_track_updated.json")["data"]
    for one in [data["tracking_status"], *data["tracking_history"]]:
        assert states("shippo", [(f"{one['status']}/{one['substatus']['code']}", "")]) == [
            "delivered"
        ]


def test_the_codes_of_shipengines_webhook_map():
    data = load("webhooks/shipengine_api_track.json")["data"]
    pairs = [(f"{one['status_code']}/{one['status_detail_code']}", "") for one in data["events"]]
    assert states("shipengine", pairs) == ["in_transit"]
    assert states("shipengine", [("DE/DELIVERED", ""), (data["status_code"], "")]) == [
        "delivered",
        "delivered",
    ]


def test_the_code_of_sendclouds_webhook_maps():
    status = load("webhooks/sendcloud_parcel_status_changed.json")["parcel"]["status"]
    assert states("sendcloud", [(str(status["id"]), ""), (status["message"], "")]) == [
        "label_created",
        "label_created",
    ]


def test_the_codes_of_the_edi_samples_map():
    text = (DATA / "edi/x12_214_canadapost.edi").read_text(encoding="utf-8")
    found = dict.fromkeys(re.findall(r"^AT7\*(\w+)\*(\w+)", text, re.MULTILINE))
    assert {pair: lookup("x12_214", "/".join(pair)).state for pair in found} == {
        ("XB", "NS"): "picked_up",
        ("AH", "AG"): "attempt_failed",
        ("CA", "BT"): "returning",
        ("D1", "NS"): "delivered",
        ("AF", "NS"): "picked_up",
        ("AP", "AG"): "attempt_failed",
    }
    # The container's status is a private text without a code: nobody can know what it means.
    assert lookup("iftsta:d98b", "P") is None
