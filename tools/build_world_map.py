"""Trim Natural Earth's countries to what the network map draws.

    npm pack world-atlas@2 && python tools/build_world_map.py world-atlas-2.0.2.tgz

Reads ``countries-50m.json`` (TopoJSON) from the package and writes the addon's copy without names,
without Antarctica, and on a coarser grid: two thirds of the size, and no visible difference at the
scales at which a network of warehouses is drawn.
"""

from __future__ import annotations

import argparse
import json
import tarfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "addons/oms_extension/static/lib/world-atlas/countries-50m.json"
MEMBER = "package/countries-50m.json"
ANTARCTICA = "010"
GRID = 30_000  # steps of 0.012 degrees around the globe: 1.3 km


def rings(arcs: Any) -> Iterator[list[int]]:
    """The innermost lists of arc numbers of a geometry."""
    if arcs and isinstance(arcs[0], int):
        yield arcs
    else:
        for part in arcs:
            yield from rings(part)


def regrid(arc: list[list[int]], ratio: tuple[float, float]) -> list[list[int]]:
    """``arc`` (delta-encoded) on the coarser grid, without the points that fall together."""
    x = y = 0
    points: list[tuple[int, int]] = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        point = (round(x * ratio[0]), round(y * ratio[1]))
        if not points or point != points[-1]:
            points.append(point)
    if len(points) == 1:
        points *= 2  # an arc has two ends, even if they meet
    deltas = [list(points[0])]
    deltas += [[b[0] - a[0], b[1] - a[1]] for a, b in pairwise(points)]
    return deltas


def renumber(arcs: Any, numbers: dict[int, int]) -> Any:
    """``arcs`` with new arc numbers; a negative number is the arc ``~number`` reversed."""
    if isinstance(arcs, int):
        return numbers[arcs] if arcs >= 0 else ~numbers[~arcs]
    return [renumber(part, numbers) for part in arcs]


def trim(world: dict[str, Any]) -> dict[str, Any]:
    countries = [
        {"type": country["type"], "arcs": country["arcs"]}
        for country in world["objects"]["countries"]["geometries"]
        if country.get("id") != ANTARCTICA and country["type"]
    ]
    used = sorted(
        {max(arc, ~arc) for country in countries for ring in rings(country["arcs"]) for arc in ring}
    )
    numbers = {old: new for new, old in enumerate(used)}
    scale, translate = world["transform"]["scale"], world["transform"]["translate"]
    step = 360 / GRID
    ratio = (scale[0] / step, scale[1] / step)
    for country in countries:
        country["arcs"] = renumber(country["arcs"], numbers)
    return {
        "type": "Topology",
        "transform": {"scale": [step, step], "translate": translate},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": countries}},
        "arcs": [regrid(world["arcs"][old], ratio) for old in used],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("package", type=Path, help="world-atlas-2.x.tgz, as made by npm pack")
    options = parser.parse_args()
    with tarfile.open(options.package) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            parser.error(f"{options.package} holds no {MEMBER}")
        world = json.load(member)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(trim(world), separators=(",", ":")), encoding="utf-8")
    print(f"{OUTPUT.stat().st_size / 1024:.0f} KiB: {OUTPUT}")


if __name__ == "__main__":
    main()
