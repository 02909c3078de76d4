"""A year of returns: what was sold and came back, why, and the scenes that a visitor is shown."""

from .back import Back
from .club import ClubOrder
from .told import Club, tell_club

__all__ = ["Back", "Club", "ClubOrder", "tell_club"]
