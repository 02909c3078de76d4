"""Every body becomes events that can be stored; of the others comes nothing but ``Unreadable``."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from engine.tracking import message
from engine.tracking.formats import FORMATS, RECEIVED_AT, Unreadable, csv_file, names
from engine.tracking.formats.base import SENTENCES
from format_bodies import BODIES, IFTSTA, JSON_BODIES, X12
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
NOW = datetime(2027, 1, 1, tzinfo=UTC)
TEN_O_CLOCK = datetime(2024, 3, 1, 10, tzinfo=UTC)


def read(key, body, headers=None):
    if isinstance(body, dict | list):
        body = json.dumps(body)
    return FORMATS[key](body.encode() if isinstance(body, str) else body, headers)


def readings(events):
    """(events, estimates) as they are understood where they are stored."""
    known = [message.read(one, NOW) for one in events]
    return [one for one in known if one.occurred], [one for one in known if one.estimate]


def problem(key, body):
    with pytest.raises(Unreadable) as caught:
        read(key, body)
    assert re.match(r"[A-Z].*\.$", str(caught.value), re.DOTALL), str(caught.value)
    return caught.value.problem


# --- all formats alike ----------------------------------------------------------------------------


def test_there_is_a_body_of_every_format():
    assert set(BODIES) == set(FORMATS)


# What differs from a scan at 10:00 UTC of DHL Express in Torino.
CODES = {
    "standard": "",
    "easypost": "in_transit/arrived_at_facility",
    "shippo": "TRANSIT/package_arrived",
    "aftership": "InTransit_003",
    "17track": "InTransit_Arrival",
    "shipengine": "IT/IN_TRANSIT",
    "sendcloud": "3",
    "easyship": "In Transit to Customer",
    "ups": "I/AR",
    "fedex": "AR",
    "usps": "07",
    "dhl_universal": "transit",
    "gls": "INTIAL.NORMAL",
    "laposte": "ET1",
    "asendia": "IT",
    "spring": "21",
    "edifact_iftsta": "24/26",
    "x12_214": "AF/NS",
}
OWN = {key: key for key in ("ups", "fedex", "usps", "gls", "laposte", "asendia", "spring")}
CARRIERS = {"standard": "ups", "x12_214": "canadapost", "edifact_iftsta": ""} | OWN
ELSEWHERE = {"usps": "Lecanto", "x12_214": "TORONTO", "sendcloud": "", "laposte": ""}
NO_ESTIMATE = ("sendcloud", "easyship", "gls", "asendia", "spring")
NO_ZONE = ("edifact_iftsta",)


@pytest.mark.parametrize("key", CODES)
def test_a_scan_and_an_estimate(key):
    events, estimates = readings(read(key, BODIES[key]))
    (event,) = events
    assert event.key == "T1"
    assert event.code == CODES[key]
    assert event.carrier == CARRIERS.get(key, "dhl_express")
    assert event.place.city.casefold() == ELSEWHERE.get(key, "Torino").casefold()
    expected = datetime(2024, 3, 1, 16, tzinfo=UTC) if key == "x12_214" else TEN_O_CLOCK
    assert event.at() == expected
    assert bool(estimates) == (key not in NO_ESTIMATE)
    if estimates:
        assert not estimates[0].occurred
        assert estimates[0].estimate.date().isoformat() == "2024-03-04"


@pytest.mark.parametrize("key", [key for key in FORMATS if key not in ("standard", "csv")])
def test_the_vocabulary_is_named(key):
    for event in read(key, BODIES[key]):
        assert event["vocabulary"] == {"edifact_iftsta": "iftsta:d98b"}.get(key, key)


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize(
    "junk", [b"", b"  \n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08\x00"]
)
def test_no_body_at_all(key, junk):
    assert problem(key, junk) != "broken"


JSON_KEYS = [key for key, one in FORMATS.items() if one.content == "json"]
HOSTILE = {
    "nested": b"[" * 100_000,
    "nested objects": b'{"a":' * 100_000,
    "closed": b"[" * 50_000 + b"]" * 50_000,
    "not a number": b'{"tracking_number": NaN}',
    "infinite": b'[{"data": -Infinity}]',
    "too large": b'{"data": 1e999}',
    "digits": b'{"data": ' + b"9" * 5000 + b"}",
    "latin-1": b'{"data": "\xe9"}',
    "html": b"<!doctype html><title>502 Bad Gateway</title>",
    "a number": b"7",
    "a text": b'"T1"',
    "true": b"true",
    "null": b"null",
}


@pytest.mark.parametrize("key", JSON_KEYS)
@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_hostile_json(key, body):
    assert problem(key, body) != "broken"


@pytest.mark.parametrize("key", [key for key in JSON_KEYS if key != "standard"])
@pytest.mark.parametrize("junk", [[], {}, [[]], [None], {"events": None}, {"data": []}])
def test_something_else_says_nothing_or_is_refused(key, junk):
    try:
        assert read(key, junk) == []
    except Unreadable as error:
        assert error.problem in SENTENCES and error.problem != "broken"


def places(value, path=()):
    """The path of every member of a JSON value."""
    yield path
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, part in items:
        yield from places(part, (*path, name))


def changed(value, path, junk):
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], junk)
    return copy


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**18, max_value=10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["\x00", "\ud800", "2024-02-31", "T" * 300, "+99:99", "-0", "1e5"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("key", JSON_BODIES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_anything_in_any_place_is_read_or_refused_in_a_sentence(key, data):
    body = JSON_BODIES[key]
    for _count in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(sorted(places(body), key=str)))
        body = changed(body, path, data.draw(JUNK))
    try:
        events = read(key, json.dumps(body), {RECEIVED_AT: "1709287200"})
    except Unreadable as error:
        assert error.problem != "broken", error
        str(error).encode()
        return
    for event in events:
        if key != "standard":
            assert isinstance(event, dict) and event["tracking_number"] is not None
        try:
            message.read(event, NOW)
        except message.Unreadable:
            continue


@pytest.mark.parametrize("key", ["x12_214", "edifact_iftsta", "csv"])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_in_a_sentence(key, data):
    body = BODIES[key]
    for _count in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 40)))
        body = body[:start] + data.draw(st.binary(max_size=12)) + body[end:]
    try:
        events = read(key, body)
    except Unreadable as error:
        assert error.problem != "broken", error
        return
    for event in events:
        try:
            message.read(event, NOW)
        except message.Unreadable:
            continue


@pytest.mark.parametrize("key", FORMATS)
@settings(deadline=None)
@given(body=st.binary(max_size=200))
def test_noise(key, body):
    assert key != "csv" or not body.startswith(b"tracking")
    try:
        read(key, body)
    except Unreadable as error:
        assert error.problem != "broken", error


# --- one sender each ------------------------------------------------------------------------------


def test_our_own_events_are_judged_one_by_one_later():
    good = {"tracking_number": "T1", "code": "X", "occurred_at": "2024-03-01"}
    assert read("standard", good) == [good]
    assert read("standard", [good, 7, None, "x"]) == [good, 7, None, "x"]
    assert read("standard", {"events": []}) == []
    deep = json.loads("[" * 400 + "]" * 400)
    (event,) = read("standard", [{**good, "location": deep}])
    assert event["location"] == [["[…]"]]


def test_easypost_is_told_apart_from_its_other_objects():
    assert read("easypost", {"result": {"object": "Batch"}}) == []
    tracker = JSON_BODIES["easypost"]["result"]
    assert read("easypost", tracker) == read("easypost", BODIES["easypost"])


def test_a_signature_belongs_to_the_delivery_and_ends_the_estimates():
    body = json.loads(BODIES["easypost"])
    body["result"]["tracking_details"].append(
        {"status": "delivered", "datetime": "2024-03-03T10:00:00Z"}
    )
    first, last = read("easypost", body)
    assert "signed_by" not in first
    assert last["signed_by"] == "Ada"


def test_shippo_without_history_has_its_status():
    body = json.loads(BODIES["shippo"])
    del body["data"]["tracking_history"]
    assert [one["code"] for one in read("shippo", body) if "code" in one] == ["TRANSIT"]
    assert read("shippo", {"event": "transaction_created", "data": {}}) == []


def test_shipengine_says_delivered_where_no_scan_does():
    body = json.loads(BODIES["shipengine"])
    body["data"] |= {"status_code": "DE", "actual_delivery_date": "2024-03-02T09:00:00Z"}
    assert [one.get("code") for one in read("shipengine", body)] == ["IT/IN_TRANSIT", "DE"]
    assert read("shipengine", {"resource_type": "API_RATE", "data": {}}) == []


def test_sendcloud_before_there_is_a_number():
    body = json.loads(BODIES["sendcloud"])
    body["parcel"]["tracking_number"] = ""
    assert read("sendcloud", body) == []
    assert read("sendcloud", {"action": "integration_updated"}) == []


def test_easyships_status_has_the_time_at_which_it_came():
    body = {
        "event_type": "shipment.tracking.status.changed",
        "data": {"tracking_number": "T1", "status": "Delivered"},
    }
    (event,) = read("easyship", body, {RECEIVED_AT: "1709287200.5"})
    assert (event["code"], event["occurred_at"]) == ("Delivered", 1709287200)
    assert read("easyship", body) == []
    assert read("easyship", {"event_type": "shipment.label.created", "data": {}}) == []


def test_easyships_times_are_local_whatever_their_offset_says():
    (event,) = read("easyship", BODIES["easyship"])
    assert event["occurred_at"] == "2024-03-01T11:00:00.000"


def test_ups_track_alert():
    events, estimates = readings(
        read(
            "ups",
            {
                "trackingNumber": "T1",
                "localActivityDate": "20240301",
                "localActivityTime": "110000",
                "scheduledDeliveryDate": "20240304",
                "activityLocation": {"city": "Torino", "country": "IT"},
                "activityStatus": {"type": "I", "code": "AR", "description": "Arrived"},
            },
        )
    )
    assert (events[0].code, events[0].at()) == ("I/AR", TEN_O_CLOCK)
    assert estimates[0].estimate.isoformat() == "2024-03-04T23:59:59"


def test_fedex_uses_a_number_twice():
    body = json.loads(BODIES["fedex"])
    results = body["output"]["completeTrackResults"][0]["trackResults"]
    old = {"scanEvents": [{"date": "2019-01-01T10:00:00-07:00", "eventType": "DL"}]}
    unknown = {"error": {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND"}}
    results[:0] = [old, unknown]
    assert [one.get("code") for one in read("fedex", body)] == ["AR", None]


def test_gls_status_that_is_newer_than_the_scans():
    body = json.loads(BODIES["gls"])
    body["parcels"][0]["statusDateTime"] = "2024-03-02T09:00:00+0100"
    assert [one["code"] for one in read("gls", body)] == ["INTIAL.NORMAL", "INTRANSIT"]


def test_parcels_that_the_carrier_does_not_know():
    assert read("gls", {"parcels": [{"requested": "T1", "errorCode": "E404"}]}) == []
    assert read("laposte", [{"returnCode": 404, "idShip": "T1"}]) == []
    assert read("spring", {"ErrorLevel": 10, "Error": "unknown"}) == []
    assert read("usps", {"trackingNumber": "T1", "error": {"code": "404"}}) == []
    assert read("fedex", {"output": {"completeTrackResults": [{"trackResults": []}]}}) == []


# --- EDI ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", "*|^\x1d")
@pytest.mark.parametrize("terminator", ["~", "\n", "\x1c", "…", "'", "\r"])
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_x12_says_its_own_delimiters(separator, terminator, ending):
    body = X12.replace("*", separator).replace("~", terminator + ending)
    assert read("x12_214", body) == read("x12_214", X12)
    assert read("x12_214", body * 2) == read("x12_214", X12) * 2
    assert read("x12_214", body.rstrip(terminator + ending)) == read("x12_214", X12)


def test_x12_knows_what_lies_ahead():
    def of(at7):
        return read("x12_214", X12.replace("AT7*AF*NS***20240301*1100*ET", at7))[0]

    assert "occurred_at" not in of("AT7*AG*NS***20240303*0900*LT")
    assert of("AT7***AB*NA*20240303*0900*LT")["estimated_delivery"] == "2024-03-03T09:00:00"
    assert of("AT7***AA*NA*20240303*0900*LT").get("code") is None
    assert of("AT7***X9*NA*20240303*0900*LT")["code"] == "X9/NA"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("ET", datetime(2024, 7, 1, 15, tzinfo=UTC)),
        ("ES", datetime(2024, 7, 1, 16, tzinfo=UTC)),
        ("ED", datetime(2024, 7, 1, 15, tzinfo=UTC)),
        ("UT", datetime(2024, 7, 1, 11, tzinfo=UTC)),
        ("02", datetime(2024, 7, 1, 9, tzinfo=UTC)),
        ("13", datetime(2024, 7, 1, 23, tzinfo=UTC)),
        ("24", datetime(2024, 7, 1, 12, tzinfo=UTC)),
        ("LT", datetime(2024, 7, 1, 15, tzinfo=UTC)),
        ("??", datetime(2024, 7, 1, 15, tzinfo=UTC)),
    ],
)
def test_x12_clocks(zone, expected):
    body = X12.replace("20240301*1100*ET", f"20240701*1100*{zone}")
    assert readings(read("x12_214", body))[0][0].at() == expected


def test_x12_tracking_number_in_its_own_segment():
    body = X12.replace("LX*1~", "L11*T7*2I~LX*1~")
    assert {one["tracking_number"] for one in read("x12_214", body)} == {"T7"}


def test_other_messages_of_an_interchange_are_left_alone():
    both = X12.replace("GE*1*1~", "ST*997*0002~AK1*QM*1~SE*3*0002~GE*1*1~")
    assert read("x12_214", both) == read("x12_214", X12)
    assert problem("x12_214", X12.replace("ST*214", "ST*997")) == "not_edi"
    assert problem("edifact_iftsta", IFTSTA.replace("IFTSTA", "APERAK")) == "not_edi"


def test_iftsta_escapes_and_own_separators():
    (event, _estimate) = read("edifact_iftsta", IFTSTA)
    assert event["description"] == "Quay's full – Departed"
    other = IFTSTA.replace("UNA:+.? '", "UNA|*.! ~").replace("?'", "\0")
    other = other.replace(":", "|").replace("+", "*").replace("'", "~\r\n").replace("\0", "'")
    assert read("edifact_iftsta", other) == read("edifact_iftsta", IFTSTA)


@pytest.mark.parametrize(
    ("directory", "vocabulary"), [("96A", "iftsta:d98a"), ("98B", "iftsta:d98b"), ("??", "iftsta")]
)
def test_the_status_list_of_iftsta_follows_the_directory(directory, vocabulary):
    body = IFTSTA.replace("IFTSTA:D:01B", f"IFTSTA:D:{directory}")
    if directory == "??":
        body = IFTSTA.replace("IFTSTA:D:01B", "IFTSTA:X:Y")
    assert read("edifact_iftsta", body)[0]["vocabulary"] == vocabulary


def test_a_partners_own_status_list_is_a_vocabulary_of_its_own():
    assert (
        read("edifact_iftsta", IFTSTA.replace("STS+1+24+", "STS+1+24::86+"))[0]["vocabulary"]
        == "iftsta:86"
    )
    assert (
        read("edifact_iftsta", IFTSTA.replace("STS+1+24+", "STS+1+24:LST:ZZZ+"))[0]["vocabulary"]
        == "iftsta:lst-zzz"
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("20240301:102", "2024-03-01"),
        ("202403011100:203", "2024-03-01T11:00:00"),
        ("20240301110005:204", "2024-03-01T11:00:05"),
        ("202403011100UTC:303", "2024-03-01T11:00:00+00:00"),
        ("202403011100?+02:303", "2024-03-01T11:00:00+02:00"),
        ("240301:101", "2024-03-01"),
        ("soon:203", "soon"),
    ],
)
def test_iftsta_times(moment, expected):
    body = IFTSTA.replace("DTM+334:202403011100:203", f"DTM+334:{moment}")
    assert read("edifact_iftsta", body)[0]["occurred_at"] == expected


def test_each_package_of_a_consignment_has_its_event():
    body = IFTSTA.replace("DTM+17:", "GIN+BJ+S1+S2'DTM+17:")
    assert [one["tracking_number"] for one in read("edifact_iftsta", body)] == [
        "S1",
        "S1",
        "S2",
        "S2",
    ]


# --- CSV ------------------------------------------------------------------------------------------


def test_csv_in_german():
    body = "Sendungsnummer;Datum;Uhrzeit;Status;Stadt;Land\nT1;1.3.2024;11:00;Zugestellt;Köln;DE\n"
    layout = csv_file.Layout(date_order="dmy", carrier="gls")
    for encoded in (
        body.encode(),
        body.encode("cp1252"),
        body.encode("utf-16"),
        body.encode("utf-8-sig"),
    ):
        ((line, event),) = csv_file.rows(encoded, layout)
        assert line == 2
        assert event == {
            "tracking_number": "T1",
            "occurred_at": "2024-03-01T11:00:00",
            "status": "Zugestellt",
            "carrier": "gls",
            "location": {"city": "Köln", "country": "DE"},
        }


def test_csv_lines_are_those_of_the_file():
    body = b'number,date,text\n\nT1,2024-03-01,"two\nlines"\n,,\nT2,2024-03-02,x\n'
    assert [
        (line, one["tracking_number"]) for line, one in csv_file.rows(body, csv_file.Layout())
    ] == [
        (3, "T1"),
        (6, "T2"),
    ]


def test_csv_columns_by_hand():
    layout = csv_file.Layout(columns={"tracking_number": "A", "code": "B", "occurred_at": "C"})
    ((_line, event),) = csv_file.rows(b"C,B,A\n2024-03-01,X,T1\n", layout)
    assert event == {"tracking_number": "T1", "code": "X", "occurred_at": "2024-03-01"}
    with pytest.raises(Unreadable, match="The column B is missing"):
        list(csv_file.rows(b"C,A\n", layout))
    with pytest.raises(Unreadable, match="tracking_number"):
        list(csv_file.rows(b"colour,size\nred,2\n", csv_file.Layout()))


def test_csv_guesses_each_column_once():
    titles = [
        "Parcel Number",
        "Event Date",
        "Event Code",
        "Event Description",
        "Depot",
        "ZIP",
        "colour",
    ]
    assert csv_file.guess_columns(titles) == {
        "tracking_number": "Parcel Number",
        "occurred_at": "Event Date",
        "code": "Event Code",
        "description": "Event Description",
        "location": "Depot",
        "postcode": "ZIP",
    }


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-03-01T11:00:00+01:00", "ymd", "2024-03-01T11:00:00+01:00"),
        ("2024-03-01 11:00", "dmy", "2024-03-01T11:00:00"),
        ("2024/3/1 9:05", "ymd", "2024-03-01T09:05:00"),
        ("20240301 1105", "ymd", "2024-03-01T11:05:00"),
        ("01/03/2024 11:00:59", "dmy", "2024-03-01T11:00:59"),
        ("03/01/2024 11:00 PM", "mdy", "2024-03-01T23:00:00"),
        ("3/1/24 12:00 am", "mdy", "2024-03-01T00:00:00"),
        ("1.3.24", "dmy", "2024-03-01"),
        ("1709287200", "epoch", 1709287200.0),
        ("1709287200000", "epoch", 1709287200.0),
        # What cannot be read is kept, to be refused with its line.
        ("31/12/2024", "mdy", "31/12/2024"),
        ("01/03/2024", "ymd", "01/03/2024"),
        ("yesterday", "dmy", "yesterday"),
        ("1/1/2024 25:00", "dmy", "1/1/2024 25:00"),
    ],
)
def test_csv_dates(text, order, expected):
    body = f"number,date,code\nT1,{text},X\n".encode()
    ((_line, event),) = csv_file.rows(body, csv_file.Layout(date_order=order))
    assert event["occurred_at"] == expected


def test_csv_date_orders_are_guessed():
    assert csv_file.guess_date_order(["01/02/2024", "13/02/2024 10:00"]) == "dmy"
    assert csv_file.guess_date_order(["01/02/2024", "02/13/2024"]) == "mdy"
    assert csv_file.guess_date_order(["1709287200"]) == "epoch"
    assert csv_file.guess_date_order(["", "?"]) == "ymd"


@settings(deadline=None)
@given(st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)), st.sampled_from("./-"))
def test_csv_reads_what_was_written(moment, separator):
    moment = moment.replace(microsecond=0)
    for order, form in (("ymd", "%Y-%m-%d"), ("dmy", "%d-%m-%Y"), ("mdy", "%m-%d-%Y")):
        text = moment.strftime(form).replace("-", separator) + moment.strftime(" %H:%M:%S")
        assert csv_file._moment(text, order) == moment.isoformat()


def test_csv_that_is_none():
    for rest in (b"", b"x" * 200_000, b"T2,2024-03-01\n" * 10):
        assert problem("csv", b'number,date\n"T1,2024-03-01\n' + rest) == "not_csv"
    assert problem("csv", b"number,date\n" + b"x" * 30_000 + b",2024-03-01\n") == "not_csv"
    with pytest.raises(Unreadable, match="not in utf-8"):
        list(csv_file.rows(b"number\n\xe9\n", csv_file.Layout(encoding="utf-8")))


# --- the real ones --------------------------------------------------------------------------------

SAMPLES = {
    "webhooks/easypost_tracker_updated.json": ("easypost", 7, 1),
    "webhooks/shippo_track_updated.json": ("shippo", 1, 0),
    "webhooks/aftership_tracking_update.json": ("aftership", 14, 0),
    "webhooks/17track_tracking_stopped.json": ("17track", 0, 0),
    "webhooks/17track_tracking_updated_delivered.json": ("17track", 3, 0),
    "webhooks/shipengine_api_track.json": ("shipengine", 2, 0),
    "webhooks/sendcloud_parcel_status_changed.json": ("sendcloud", 1, 0),
    "carrier_messages/ups.json": ("ups", 2, 0),
    "carrier_messages/fedex.json": ("fedex", 1, 1),
    "carrier_messages/usps.json": ("usps", 13, 1),
    "carrier_messages/dhl_universal.json": ("dhl_universal", 1, 1),
    "carrier_messages/gls.json": ("gls", 3, 0),
    "carrier_messages/laposte.json": ("laposte", 9, 0),
    "carrier_messages/asendia.json": ("asendia", 3, 0),
    "carrier_messages/spring.json": ("spring", 2, 0),
    "edi/iftsta_d00b_container.edi": ("edifact_iftsta", 1, 1),
    "edi/x12_214_canadapost.edi": ("x12_214", 19, 0),
    "edi/x12_214_odd_terminator.edi": ("x12_214", 1, 1),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_real_messages(name):
    if not (SHARED / name).is_file():
        pytest.skip(f"the sample {name} is not here")
    key, scans, forecasts = SAMPLES[name]
    events, estimates = readings(read(key, (SHARED / name).read_bytes()))
    assert (len(events), len(estimates)) == (scans, forecasts)


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [
        ("webhooks/17track_tracking_updated_delivered.json", 0, datetime(2026, 6, 30, 17, 23)),
        ("webhooks/aftership_tracking_update.json", 0, datetime(2018, 7, 23, 6, 21, 39)),
        ("webhooks/sendcloud_parcel_status_changed.json", 0, datetime(2018, 5, 2, 14, 38, 5)),
        ("carrier_messages/ups.json", 0, datetime(2022, 1, 26, 21, 30)),
        ("carrier_messages/usps.json", 0, datetime(2024, 11, 22, 18, 58)),
        ("carrier_messages/spring.json", 1, datetime(2024, 1, 7, 15, 19, 48)),
        ("carrier_messages/dhl_universal.json", 0, datetime(2018, 3, 2, 6, 53, 47)),
        ("edi/x12_214_canadapost.edi", 3, datetime(2019, 11, 2, 22, 48)),
        ("edi/x12_214_canadapost.edi", 4, datetime(2019, 11, 3, 21, 9)),
        ("edi/x12_214_odd_terminator.edi", 0, datetime(2020, 9, 10, 15, 35)),
    ],
)
def test_clocks_of_real_messages(name, where, expected):
    if not (SHARED / name).is_file():
        pytest.skip(f"the sample {name} is not here")
    events, _estimates = readings(read(SAMPLES[name][0], (SHARED / name).read_bytes()))
    assert events[where].at().replace(microsecond=0, tzinfo=None) == expected


def test_countries_and_carriers_in_our_words():
    assert names.country("deu") == "DE"
    assert names.country("Germany") == ""
    assert names.carrier("La Poste Colissimo") == "laposte"
