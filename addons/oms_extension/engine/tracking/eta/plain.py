"""A model as plain JSON values and back, for keeping it in a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .level import Levels
from .location import Effect, Location
from .model import Model
from .pace import Pace
from .spread import Spread
from .week import Week

VERSION = 1


def to_plain(model: Model) -> dict[str, Any]:
    """Numbers, texts, lists and dicts; effects of zero are left out."""
    return {
        "version": VERSION,
        "as_of": model.as_of,
        "sample": model.sample,
        "rest": list(model.week.names()),
        "intercept": model.location.intercept,
        "slope": model.location.slope,
        "centre": model.location.centre,
        "effects": _effects(model.location.effects),
        "edges": model.spread.edges.tolist(),
        "grid": model.spread.grid.tolist(),
        "tail": model.spread.tail.tolist(),
        "rows": model.spread.rows.tolist(),
        "pace": model.pace.overall,
        "paces": _effects(model.pace.groups),
        "observed": model.pace.observed,
        "expected": model.pace.expected,
        "levels": [model.levels.middle, model.levels.wide, model.levels.promise],
    }


def from_plain(data: Mapping[str, Any]) -> Model:
    """Undo :func:`to_plain`. Raises ``ValueError`` for another version's data."""
    if data.get("version") != VERSION:
        raise ValueError(f"Not a model of version {VERSION}: learn again")
    return Model(
        float(data["as_of"]),
        int(data["sample"]),
        Week(tuple(day in data["rest"] for day in range(7))),
        Location(
            float(data["intercept"]),
            float(data["slope"]),
            float(data["centre"]),
            _read_effects(data["effects"]),
        ),
        Spread(
            np.array(data["edges"], dtype=np.float64),
            np.array(data["grid"], dtype=np.float64),
            np.array(data["tail"], dtype=np.float64),
            np.array(data["rows"], dtype=np.int64),
        ),
        Pace(
            float(data["pace"]),
            _read_effects(data["paces"]),
            int(data["observed"]),
            float(data["expected"]),
        ),
        Levels(*map(float, data["levels"])),
    )


def _effects(effects: Mapping[str, Effect]) -> dict[str, dict[str, float]]:
    return {
        name: {
            label: value
            for label, value in zip(effect.labels, effect.values.tolist(), strict=True)
            if value
        }
        for name, effect in effects.items()
    }


def _read_effects(data: Mapping[str, Mapping[str, float]]) -> dict[str, Effect]:
    return {
        name: Effect(tuple(values), np.array(list(values.values()), dtype=np.float64))
        for name, values in data.items()
    }
