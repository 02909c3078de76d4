"""The house: floors import downwards only, rooms only the rooms before them, and no twins.

Read from the source, so that an import inside a function counts too.
"""

import ast
from pathlib import Path

import pytest

ADDON = Path(__file__).resolve().parents[1] / "addons" / "oms_extension"
ROOMS = ("network", "exceptions", "allocation", "tracking", "returns")
"""In the order's way: a room may use those before it."""

MAY_IMPORT = {
    "engine": {"engine"},
    "models": {"models", "engine"},
    "wizards": {"wizards", "models", "engine"},
    "report": {"report", "models", "engine"},
    "controllers": {"controllers", "models", "engine"},
}
"""Floors, and what a module of each may import of the addon."""


def modules(folder):
    return sorted((ADDON / folder).rglob("*.py"))


def imports(path):
    """Dotted names that a module imports, those of the addon from its root: ``engine.network``."""
    package = path.relative_to(ADDON).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = [*start, *([node.module] if node.module else [])]
            for alias in node.names:
                yield ".".join([*module, alias.name])


def own(name):
    """The part below the addon of an imported name, or None for something else."""
    for prefix in ("odoo.addons.oms_extension.", "oms_extension."):
        name = name.removeprefix(prefix)
    return name.split(".") if name.split(".")[0] in MAY_IMPORT else None


def room(parts):
    """The room of a path or of a dotted name below the addon; None for a hall."""
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else None


@pytest.mark.parametrize("path", modules("engine"), ids=lambda path: str(path.relative_to(ADDON)))
def test_the_engine_knows_neither_odoo_nor_a_database(path):
    foreign = {"odoo", "psycopg2", "werkzeug", "requests", "sqlite3", "socket", "urllib"}
    assert not {name.split(".")[0] for name in imports(path)} & foreign


@pytest.mark.parametrize("floor", MAY_IMPORT)
def test_floors_import_downwards_only(floor):
    for path in modules(floor):
        for name in imports(path):
            parts = own(name)
            assert parts is None or parts[0] in MAY_IMPORT[floor], f"{path}: {name}"


@pytest.mark.parametrize("floor", MAY_IMPORT)
def test_rooms_use_only_the_rooms_before_them(floor):
    for path in modules(floor):
        here = room(path.relative_to(ADDON).parts)
        for name in imports(path):
            parts = own(name)
            there = room(parts) if parts else None
            if here and there:
                assert ROOMS.index(there) <= ROOMS.index(here), f"{path}: {name}"


def test_a_room_has_the_same_name_on_every_floor():
    for floor in ("engine", "models"):
        folders = {path.parent for path in modules(floor)} - {ADDON / floor}
        rooms = {folder.relative_to(ADDON / floor).parts[0] for folder in folders}
        assert rooms <= set(ROOMS), floor


def test_files_stay_small_enough_to_read():
    long = {
        str(path.relative_to(ADDON)): lines
        for path in ADDON.rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) >= 450
    }
    assert not long


def test_the_money_formula_is_in_one_file():
    """Tariffs and late days are turned into money in ``cost.py`` alone."""
    prices = {"cost_per_kg", "late_day_cost", "extra_parcel_penalty"}
    readers = {
        path.name
        for path in modules("engine/allocation")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.BinOp)
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and part.attr in prices
    }
    assert readers == {"cost.py"}
