"""Which clock a place keeps, for every country and every state that Odoo knows."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from engine.tracking import timezones
from engine.tracking.timezones import zone_of
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
ROWS = list(csv.DictReader(timezones.TABLE.open(encoding="utf-8", newline="")))

# Country, state, postcode, city, zone: as the places' own clocks go.
PLACES = [
    ("IT", "", "", "", "Europe/Rome"),
    ("it", "MI", "20121", "Milano", "Europe/Rome"),
    ("GB", "", "SW1A 2AA", "", "Europe/London"),
    ("US", "", "", "", None),
    ("US", "FL", "", "", "America/New_York"),
    ("US", "FL", "34442", "HERNANDO", "America/New_York"),
    ("US", "FL", "32501", "PENSACOLA", "America/Chicago"),
    ("US", "Florida", "32401", "PANAMA CITY", "America/Chicago"),
    ("US", "US-TX", "79901", "EL PASO", "America/Denver"),
    ("US", "TX", "78701", "AUSTIN", "America/Chicago"),
    ("US", "TN", "37902", "KNOXVILLE", "America/New_York"),
    ("US", "TN", "37201", "NASHVILLE", "America/Chicago"),
    ("US", "IN", "46402", "GARY", "America/Chicago"),
    ("US", "KY", "42001", "PADUCAH", "America/Chicago"),
    ("US", "ID", "83814", "COEUR D ALENE", "America/Los_Angeles"),
    ("US", "OR", "97914", "ONTARIO", "America/Boise"),
    ("US", "AZ", "86515", "WINDOW ROCK", "America/Denver"),
    ("US", "AZ", "85001", "PHOENIX", "America/Phoenix"),
    ("US", "", "98101", "SEATTLE", "America/Los_Angeles"),
    ("US", "PR", "00901", "SAN JUAN", "America/Puerto_Rico"),
    ("US", "", "", "JACKSONVILLE FL DISTRIBUTION CENTER", "America/New_York"),
    ("US", "", "", "QUEENS NY NETWORK DISTRIBUTION CENTER", "America/New_York"),
    ("US", "", "", "Springfield", None),
    ("CA", "ON", "", "Toronto", "America/Toronto"),
    ("CA", "", "A1B 2C3", "", "America/St_Johns"),
    ("CA", "Nouvelle-Écosse", "", "", "America/Halifax"),
    ("CA", "BC", "V1G 4E4", "Dawson Creek", "America/Dawson_Creek"),
    ("BR", "São Paulo", "", "", "America/Sao_Paulo"),
    ("BR", "sao paulo", "", "", "America/Sao_Paulo"),
    ("BR", "", "69005-070", "Manaus", "America/Manaus"),
    ("BR", "", "", "", None),
    ("AU", "NSW", "2000", "", "Australia/Sydney"),
    ("AU", "NSW", "2880", "Broken Hill", "Australia/Broken_Hill"),
    ("AU", "", "0800", "Darwin", "Australia/Darwin"),
    ("MX", "BCN", "", "Tijuana", "America/Tijuana"),
    ("MX", "", "77500", "Cancún", "America/Cancun"),
    ("RU", "Novosibirsk Oblast", "", "", "Asia/Novosibirsk"),
    ("ID", "Bali", "", "", "Asia/Makassar"),
    ("ES", "", "28001", "Madrid", "Europe/Madrid"),
    ("ES", "GC", "", "", "Atlantic/Canary"),
    ("ES", "", "38001", "", "Atlantic/Canary"),
    ("PT", "", "9500-150", "Ponta Delgada", "Atlantic/Azores"),
    ("PT", "", "1000-001", "Lisboa", "Europe/Lisbon"),
    ("FR", "", "97400", "Saint-Denis", "Indian/Reunion"),
    ("RE", "", "97400", "", "Indian/Reunion"),
    ("FR", "", "75001", "Paris", "Europe/Paris"),
    ("CL", "CL-MA", "", "", "America/Punta_Arenas"),
    ("CL", "", "", "", "America/Santiago"),
    ("NZ", "", "8942", "", "Pacific/Chatham"),
    ("AR", "", "", "", "America/Argentina/Buenos_Aires"),
    ("KZ", "", "", "", "Asia/Almaty"),
    ("CN", "", "", "", "Asia/Shanghai"),
    ("CD", "Kinshasa", "", "", "Africa/Kinshasa"),
    ("CD", "", "", "", None),
    ("MN", "Ховд", "", "", "Asia/Hovd"),
    ("XX", "", "", "", None),
    ("", "", "", "", None),
]


@pytest.mark.parametrize(("country", "state", "postcode", "city", "zone"), PLACES)
def test_places_keep_their_clock(country, state, postcode, city, zone):
    assert zone_of(country, state, postcode, city) == zone


def test_every_zone_of_the_table_exists_and_no_row_is_said_twice():
    keys = [(row["country"], row["state"], row["postcodes"]) for row in ROWS]
    assert len(keys) == len(set(keys))
    for row in ROWS:
        assert ZoneInfo(row["zone"])


def test_every_country_of_the_time_zone_database_is_known():
    pytz = pytest.importorskip("pytz")
    known = {row["country"] for row in ROWS}
    nobody_lives_there = {"AQ", "UM"}
    assert set(pytz.country_timezones) - known == nobody_lives_there


def test_every_zone_belongs_to_its_country_or_keeps_the_time_of_one_that_does():
    pytz = pytest.importorskip("pytz")
    moments = [datetime(2026, month, 15, 12) for month in (1, 7)]
    for row in ROWS:
        own = [ZoneInfo(name) for name in pytz.country_timezones.get(row["country"], ())]
        zone = ZoneInfo(row["zone"])
        assert row["country"] in ("XK", "FR", "US") or any(
            all(other.utcoffset(moment) == zone.utcoffset(moment) for moment in moments)
            for other in own
        ), row


def test_one_time_for_a_whole_country_only_where_nearly_all_live_by_it():
    """A country without a row of its own answers only by state or postcode."""
    for country in ("US", "CA", "BR", "AU", "MX", "RU", "ID", "CD", "MN"):
        assert zone_of(country) is None


def test_every_state_that_odoo_ships_is_known_where_a_country_has_several_times():
    found = sorted(ROOT.glob(".oms/**/odoo/addons/base/data/res.country.state.csv"))
    if not found:
        pytest.skip("Odoo's list of states is not installed beside the project")
    elsewhere = {("US", "AA"), ("US", "AE"), ("US", "AP"), ("US", "FM")}  # post boxes of armies
    with found[0].open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            country = row["country_id:id"].upper()
            if (country, row["code"]) in elsewhere:
                continue
            for state in (row["code"], row["name"]):
                if country in ("US", "CA", "BR", "AU", "MX", "RU", "ID", "CL", "NZ", "ES", "PT"):
                    assert zone_of(country, state), (country, state)


@given(st.text(max_size=4), st.text(max_size=20), st.text(max_size=12), st.text(max_size=40))
def test_anything_may_be_asked(country, state, postcode, city):
    zone = zone_of(country, state, postcode, city)
    assert zone is None or ZoneInfo(zone)


@given(st.sampled_from(ROWS), st.text("0123456789", max_size=6))
def test_a_state_that_is_given_is_not_overruled_by_another_states_postcode(row, postcode):
    if row["names"]:
        of_state = {
            one["zone"]
            for one in ROWS
            if one["country"] == row["country"] and one["state"] in (row["state"], "")
        }
        assert zone_of(row["country"], row["state"], postcode) in of_state
