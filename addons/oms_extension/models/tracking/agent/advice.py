"""What the agent should do about a parcel now, in one or two sentences."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

ADVICE = {
    "pending": _lt(
        "The carrier has not scanned it yet. Ask the warehouse whether it was handed over."
    ),
    "expired": _lt("The carrier gives no news any more: open an inquiry with the carrier."),
    "label_created": _lt(
        "The carrier knows of it but does not have it yet: nothing to do before its first scan."
    ),
    "picked_up": _lt("Nothing: it is on its way as planned."),
    "in_transit": _lt("Nothing: it is on its way as planned."),
    "customs": _lt(
        "Wait; ask the carrier after three working days whether customs needs anything."
    ),
    "delayed": _lt("Tell the customer the new date."),
    "on_hold": _lt("Ask the carrier why it is held and what releases it."),
    "out_for_delivery": _lt("Nothing: it is with the driver today."),
    "attempt_failed": _lt("Ask the customer when somebody is there, and tell the carrier."),
    "ready_for_pickup": _lt("Remind the customer to pick it up before it is sent back."),
    "exception": _lt("Ask the carrier what happened and what comes next."),
    "damaged": _lt(
        "Ask the customer for photos, offer a replacement or the money back, and claim it from the "
        "carrier."
    ),
    "lost": _lt("Send a replacement or pay back, and claim it from the carrier."),
    "returning": _lt("Ask the customer whether to send it again, and where to."),
    "delivered": _lt("Nothing: it was delivered."),
    "returned": _lt("Receive it in the warehouse, then send it again or pay back."),
    "cancelled": _lt("Nothing: it is not sent."),
}
BY_REASON = {
    "consignee_incorrect_address": _lt(
        "Ask the customer for the right address and give it to the carrier."
    ),
    "shipper_incomplete_address": _lt(
        "Ask the customer for the whole address and give it to the carrier."
    ),
    "carrier_address_not_found": _lt(
        "Check the address with the customer and give it to the carrier."
    ),
    "consignee_moved": _lt("Ask the customer for the new address and give it to the carrier."),
    "consignee_refused": _lt("Ask the customer why it was refused; it comes back to us."),
    "consignee_access_restricted": _lt(
        "Ask the customer how the driver gets in (gate, floor, phone), and tell the carrier."
    ),
    "consignee_business_closed": _lt(
        "Ask the customer for the opening hours and tell the carrier."
    ),
    "consignee_unpaid": _lt("Tell the customer what is to be paid on delivery."),
    "consignee_age_verification": _lt(
        "Tell the customer that somebody of age with an identity card must be there."
    ),
    "consignee_unclaimed": _lt("Ask the customer whether to send it again: it was not picked up."),
    "customs_documentation": _lt("Send the missing papers to the carrier's customs desk today."),
    "customs_duties_unpaid": _lt(
        "Tell the customer that duties must be paid before customs lets it go."
    ),
    "customs_prohibited": _lt("Ask the carrier whether it comes back or is destroyed; pay back."),
    "shipper_not_handed_over": _lt("Ask the warehouse where it is: the carrier did not get it."),
}
"""Says more than the state does, as long as the parcel is off the plan."""
LATE = _lt("It is later than promised: tell the customer the new date.")
DAMAGED = _lt("It had been reported damaged: ask the customer whether all is well.")
RETURN_OPEN = _lt("A return on its way to us: nothing to do before it arrives.")
RETURN_ARRIVED = _lt("Receive it in the warehouse and pay back.")
ON_ITS_WAY = {"label_created", "picked_up", "in_transit", "customs", "delayed"}
AT_REASON = {"exception", "on_hold", "attempt_failed", "customs", "delayed", "returning"}


def advice(env, shipment):
    """The advice for one shipment, in the language of ``env``."""
    state = shipment.state
    if shipment.direction == "return" and not shipment.needs_action:
        return env._(RETURN_ARRIVED if state == "delivered" else RETURN_OPEN)
    if state in AT_REASON and shipment.reason in BY_REASON:
        return env._(BY_REASON[shipment.reason])
    if state == "delivered" and shipment.was_damaged:
        return env._(DAMAGED)
    if state in ON_ITS_WAY and shipment.is_late:
        return env._(LATE)
    return env._(ADVICE[state])
