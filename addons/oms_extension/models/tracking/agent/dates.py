"""Days as people of a language write them, on the clock of the place that the parcel goes to."""

from datetime import UTC
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_skeleton, format_time

from odoo import fields
from odoo.tools.misc import babel_locale_parse


class Dates:
    """``moment`` is always UTC without zone, as in the database."""

    def __init__(self, env, tz):
        self.zone = ZoneInfo(tz or "UTC")
        self.locale = babel_locale_parse(env.lang or "en_US")
        self.today = self.date(fields.Datetime.now())

    def date(self, moment):
        return self._local(moment).date()

    def day(self, moment):
        """``Thu, Nov 26``, with the year where it is another than this one."""
        return self._day(self.date(moment)) if moment else ""

    def moment(self, moment):
        """``Thu, Nov 26, 15:04``."""
        if not moment:
            return ""
        local = self._local(moment)
        return f"{self._day(local.date())}, {format_time(local, 'short', locale=self.locale)}"

    def period(self, first, last):
        """``Thu, Nov 26 – Sat, Nov 28``, or one day; one of the two may be missing."""
        days = sorted({self.date(one) for one in (first, last) if one})
        if not days:
            return ""
        if len(days) == 1:
            return self._day(days[0])
        skeleton = "MMMEd" if {one.year for one in days} == {self.today.year} else "yMMMEd"
        return format_interval(days[0], days[1], skeleton, locale=self.locale)

    def is_later(self, one, other):
        """Whether ``one`` is on a later day than ``other``: within a day, nobody waits."""
        return bool(one and other) and self.date(one) > self.date(other)

    def days_between(self, first, last):
        return (self.date(last) - self.date(first)).days

    def _day(self, day):
        skeleton = "MMMEd" if day.year == self.today.year else "yMMMEd"
        return format_skeleton(skeleton, day, locale=self.locale)

    def _local(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self.zone)
