"""What customers read about a parcel's states: their words, not the carrier's, nor the staff's.

Short, true sentences that promise nothing a shop may not keep. ``env._(TEXT)`` translates them.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

HEADLINES = {
    "pending": _lt("We are preparing your parcel"),
    "label_created": _lt("We are preparing your parcel"),
    "picked_up": _lt("The carrier has your parcel"),
    "in_transit": _lt("Your parcel is on its way"),
    "customs": _lt("Your parcel is at customs"),
    "delayed": _lt("Your parcel is delayed"),
    "on_hold": _lt("Your parcel is being held"),
    "out_for_delivery": _lt("Your parcel is out for delivery"),
    "attempt_failed": _lt("Your parcel could not be delivered"),
    "ready_for_pickup": _lt("Your parcel is ready for pick-up"),
    "exception": _lt("There is a problem with your parcel"),
    "damaged": _lt("Your parcel was damaged"),
    "lost": _lt("The carrier reports your parcel as lost"),
    "returning": _lt("Your parcel is coming back to us"),
    "delivered": _lt("Your parcel was delivered"),
    "returned": _lt("Your parcel came back to us"),
    "cancelled": _lt("This parcel was cancelled"),
    "expired": _lt("There is no news of your parcel"),
}
HANDED_OVER = _lt("We handed your parcel over to the carrier")
NO_SCAN_YET = _lt("The carrier has not reported it yet.")

DELIVERED_HOW = {
    "delivered_neighbour": _lt("Your parcel was left with a neighbour"),
    "delivered_locker": _lt("Your parcel is in a parcel locker"),
    "delivered_safe_place": _lt("Your parcel was left in a safe place"),
    "picked_up_by_recipient": _lt("Your parcel was picked up"),
}

RETURN_HEADLINES = {
    "pending": _lt("Your return is announced"),
    "label_created": _lt("Your return is announced"),
    "delivered": _lt("Your return has arrived"),
    "returned": _lt("Your return has arrived"),
    "lost": _lt("The carrier reports your return as lost"),
    "damaged": _lt("Your return was damaged"),
    "cancelled": _lt("This return was cancelled"),
    "delayed": _lt("Your return is delayed"),
    "exception": _lt("There is a problem with your return"),
    "expired": _lt("There is no news of your return"),
}
RETURN_ON_ITS_WAY = _lt("Your return is on its way to us")

STEPS = {
    "ordered": _lt("Ordered"),
    "handed_over": _lt("Handed over"),
    "on_its_way": _lt("On its way"),
    "out_for_delivery": _lt("Out for delivery"),
    "ready_for_pickup": _lt("Ready for pick-up"),
    "delivered": _lt("Delivered"),
    "returning": _lt("Coming back to us"),
    "returned": _lt("Back with us"),
    "announced": _lt("Announced"),
    "arrived": _lt("Arrived"),
}
STATUSES = {
    "done": _lt("done"),
    "current": _lt("now"),
    "trouble": _lt("problem"),
    "ahead": _lt("still to come"),
}

EVENTS = {
    "pending": _lt("Expected by the carrier"),
    "label_created": _lt("Announced to the carrier"),
    "picked_up": _lt("Taken over by the carrier"),
    "in_transit": _lt("On its way"),
    "customs": _lt("At customs"),
    "delayed": _lt("Delayed"),
    "on_hold": _lt("Held"),
    "out_for_delivery": _lt("Out for delivery"),
    "attempt_failed": _lt("Delivery failed"),
    "ready_for_pickup": _lt("Ready for pick-up"),
    "exception": _lt("Problem"),
    "damaged": _lt("Damaged"),
    "lost": _lt("Lost"),
    "returning": _lt("On its way back"),
    "delivered": _lt("Delivered"),
    "returned": _lt("Back with the sender"),
    "cancelled": _lt("Cancelled"),
    "expired": _lt("No news"),
}
MESSAGE = _lt("Message from the carrier")

REASONS = {
    "carrier_damaged_parcel": _lt("It was damaged on its way."),
    "carrier_sorting_error": _lt("The carrier sorted it wrongly."),
    "carrier_address_not_found": _lt("The carrier did not find the address."),
    "carrier_parcel_lost": _lt("The carrier cannot find it."),
    "carrier_not_enough_time": _lt("The carrier ran out of time on that day."),
    "carrier_vehicle_issue": _lt("The carrier's vehicle broke down."),
    "carrier_capacity": _lt("The carrier has more parcels than it can carry."),
    "carrier_strike": _lt("There is a strike."),
    "consignee_refused": _lt("It was refused at the door."),
    "consignee_business_closed": _lt("The business was closed."),
    "consignee_not_available": _lt("Nobody was there to receive it."),
    "consignee_not_home": _lt("Nobody was at home."),
    "consignee_incorrect_address": _lt("The address is wrong or incomplete."),
    "consignee_access_restricted": _lt("The carrier could not get to the door."),
    "consignee_age_verification": _lt("The recipient's age has to be checked at the door."),
    "consignee_rescheduled": _lt("Another day was agreed with the recipient."),
    "consignee_unclaimed": _lt("It was not picked up in time."),
    "consignee_unpaid": _lt("The amount due on delivery was not paid."),
    "consignee_moved": _lt("The recipient has moved."),
    "customs_delay": _lt("Customs takes longer than usual."),
    "customs_documentation": _lt("Customs asks for documents."),
    "customs_duties_unpaid": _lt("Duties or taxes are to be paid."),
    "customs_prohibited": _lt("Customs does not let it into the country."),
    "customs_inspection": _lt("Customs inspects it."),
    "weather_delay": _lt("The weather holds it up."),
    "natural_disaster": _lt("A natural disaster holds it up."),
    "force_majeure": _lt("Something beyond the carrier's control holds it up."),
    "traffic_delay": _lt("Traffic holds it up."),
    "holiday": _lt("It is a public holiday."),
    "security": _lt("It is checked for security reasons."),
    "shipper_instructions": _lt("The carrier waits for our instructions."),
    "shipper_incomplete_address": _lt("The address that we gave is incomplete."),
    "shipper_packaging": _lt("Its packaging has to be mended."),
    "shipper_not_handed_over": _lt("The carrier has not received it from us yet."),
    "delivered_signed": _lt("Somebody signed for it."),
}

ADVICE = {
    "customs": _lt(
        "There is nothing to do unless customs or the carrier writes to you. Pay duties only on "
        "the carrier's own page or at the door, never through a link in a text message."
    ),
    "delayed": _lt("There is nothing to do: the carrier goes on as soon as it can."),
    "on_hold": _lt("If you know what the carrier waits for, tell us, and we settle it with them."),
    "out_for_delivery": _lt("Somebody should be there to receive it."),
    "attempt_failed": _lt(
        "The carrier usually comes again on the next working day, or leaves the parcel at a "
        "pick-up point. On the carrier's page you can often choose another day or place."
    ),
    "ready_for_pickup": _lt(
        "Bring an identity document and the tracking number. What is not picked up in time comes "
        "back to us."
    ),
    "exception": _lt("We are looking into it. You can ask us at any time."),
    "damaged": _lt(
        "Take pictures of the parcel and of what is in it, keep the packaging, and write to us: "
        "we settle it with you."
    ),
    "lost": _lt("We are sorry. Write to us: we settle with you what happens next."),
    "returning": _lt("Write to us if you still want it, or wait: we contact you when it is here."),
    "returned": _lt("Write to us, if you have not heard from us: we settle what happens next."),
    "delivered": _lt(
        "Not found it? Look at the neighbours' and where the carrier may have left it, then "
        "write to us."
    ),
    "expired": _lt("Write to us: we ask the carrier where it is."),
    "cancelled": _lt("If you did not expect this, write to us."),
}
ADVICE_BY_REASON = {
    "consignee_incorrect_address": _lt("Send us the right address as soon as you can."),
    "shipper_incomplete_address": _lt("Send us the right address as soon as you can."),
    "carrier_address_not_found": _lt(
        "Check the name at the door and the address in your order, and tell us what is wrong."
    ),
    "consignee_moved": _lt("Send us the new address as soon as you can."),
    "consignee_access_restricted": _lt("Tell us how the carrier gets to the door."),
    "customs_documentation": _lt(
        "Send the carrier the documents that it asked you for, such as proof of payment."
    ),
    "customs_duties_unpaid": _lt(
        "Pay the duties on the carrier's own page or at the door, never through a link in a text "
        "message. The parcel waits until then."
    ),
    "consignee_age_verification": _lt("Have an identity document at hand."),
    "delivered_neighbour": _lt("Ask at your neighbours' doors, or look for the carrier's note."),
    "delivered_locker": _lt("The carrier sends you the code that opens the locker."),
}
RETURN_ADVICE = {
    "pending": _lt("Bring the parcel to the carrier, and keep the receipt."),
    "label_created": _lt("Bring the parcel to the carrier, and keep the receipt."),
    "lost": _lt("Send us the carrier's receipt: we settle it with you."),
}
