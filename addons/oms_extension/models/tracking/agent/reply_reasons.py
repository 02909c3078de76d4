"""What went wrong, and what the customer can do, by the reason that the carrier gives."""

from odoo.tools.translate import LazyTranslate

from .reasons import reason_name

_lt = LazyTranslate(__name__)

ADDRESS = _lt(
    "The address was not found. Please write to us the whole address: street, number, floor, the "
    "name at the bell, and a phone number. We give it to the carrier at once."
)
WHAT_TO_DO = {
    "consignee_incorrect_address": ADDRESS,
    "shipper_incomplete_address": ADDRESS,
    "carrier_address_not_found": ADDRESS,
    "consignee_moved": _lt(
        "Please write your new address to us: we give it to the carrier at once."
    ),
    "consignee_refused": _lt(
        "We are told that it was refused. If that is a mistake, please tell us today; otherwise it "
        "comes back to us and we pay you back."
    ),
    "consignee_access_restricted": _lt(
        "The driver could not get in. Please tell us how to reach you (gate, floor, phone number)."
    ),
    "consignee_business_closed": _lt("It was closed. Please tell us when somebody is there."),
    "consignee_unpaid": _lt("Please have the amount to be paid on delivery ready next time."),
    "consignee_age_verification": _lt(
        "Somebody of age with an identity card must be there: please see to it next time."
    ),
    "consignee_rescheduled": _lt("The carrier comes again on the day that you chose."),
    "customs_documentation": _lt(
        "Customs misses papers: we send what we have. If you are asked for any, please answer soon."
    ),
    "customs_duties_unpaid": _lt(
        "Duties and taxes must be paid before it goes on: please look for the carrier's message, "
        "also among unwanted mail."
    ),
    "customs_inspection": _lt(
        "It is being inspected: nothing has to be done, it goes on by itself."
    ),
}
"""Complete sentences for the customer."""
NOT_SAID = {"unknown", "shipper_instructions", "shipper_packaging", "shipper_not_handed_over"}
"""Reasons that say nothing to a customer."""


def what_to_do(env, reason):
    """A sentence, or an empty text where the reason asks nothing of the customer."""
    text = WHAT_TO_DO.get(reason or "")
    return env._(text) if text is not None else ""


def because(env, reason):
    """The reason as part of a sentence, or an empty text where it says nothing."""
    return "" if not reason or reason in NOT_SAID else reason_name(env, reason)
