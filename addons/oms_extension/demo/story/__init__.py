"""The demo's story as plain data: made from a seed and a date, without Odoo and without a clock.

``tell(today)`` is the way in. The loader beside this package (``demo/models``) writes the story
into Odoo.
"""

from .story import Story, tell

__all__ = ["Story", "tell"]
