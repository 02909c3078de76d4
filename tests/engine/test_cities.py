"""Places as carriers write them."""

from pathlib import Path

import pytest
from engine.network.cities import CityTable

ADDON = Path(__file__).resolve().parents[2] / "addons" / "oms_extension"


@pytest.fixture(scope="module")
def cities():
    return CityTable(lambda: (ADDON / "data/geography/cities.csv").open(encoding="utf-8"))


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("DE", ("Köln", "KOELN", "KÖLN", "Cologne", "koln")),
        ("IT", ("Milano", "MILAN", "Mailand")),
        ("BR", ("São Paulo", "SAO PAULO")),
        ("PL", ("Warszawa", "WARSAW", "Warschau")),
    ],
)
def test_one_city_has_one_place_however_it_is_written(cities, country, names):
    places = {cities.locate(country, name) for name in names}
    assert len(places) == 1
    assert None not in places


def test_the_state_tells_namesakes_apart(cities):
    maine, oregon = (cities.locate("US", "PORTLAND", state) for state in ("ME", "OR"))
    assert maine and oregon and maine != oregon
    assert cities.locate("us", "Portland") == oregon, "the larger one, where nothing is said"


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("IT", ""),
        ("", "Milano"),
        ("FR", "Milano"),
        ("IT", "Nowhere at All"),
        ("I,", "x"),
        ("ÎT", "x"),
    ],
)
def test_what_is_not_known_is_not_guessed(cities, country, name):
    assert cities.locate(country, name) is None


def test_every_row_is_a_place_on_earth(cities):
    for country in ("IT", "US", "FJ", "NZ", "NO"):
        for latitude, longitude in cities._read(country).values():
            assert abs(latitude) <= 90
            assert abs(longitude) <= 180
