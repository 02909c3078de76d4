"""Distances on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""Mean radius R1 of the GRS 80 ellipsoid (Moritz, Journal of Geodesy 74, 2000)."""


def great_circle_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Distance in km between two points given in degrees.

    Haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984):
    well conditioned for near points, at most 0.6 % off the ellipsoid.
    """
    half_lat = radians(other_latitude - latitude) / 2
    half_lon = radians(other_longitude - longitude) / 2
    square = (
        sin(half_lat) ** 2
        + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(half_lon) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(square)))


def distance_between(
    start: tuple[float | None, float | None], end: tuple[float | None, float | None]
) -> float | None:
    """Distance in km between two (latitude, longitude), or None where a coordinate is unknown."""
    if start[0] is None or start[1] is None or end[0] is None or end[1] is None:
        return None
    return great_circle_km(start[0], start[1], end[0], end[1])
