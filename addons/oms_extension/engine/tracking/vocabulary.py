"""The one vocabulary of shipment tracking: states, reasons, and who is responsible.

States are the union of what five aggregators tell apart (AfterShip, EasyPost, karrio, Shippo,
17TRACK); reasons are karrio's ``TrackingIncidentReason`` (karrio/core/units.py, LGPL-3), whose
prefixes name the responsible party, with some that its carriers lack. ``rules.py`` says how a
shipment's state follows from its events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Party = Literal["", "carrier", "shipper", "recipient", "customs", "weather", "other"]
"""Who is responsible for what happened; empty where nothing went wrong."""

PARTIES: Final[tuple[Party, ...]] = (
    "carrier",
    "shipper",
    "recipient",
    "customs",
    "weather",
    "other",
)


@dataclass(frozen=True, slots=True)
class State:
    """What a shipment can be.

    :ivar rank: progress; at equal times the higher one is the later.
    :ivar terminal: nothing is to be expected after it.
    :ivar trouble: off the plan. :ivar action: a person must act.
    :ivar physical: the carrier holds, or held, the parcel.
    :ivar party: who is responsible unless a reason says otherwise.
    """

    key: str
    rank: int
    terminal: bool = False
    trouble: bool = False
    action: bool = False
    physical: bool = True
    party: Party = ""


STATES: Final[dict[str, State]] = {
    state.key: state
    for state in (
        State("pending", 0, physical=False),
        State("expired", 5, trouble=True, physical=False),
        State("label_created", 10, physical=False),
        State("picked_up", 20),
        State("in_transit", 30),
        State("customs", 35, party="customs"),
        State("delayed", 36, trouble=True, party="carrier"),
        State("on_hold", 37, trouble=True, action=True),
        State("out_for_delivery", 50),
        State("attempt_failed", 55, trouble=True, action=True, party="recipient"),
        State("ready_for_pickup", 60, action=True),
        State("exception", 70, trouble=True, action=True),
        State("damaged", 75, trouble=True, action=True, party="carrier"),
        State("lost", 80, terminal=True, trouble=True, action=True, party="carrier"),
        State("returning", 85, trouble=True),
        State("delivered", 90, terminal=True),
        State("returned", 95, terminal=True, trouble=True),
        State("cancelled", 99, terminal=True, physical=False),
    )
}
"""Every state by its key, by rank."""

REASONS: Final[dict[str, Party]] = {
    "carrier_damaged_parcel": "carrier",
    "carrier_sorting_error": "carrier",
    "carrier_address_not_found": "carrier",
    "carrier_parcel_lost": "carrier",
    "carrier_not_enough_time": "carrier",
    "carrier_vehicle_issue": "carrier",
    "carrier_capacity": "carrier",
    "carrier_strike": "carrier",
    "consignee_refused": "recipient",
    "consignee_business_closed": "recipient",
    "consignee_not_available": "recipient",
    "consignee_not_home": "recipient",
    "consignee_incorrect_address": "recipient",
    "consignee_access_restricted": "recipient",
    "consignee_age_verification": "recipient",
    "consignee_rescheduled": "recipient",
    "consignee_unclaimed": "recipient",
    "consignee_unpaid": "recipient",
    "consignee_moved": "recipient",
    "customs_delay": "customs",
    "customs_documentation": "customs",
    "customs_duties_unpaid": "customs",
    "customs_prohibited": "customs",
    "customs_inspection": "customs",
    "weather_delay": "weather",
    "natural_disaster": "weather",
    "force_majeure": "other",
    "traffic_delay": "other",
    "holiday": "other",
    "security": "other",
    "shipper_instructions": "shipper",
    "shipper_incomplete_address": "shipper",
    "shipper_packaging": "shipper",
    "shipper_not_handed_over": "shipper",
    "delivered_neighbour": "",
    "delivered_locker": "",
    "delivered_safe_place": "",
    "delivered_signed": "",
    "delivered_cash": "",
    "picked_up_by_recipient": "",
    "unknown": "other",
}
"""Every reason, and who is responsible for it."""


def party_of(state: str, reason: str = "") -> Party:
    """Who is responsible: as the reason says, else as the state does."""
    return REASONS.get(reason) or (STATES[state].party if state in STATES else "")
