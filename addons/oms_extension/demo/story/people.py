"""Customers: invented people and firms at real postcodes."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from random import Random

PLACES = Path(__file__).resolve().parent.parent / "data" / "places.csv"
SHARES = {"IT": 30, "DE": 23, "FR": 18, "ES": 14, "PL": 9, "AT": 2, "NL": 2, "PT": 1, "BE": 1}
PEOPLE, FIRMS = 300, 30
SWITZERLAND = "CH"


@dataclass(frozen=True, slots=True)
class Town:
    """A real town with one of its postcodes."""

    country: str
    state: str
    postcode: str
    city: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who orders. ``key`` is unique and stable."""

    key: str
    name: str
    street: str
    town: Town
    email: str
    firm: bool = False


NAMES = {
    "IT": (
        "Giulia Marco Chiara Luca Francesca Matteo Elena Davide Sara Andrea Marta Paolo Ilaria "
        "Simone Valentina Stefano Laura Nicola Silvia Giorgio",
        "Rossi Ferrari Russo Bianchi Colombo Ricci Marino Greco Gallo Conti Bruno Costa Giordano "
        "Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani",
        "Via Garibaldi|Via Roma|Corso Italia|Via Mazzini|Via Dante|Viale Europa|Via Verdi",
    ),
    "DE": (
        "Anna Lukas Katharina Jonas Sophie Felix Lena Maximilian Hannah Paul Julia Tim Laura "
        "Niklas Miriam Stefan Nina Florian Svenja Tobias",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer "
        "Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun",
        "Bahnhofstraße|Hauptstraße|Gartenstraße|Lindenweg|Schillerstraße|Am Markt|Goethestraße",
    ),
    "FR": (
        "Camille Thomas Manon Hugo Léa Julien Chloé Antoine Sarah Nicolas Inès Maxime Clara Pierre "
        "Juliette Romain Élodie Mathieu Pauline Guillaume",
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent "
        "Lefebvre Michel Garcia Fournier Girard Bonnet Rousseau Mercier",
        "Rue Victor Hugo|Rue de la République|Avenue Jean Jaurès|Rue Pasteur|Rue des Lilas|"
        "Rue du Moulin|Boulevard Carnot",
    ),
    "ES": (
        "Lucía Pablo María Javier Carmen Daniel Paula Álvaro Marta Sergio Elena Diego Laura Adrián "
        "Cristina Raúl Nuria Iván Sofía Rubén",
        "García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Martín Jiménez "
        "Ruiz Hernández Díaz Moreno Álvarez Romero Navarro Torres Domínguez",
        "Calle Mayor|Calle Real|Avenida de la Constitución|Calle del Sol|Calle San Juan|"
        "Paseo del Prado|Calle Cervantes",
    ),
    "PL": (
        "Anna Piotr Katarzyna Tomasz Magdalena Paweł Agnieszka Michał Joanna Krzysztof Monika "
        "Marcin Ewa Jakub Zofia Adam Natalia Wojciech Karolina Rafał",
        "Nowak Kowalczyk Wójcik Woźniak Mazur Krawczyk Kaczmarek Zając Król Wieczorek Dudek "
        "Stępień Jaworski Malinowski Pawlak Sikora Baran Rutkowski Szewczyk Pietrzak",
        "ul. Kościuszki|ul. Mickiewicza|ul. Słowackiego|ul. Ogrodowa|ul. Polna|"
        "ul. Lipowa|ul. Leśna",
    ),
    "NL": (
        "Sanne Daan Emma Bram Lotte Sem Fleur Thijs Noor Ruben",
        "de Jong|Jansen|de Vries|van den Berg|Bakker|Visser|Smit|Mulder|de Boer|Bos|Vos",
        "Dorpsstraat|Kerkstraat|Molenweg|Schoolstraat|Stationsweg",
    ),
    "PT": (
        "Inês João Beatriz Tiago Mariana Rui Catarina Pedro Rita Nuno",
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes",
        "Rua da Liberdade|Rua Direita|Avenida da República|Rua das Flores|Rua do Sol",
    ),
}
SPEECH = {"AT": "DE", "CH": "DE", "BE": "NL", "CZ": "DE"}
FIRM_NAMES = {
    "IT": ("Rifugio {0}", "{0} Sport S.r.l.", "Outdoor {1} S.n.c."),
    "DE": ("Bergsport {0} GmbH", "{0} Outdoor GmbH", "Ausrüster {1} KG"),
    "FR": ("{0} Montagne SARL", "Comptoir {1}", "{0} Randonnée SAS"),
    "ES": ("Deportes {0} S.L.", "{1} Aventura S.L.", "Montaña {0} S.A."),
    "PL": ("{0} Outdoor Sp. z o.o.", "Sklep Górski {1}", "{0} Turystyka S.A."),
}


def towns() -> list[Town]:
    """The towns of ``data/places.csv``, sorted by country, state and postcode."""
    with PLACES.open(encoding="utf-8", newline="") as stream:
        return [
            Town(
                row["country"],
                row["state"],
                row["postcode"],
                row["city"],
                float(row["latitude"]),
                float(row["longitude"]),
                int(row["population"]),
            )
            for row in csv.DictReader(stream)
        ]


def customers(chooser: Random) -> list[Customer]:
    """``PEOPLE`` people and ``FIRMS`` firms; more where more people live."""
    by_country: dict[str, list[Town]] = {}
    for town in towns():
        by_country.setdefault(town.country, []).append(town)
    made = []
    for number in range(1, PEOPLE + FIRMS + 1):
        firm = number > PEOPLE
        shares = {land: share for land, share in SHARES.items() if not firm or land in FIRM_NAMES}
        country = chooser.choices(list(shares), list(shares.values()))[0]
        near = by_country[country]
        town = chooser.choices(near, [one.population**0.5 for one in near])[0]
        made.append(person(f"C{number:04d}", town, chooser, firm=firm))
    return made


def person(key: str, town: Town, chooser: Random, firm: bool = False) -> Customer:
    """One customer in ``town``."""
    firsts, lasts, streets = NAMES[SPEECH.get(town.country, town.country)]
    first = chooser.choice(firsts.split())
    last = chooser.choice(lasts.split("|") if "|" in lasts else lasts.split())
    name = f"{first} {last}"
    if firm:
        name = chooser.choice(FIRM_NAMES[town.country]).format(last, town.city)
    street = f"{chooser.choice(streets.split('|'))} {chooser.randint(1, 120)}"
    return Customer(key, name, street, town, f"{_ascii(name)}.{key[1:]}@example.com", firm)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L").lower())
    letters = (char if char.isascii() and char.isalnum() else " " for char in plain
               if not unicodedata.combining(char))  # fmt: skip
    return ".".join("".join(letters).split())
