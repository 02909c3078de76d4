"""Bodies of messages, each to a list of events.

One small file per format; ``FORMATS`` names them all. Local times stay local, with the place that
tells their zone; what a carrier estimates stays an estimate and is never an event.
"""

from __future__ import annotations

from typing import Final

from . import (
    aftership,
    asendia,
    csv_file,
    dhl_universal,
    easypost,
    easyship,
    edifact_iftsta,
    fedex,
    gls,
    laposte,
    sendcloud,
    seventeen_track,
    shipengine,
    shippo,
    spring,
    standard,
    ups,
    usps,
    x12_214,
)
from .base import RECEIVED_AT, SENTENCES, Event, Format, Unreadable

FORMATS: Final[dict[str, Format]] = {
    module.FORMAT.key: module.FORMAT
    for module in (
        standard,
        easypost,
        shippo,
        aftership,
        seventeen_track,
        shipengine,
        sendcloud,
        easyship,
        ups,
        fedex,
        usps,
        dhl_universal,
        gls,
        laposte,
        asendia,
        spring,
        edifact_iftsta,
        x12_214,
        csv_file,
    )
}
"""Every format by its key."""

__all__ = ["FORMATS", "RECEIVED_AT", "SENTENCES", "Event", "Format", "Unreadable"]
