"""Names of the reasons of ``engine/tracking/vocabulary.py``, as a person says them."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

REASON_NAMES = {
    "carrier_damaged_parcel": _lt("damaged by the carrier"),
    "carrier_sorting_error": _lt("sorted wrongly by the carrier"),
    "carrier_address_not_found": _lt("address not found by the carrier"),
    "carrier_parcel_lost": _lt("lost by the carrier"),
    "carrier_not_enough_time": _lt("driver had no time"),
    "carrier_vehicle_issue": _lt("vehicle broke down"),
    "carrier_capacity": _lt("carrier short of capacity"),
    "carrier_strike": _lt("strike at the carrier"),
    "consignee_refused": _lt("refused by the recipient"),
    "consignee_business_closed": _lt("business closed"),
    "consignee_not_available": _lt("recipient not available"),
    "consignee_not_home": _lt("nobody at home"),
    "consignee_incorrect_address": _lt("address wrong or incomplete"),
    "consignee_access_restricted": _lt("no access to the address"),
    "consignee_age_verification": _lt("age to be proven"),
    "consignee_rescheduled": _lt("put off by the recipient"),
    "consignee_unclaimed": _lt("not picked up"),
    "consignee_unpaid": _lt("not paid on delivery"),
    "consignee_moved": _lt("recipient has moved"),
    "customs_delay": _lt("customs takes its time"),
    "customs_documentation": _lt("customs misses papers"),
    "customs_duties_unpaid": _lt("duties not paid"),
    "customs_prohibited": _lt("import not allowed"),
    "customs_inspection": _lt("inspected by customs"),
    "weather_delay": _lt("bad weather"),
    "natural_disaster": _lt("natural disaster"),
    "force_majeure": _lt("force majeure"),
    "traffic_delay": _lt("traffic"),
    "holiday": _lt("holiday"),
    "security": _lt("security check"),
    "shipper_instructions": _lt("our instruction"),
    "shipper_incomplete_address": _lt("address incomplete on our label"),
    "shipper_packaging": _lt("our packaging"),
    "shipper_not_handed_over": _lt("not handed over by us"),
    "delivered_neighbour": _lt("handed to a neighbour"),
    "delivered_locker": _lt("put into a parcel locker"),
    "delivered_safe_place": _lt("left in a safe place"),
    "delivered_signed": _lt("handed over against signature"),
    "delivered_cash": _lt("paid on delivery"),
    "picked_up_by_recipient": _lt("picked up by the recipient"),
    "unknown": _lt("reason unknown"),
}


def reason_name(env, reason):
    """A reason in the language of ``env``; a key that has no name as it is."""
    name = REASON_NAMES.get(reason or "")
    return env._(name) if name is not None else (reason or "")
