"""Locating an address by country and postcode: what the lookup does, and how near the table is."""

import io
from pathlib import Path

import pytest
from engine.network.geo import great_circle_km
from engine.network.postcodes import Location, PostcodeTable

TABLE = (
    Path(__file__).resolve().parents[2]
    / "addons/oms_extension/data/geography/postcode_prefixes.csv"
)
HEADER = "country,prefix,latitude,longitude,radius_km,code_length\n"


def table(*rows: str) -> PostcodeTable:
    return PostcodeTable.load(io.StringIO(HEADER + "\n".join(rows)))


ITALY = table("IT,,42.9,12.1,260,5", "IT,0,42,13,40,", "IT,00,41.9,12.5,9,", "IT,20,45.5,9.2,9,")
BRITAIN = table("GB,,52.5,-1.5,150,", "GB,S,53.4,-1.5,8,", "GB,SW,51.5,-0.2,5,")


@pytest.fixture(scope="module")
def shipped() -> PostcodeTable:
    with TABLE.open(encoding="utf-8") as stream:
        return PostcodeTable.load(stream)


def test_the_longest_known_prefix_wins():
    assert ITALY.locate("IT", "00187") == Location(41.9, 12.5, 9.0)
    assert ITALY.locate("IT", "04100") == Location(42.0, 13.0, 40.0)


def test_an_unknown_postcode_falls_back_to_the_country():
    assert ITALY.locate("IT", "90100") == Location(42.9, 12.1, 260.0)
    assert ITALY.locate("IT", "") == Location(42.9, 12.1, 260.0)


def test_an_unknown_country_has_no_location():
    assert ITALY.locate("DE", "10115") is None
    assert ITALY.locate("", "00187") is None


@pytest.mark.parametrize("written", ["20121", "I-20121", "IT 20121", " 201 21 ", "it-20121"])
def test_people_write_one_postcode_in_many_ways(written):
    assert ITALY.locate("it", written) == Location(45.5, 9.2, 9.0)


@pytest.mark.parametrize("written", ["00187", "0187", "187"])
def test_leading_zeros_lost_by_a_spreadsheet_are_restored(written):
    assert ITALY.locate("IT", written) == Location(41.9, 12.5, 9.0)


def test_two_lost_zeros_are_restored_only_where_codes_begin_with_two():
    germany = table("DE,,51,9,200,5", "DE,01,51.1,13.7,8,", "DE,106,50,10,8,", "DE,0,51.2,13,90,")
    assert germany.locate("DE", "1067") == Location(51.1, 13.7, 8.0)
    assert germany.locate("DE", "106") == Location(50.0, 10.0, 8.0)


def test_letters_count_where_postcodes_have_letters():
    assert BRITAIN.locate("GB", "sw1a 2aa") == Location(51.5, -0.2, 5.0)
    assert BRITAIN.locate("GB", "S1 2HE") == Location(53.4, -1.5, 8.0)


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(KeyError):
        PostcodeTable.load(io.StringIO("country,prefix\nIT,\n"))
    with pytest.raises(ValueError):
        table("IT,,north,12.1,260,5")


@pytest.mark.parametrize(
    ("country", "postcode", "latitude", "longitude", "within_km"),
    [
        ("IT", "00187", 41.90, 12.49, 10),
        ("IT", "80121", 40.84, 14.22, 15),
        ("IT", "90133", 38.12, 13.37, 10),
        ("DE", "10115", 52.53, 13.38, 10),
        ("DE", "80331", 48.14, 11.57, 10),
        ("FR", "13001", 43.30, 5.38, 10),
        ("FR", "97400", -20.88, 55.45, 40),
        ("ES", "08001", 41.38, 2.17, 15),
        ("ES", "28013", 40.42, -3.70, 15),
        ("PL", "00-001", 52.23, 21.00, 10),
        ("PL", "80-001", 54.35, 18.65, 10),
        ("GB", "M1 1AE", 53.48, -2.24, 15),
        ("NL", "1011 AB", 52.37, 4.91, 10),
        ("PT", "4000-001", 41.15, -8.61, 15),
        ("SE", "111 22", 59.33, 18.05, 10),
        ("GR", "104 31", 37.99, 23.73, 10),
        ("US", "02134-1000", 42.36, -71.13, 15),
        ("US", "99501", 61.22, -149.89, 25),
        ("CA", "H2Y 1C6", 45.50, -73.55, 10),
        ("BR", "01027-000", -23.54, -46.63, 15),
    ],
)
def test_the_shipped_table_finds_cities(shipped, country, postcode, latitude, longitude, within_km):
    place = shipped.locate(country, postcode)
    assert great_circle_km(place.latitude, place.longitude, latitude, longitude) < within_km


def test_the_shipped_table_covers_the_world(shipped):
    assert len(shipped.countries) > 230
    for country in shipped.countries:
        place = shipped.locate(country, "")
        assert -90 <= place.latitude <= 90
        assert -180 <= place.longitude <= 180
        assert place.precision >= 1
