"""Days and times as the reader's language writes them, on the clock of the place they speak of."""

from datetime import UTC
from functools import lru_cache
from zoneinfo import ZoneInfo

import babel.dates

from odoo.tools.misc import babel_locale_parse


class Clock:
    """Writes UTC moments.

    :param lang: code of the reader's language; ``zone``: IANA name of the recipient's place
    """

    def __init__(self, lang, zone):
        self.locale = babel_locale_parse(lang)
        self.zone = _zone(zone)

    def local(self, moment, zone=""):
        """A naive UTC moment on the clock of a place, by default the recipient's."""
        return moment.replace(tzinfo=UTC).astimezone(_zone(zone) if zone else self.zone)

    def day(self, moment, zone=""):
        """``Thursday, March 5, 2026``"""
        return babel.dates.format_date(self.local(moment, zone).date(), "full", self.locale)

    def short_day(self, moment, zone=""):
        """``Thu, Mar 5``"""
        day = self.local(moment, zone).date()
        return babel.dates.format_skeleton("MMMEd", day, locale=self.locale)

    def days(self, first, last):
        """``Thu, Mar 5 – Mon, Mar 9``, one day where both are the same."""
        days = self.local(first).date(), self.local(last).date()
        if days[0] == days[1]:
            return babel.dates.format_date(days[0], "full", self.locale)
        return babel.dates.format_interval(*days, "MMMEd", locale=self.locale)

    def hour(self, moment, zone=""):
        """``2:05 PM``"""
        local = self.local(moment, zone)
        return babel.dates.format_time(
            local.time(), "short", locale=self.locale, tzinfo=local.tzinfo
        )

    def zone_name(self, moment, zone=""):
        """(``CET``, ``Central European Standard Time``), or (``UTC-3``, …) where it has no name."""
        local = self.local(moment, zone)
        name = local.tzname() or ""
        if not name.isalpha():
            minutes = int(local.utcoffset().total_seconds() // 60)
            hours, rest = divmod(abs(minutes), 60)
            name = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
        return name, babel.dates.get_timezone_name(local, "long", locale=self.locale)


@lru_cache(512)
def _zone(name):
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
