"""Whose a tracking number is: published samples, check digits, and what must never be claimed."""

import re
import string

import pytest
from engine.tracking import numbers
from engine.tracking.meaning import VOCABULARIES
from engine.tracking.numbers import normalise, recognise
from hypothesis import assume, example, given
from hypothesis import strategies as st

digits = st.text("0123456789", min_size=1)

# Number, carrier, whether it is certain. Sources: the carriers' and standards' own published
# samples, jkeen/tracking_number_data (MIT), and the samples beside the research.
SAMPLES = [
    ("1Z1442YY7229014688", "ups", True),
    ("1Z5R89390357567127", "ups", True),
    ("9400109104250532908587", "usps", True),
    ("420221539101026837331000039521", "usps", True),
    ("03071790000523483741", "usps", False),
    ("RB123456785GB", "royalmail", True),
    ("RR473124829GB", "royalmail", True),
    ("EW112720413FR", "laposte", True),
    ("LX210720682NL", "postnl", True),
    ("EB000717618HK", "hongkong_post", True),
    ("00340434161094042557", "dhl_parcel_de", True),
    ("9611020987654312345672", "fedex", True),
    ("986578788855", "fedex", False),
    ("0414 4176 0228 964", "fedex", False),
    ("61299998820821171811", "fedex", False),
    ("7777777770", "dhl_express", False),
    ("JD014600006281230704", "dhl_express", False),
    ("4343638097845589", "canadapost", False),
    ("TBA123456789012", "amazon_shipping", False),
    ("C10999911320231", "ontrac", True),
    ("3SDEVC172649258", "postnl", False),
    ("6A12345678901", "laposte", False),
    ("12345678901", "gls", False),
]


@pytest.mark.parametrize(("number", "carrier", "certain"), SAMPLES)
def test_published_samples_are_recognised(number, carrier, certain):
    first = recognise(number)[0]
    assert (first.carrier, first.certain) == (carrier, certain)


@pytest.mark.parametrize("number", [sample for sample, _carrier, certain in SAMPLES if certain])
def test_without_the_library_the_certain_ones_stay_certain(number, monkeypatch):
    monkeypatch.setattr(numbers, "DEFINITIONS", [])
    numbers._recognise.cache_clear()
    try:
        found = recognise(number)
    finally:
        numbers._recognise.cache_clear()
    assert found
    assert found[0].certain or found[0].carrier == "ontrac"


def test_the_carriers_of_numbers_are_those_of_the_codes():
    """Where a carrier has codes here, a number leads to them: one key for one carrier."""
    keys = {form.carrier for form in numbers.FORMS}
    spoken_for = keys & set(VOCABULARIES)
    assert {"ups", "usps", "fedex", "dhl_express", "gls", "laposte", "dpd"} <= spoken_for
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in keys)


@given(st.text(max_size=60))
@example("1z\t1442-yy72\u00a029014688")
@example("ß1ǆ")
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=60))
def test_anything_may_be_asked_and_certainty_needs_a_check_digit(text):
    for guess in recognise(text):
        assert guess.carrier
        assert guess.name
        assert guess.checked or not guess.certain


@given(digits)
def test_a_row_of_digits_is_certain_only_with_a_prefix_of_its_own(number):
    if any(guess.certain for guess in recognise(number)):
        assert re.match(r"(420\d{5,9})?9[1-6]|(00)?340434", number)


@given(st.sampled_from(["9400109104250532908587", "00340434161094042557"]), st.data())
def test_one_wrong_digit_is_found_where_the_weights_allow_it(number, data):
    place = data.draw(st.integers(0, len(number) - 1))
    digit = data.draw(st.sampled_from(string.digits))
    assume(number[place] != digit)
    changed = number[:place] + digit + number[place + 1 :]
    assert not any(guess.certain for guess in recognise(changed))


@given(st.sampled_from(["1Z1442YY7229014688", "RR473124829GB", "LX210720682NL"]), st.data())
def test_one_wrong_digit_is_found_elsewhere_but_for_the_blind_spots_of_the_method(number, data):
    """UPS doubles every second digit modulo 10, so that 0 and 5, 1 and 6 … look alike there; UPU
    writes the remainders 0 and 6 of modulo 11 alike."""
    places = [place for place, one in enumerate(number) if one.isdigit() and place > 1]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from(string.digits))
    assume(number[place] != digit)
    changed = number[:place] + digit + number[place + 1 :]
    if any(guess.certain for guess in recognise(changed)):
        alike = abs(int(digit) - int(number[place]))
        assert alike == 5 if number.startswith("1Z") else number[10] == "5"


@given(st.integers(0, 99_999_999), st.sampled_from(["IT", "DE", "US", "JP"]))
def test_exactly_one_check_digit_is_right_for_a_postal_item(serial, country):
    right = [d for d in range(10) if recognise(f"CP{serial:08}{d}{country}")]
    assert len(right) == 1


@given(st.integers(0, 10**14 - 1))
def test_a_parcel_number_of_dpd_has_one_check_character(serial):
    right = [
        one
        for one in string.digits + string.ascii_uppercase
        if numbers.iso7064(f"{serial:014}{one}")
    ]
    assert len(right) == 1


def test_dpds_check_character_is_that_of_the_standard():
    mod_37_36 = pytest.importorskip("stdnum.iso7064.mod_37_36")
    for number in ("01505000001234", "10905012345678", "09980525000012"):
        whole = number + mod_37_36.calc_check_digit(number)
        assert numbers.iso7064(whole)
        assert "dpd" in {guess.carrier for guess in recognise(whole)}


def test_gs1_check_digits_are_those_of_the_standard():
    luhn = pytest.importorskip("stdnum.ean")
    assert luhn.is_valid("4006381333931") and numbers.modulo10("4006381333931")
    assert not numbers.modulo10("4006381333932")


def test_what_is_no_number_is_nobodys():
    for text in (
        "",
        "-",
        "order 15",
        "AA123456789BR",
        "ASENDIA123456789",
        "RR123456785QQ",
        "1" * 99,
    ):
        assert recognise(text) == []
