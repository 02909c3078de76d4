"""A parcel's way on a map, as shapes for an SVG: drawn on the server, without tiles or scripts."""

from .drawing import Drawing, Mark, Stop, draw
from .land import Land

__all__ = ["Drawing", "Land", "Mark", "Stop", "draw"]
