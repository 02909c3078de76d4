"""What an event would become, shown before it is stored."""

from datetime import UTC, datetime

from odoo.tools import format_datetime

from ....engine.tracking import message
from ....engine.tracking.formats.base import clean
from ..ingest.sentences import sentence
from ..ingest.take import meaning_of


class Preview:
    """Reads events as ingest would, for one source.

    ``carrier``: ``oms.carrier`` of events that name none; ``tz``: of times that tell none.
    """

    def __init__(self, env, carrier, tz, vocabulary):
        self._env = env
        self._carriers = env["oms.carrier"]._by_code()
        self._codes = env["oms.tracking.code"].sudo()
        self._own = self._codes._mapped()
        self._states = dict(env["oms.shipment"]._fields["state"]._description_selection(env))
        self._carrier = carrier
        self._tz = tz
        self._vocabulary = vocabulary
        self._now = datetime.now(UTC)

    def of(self, event):
        """Dict of texts: ``number``, ``time``, ``zone``, ``state``, ``text``, ``place``,
        ``estimate``, ``error``. The state is empty where nobody knows the code.
        """
        if self._vocabulary and isinstance(event, dict):
            event = event | {"vocabulary": self._vocabulary}
        shown = dict.fromkeys(
            ("number", "time", "zone", "state", "text", "place", "estimate", "error"), ""
        )
        try:
            reading = message.read(event, self._now)
            code = reading.carrier or self._carrier.code or ""
            _id, vocabulary, zone = self._carriers.get(code, (None, code, ""))
            zone = reading.zone or self._tz or zone
            shown["estimate"] = self._moment(reading.estimate_at(zone), zone)
            if reading.occurred:
                shown["time"] = self._moment(reading.at(zone), zone)
        except message.Unreadable as problem:
            number = event.get("tracking_number") if isinstance(event, dict) else ""
            number = clean(str(number or ""))[:64]
            return shown | {"number": number, "error": sentence(self._env, problem)}
        state, _reason, _party = meaning_of(
            self._codes,
            self._own,
            reading.vocabulary or vocabulary,
            reading.code,
            reading.status,
            reading.text,
        )
        return shown | {
            "number": reading.number,
            "zone": zone if reading.occurred and not reading.occurred.tzinfo else "",
            "state": self._states.get(state, ""),
            "text": reading.text or reading.status or reading.code,
            "place": reading.place.text,
        }

    def _moment(self, moment, zone):
        """As people read it, on the clock of the place."""
        if not moment:
            return ""
        return format_datetime(self._env, moment.replace(tzinfo=None), tz=zone or "UTC")
