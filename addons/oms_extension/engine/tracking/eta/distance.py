"""Great circles for many parcels at once."""

from __future__ import annotations

import numpy as np

from ...network.geo import EARTH_RADIUS_KM
from .parcels import Floats


def great_circles_km(
    latitude: Floats, longitude: Floats, other_latitude: Floats, other_longitude: Floats
) -> Floats:
    """:func:`engine.network.geo.great_circle_km` of columns in degrees; NaN stays NaN."""
    first, second = np.radians(latitude), np.radians(other_latitude)
    half_lat, half_lon = (second - first) / 2, np.radians(other_longitude - longitude) / 2
    square = np.sin(half_lat) ** 2 + np.cos(first) * np.cos(second) * np.sin(half_lon) ** 2
    result: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(square)))
    return result
