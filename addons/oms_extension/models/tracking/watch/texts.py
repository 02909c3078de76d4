"""What a cause is called, and what to do about it."""

from odoo.tools.translate import LazyTranslate

from ..agent.advice import advice
from ..agent.reasons import reason_name

_lt = LazyTranslate(__name__)

NAMES = {
    "no_scan": _lt("%(parcel)s: not scanned since its hand-over"),
    "silent": _lt("%(parcel)s: no news since its last scan"),
    "silent_at": _lt("%(parcel)s: no news since %(place)s"),
    "number": _lt("%(parcel)s: the carrier does not know it, or not any more"),
    "attempt": _lt("%(parcel)s: delivery failed"),
    "attempts": _lt("%(parcel)s: %(attempts)s failed deliveries"),
    "address": _lt("%(parcel)s: the address is wrong"),
    "held": _lt("%(parcel)s: held by the carrier"),
    "customs": _lt("%(parcel)s: held in customs"),
    "problem": _lt("%(parcel)s: the carrier reports a problem"),
    "uncollected": _lt("%(parcel)s: waits at the pick-up point"),
    "damaged": _lt("%(parcel)s: damaged"),
    "lost": _lt("%(parcel)s: lost"),
    "returning": _lt("%(parcel)s: comes back undelivered"),
    "late": _lt("%(parcel)s: will be later than promised"),
    "overdue": _lt("%(parcel)s: later than promised"),
}
TELL_REASON = {"number", "attempt", "held", "customs", "problem", "damaged", "lost", "returning"}


def name(env, shipment, cause):
    """What happened, in one line: the list of exceptions shows little else."""
    place = shipment.last_event_place
    key = cause.kind
    if key == "silent" and place:
        key = "silent_at"
    elif key == "attempt" and shipment.attempts > 1:
        key = "attempts"
    elif key == "late" and cause.facts["passed"]:
        key = "overdue"
    pattern = env._(NAMES[key])
    title = pattern % {"parcel": shipment.name, "place": place, "attempts": shipment.attempts}
    if cause.reason and cause.kind in TELL_REASON:
        reason = reason_name(env, cause.reason)
        return env._("%(title)s (%(reason)s)", title=title, reason=reason)
    return title


def action(env, shipment, cause):
    """The next step, in one sentence or two."""
    carrier = shipment.oms_carrier_id.name or env._("the carrier")
    match cause.kind:
        case "no_scan":
            return env._(
                "Look whether it still stands in the warehouse; if it was handed over, ask "
                "%(carrier)s to look for it.",
                carrier=carrier,
            )
        case "silent" if cause.severity == 2:
            return env._(
                "Open a search with %(carrier)s, and offer the customer a replacement or the money "
                "back: parcels that are silent for so long are often lost.",
                carrier=carrier,
            )
        case "silent":
            return env._(
                "Ask %(carrier)s where it is; its parcels there are usually scanned within "
                "%(hours)d hours.",
                carrier=carrier,
                hours=cause.facts["usual"],
            )
        case "number":
            return env._(
                "Compare the tracking number with the label. If it is right, ask %(carrier)s.",
                carrier=carrier,
            )
        case "late" if cause.facts["sure"] and not cause.facts["passed"]:
            return env._("Tell the customer the new date: it cannot arrive in time any more.")
        case "late":
            return env._("Tell the customer the new date, and ask %s what holds it up.", carrier)
        case "damaged" if shipment.state != "damaged" and shipment.state != "delivered":
            return env._("It goes on although damaged: ask the customer for photos on arrival.")
        case _:
            return advice(env, shipment)


def silent_carrier(env, carrier, heard_at):
    """(name, action) for a carrier of which nothing is heard at all."""
    if heard_at:
        return (
            env._("%(carrier)s: no news of any parcel", carrier=carrier.name),
            env._(
                "Look at the carrier's connection first: keys, webhooks and files. Its silent "
                "parcels are reported one by one as soon as it speaks of any other."
            ),
        )
    return (
        env._("%(carrier)s: its parcels are not tracked", carrier=carrier.name),
        env._(
            "Nothing was ever heard of its parcels. Connect it under Configuration, or close this "
            "if they are not to be tracked: then none of them is reported as silent."
        ),
    )
