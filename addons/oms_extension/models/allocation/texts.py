"""Every sentence that explains an allocation, in the reader's language.

The engine gives codes with parameters (``engine/allocation/reasons.py``). The functions here take
the code and parameters whose ids are names already, and give the sentence.
"""

from ...engine.allocation import reasons

BY_POLICY = "by_policy"
"""Label of the plan that the policy would take where a person took another."""


def with_names(env, params):
    """The parameters of a reason with names for the ids of a country, channel or service."""
    named = dict(params)
    if named.get("country"):
        country = env["res.country"].search([("code", "=", named["country"])], limit=1)
        named["country"] = country.name or named["country"]
    for name, model in (("channel", "crm.team"), ("service", "delivery.carrier")):
        if isinstance(named.get(name), int):
            named[name] = env[model].sudo().browse(named[name]).display_name
    return named


def ruled_out(env, code, params):
    """Why a warehouse may not ship a line.

    :param params: of the reason; ``country``, ``channel`` and ``service`` as names.
    """
    match code:
        case reasons.NOT_ONLINE:
            return env._("Accepts no online orders.")
        case reasons.COUNTRY_NOT_SERVED:
            return env._("Does not serve %(country)s.", country=params["country"])
        case reasons.CHANNEL_NOT_SERVED:
            return env._("Does not serve the channel %(channel)s.", channel=params["channel"])
        case reasons.NO_LANE:
            return env._("No lane leads to this address.")
        case reasons.SERVICE_NOT_OFFERED:
            return env._("Does not offer %(service)s.", service=params["service"])
        case reasons.CLOSED:
            return env._("Closed for the next %(days)s days.", days=params["days"])
        case reasons.CAPACITY:
            return env._("Full for the next %(days)s days.", days=params["days"])
        case reasons.TOO_HEAVY:
            return env._(
                "One unit weighs %(weight)s kg, its parcels hold %(limit)s kg at most.",
                weight=f"{params['weight']:g}",
                limit=f"{params['limit']:g}",
            )
        case reasons.NO_STOCK:
            if not params.get("on_hand"):
                return env._("Has none in stock.")
            if params.get("safety") and params["safety"] >= params["on_hand"]:
                return env._(
                    "Nothing free: all %(on_hand)s on hand are the safety buffer.",
                    on_hand=params["on_hand"],
                )
            if params.get("safety"):
                return env._(
                    "Nothing free: of %(on_hand)s on hand, %(safety)s are the safety buffer and "
                    "the rest is promised.",
                    on_hand=params["on_hand"],
                    safety=params["safety"],
                )
            return env._(
                "Nothing free: all %(on_hand)s on hand are promised to other orders.",
                on_hand=params["on_hand"],
            )
        case _:
            return env._("May not ship this line.")


def shortage_cause(env, code):
    """Why units do not ship now."""
    match code:
        case reasons.NO_STOCK:
            return env._("No warehouse that may ship has them.")
        case reasons.NO_LANE:
            return env._("No lane leads to this address.")
        case reasons.NO_WAREHOUSE:
            return env._("No warehouse may ship them.")
        case reasons.CAPACITY:
            return env._("Every warehouse that has them is full.")
        case reasons.TOO_HEAVY:
            return env._("One unit is too heavy for every parcel service.")
        case reasons.LIMIT_PARCELS:
            return env._("There is stock, but the policy allows no more parcels.")
        case reasons.SHIP_COMPLETE:
            return env._("The policy ships complete orders only, and something else is missing.")
        case reasons.MIN_SPLIT:
            return env._("The line is worth too little to be divided over warehouses.")
        case reasons.TOO_COSTLY:
            return env._("Shipping them would cost more than the policy pays to avoid a wait.")
        case reasons.BY_HAND:
            return env._("A person let them wait.")
        case _:
            return env._("They cannot ship now.")


def shortage_next(env, warehouse, expected, confirmed, cause):
    """What becomes of units that do not ship now.

    :param cause: of :data:`reasons.SHORTAGE_CAUSES`
    :param warehouse: name of the one where they wait, or None.
    :param expected: formatted date on which they can leave, or None.
    """
    if not warehouse:
        return env._("They wait until a warehouse can ship them; an exception says so to Planning.")
    if cause in reasons.HELD_CAUSES:
        return env._(
            "They wait at %(warehouse)s, whether it has them or not, until the order may be "
            "allocated otherwise. An exception says so.",
            warehouse=warehouse,
        )
    if expected:
        return env._(
            "Back-ordered at %(warehouse)s, expected to leave on %(date)s.",
            warehouse=warehouse,
            date=expected,
        )
    if confirmed:
        return env._(
            "Back-ordered at %(warehouse)s, which ships them when goods arrive. "
            "An exception asks Planning to see to it.",
            warehouse=warehouse,
        )
    return env._(
        "Will be back-ordered at %(warehouse)s, which ships them when goods arrive.",
        warehouse=warehouse,
    )


def left_to_odoo(env, code):
    """Why allocation does not decide a line."""
    match code:
        case "service":
            return env._("Nothing to ship.")
        case "route":
            return env._("A route was chosen for it.")
        case "make_to_order":
            return env._("Made or bought for this very order.")
        case "dropship":
            return env._("The vendor ships it to the customer.")
        case "fraction":
            return env._("Not a whole number of units.")
        case _:
            return env._("Odoo's own rules procure it.")


def alternative(env, code, params):
    """Name of a plan that was not taken.

    :param params: of the label; ``warehouse`` as a name.
    """
    match code:
        case reasons.SINGLE_WAREHOUSE:
            return env._("Everything from %(warehouse)s", warehouse=params["warehouse"])
        case reasons.WITHOUT_WAREHOUSE:
            return env._("Without %(warehouse)s", warehouse=params["warehouse"])
        case reasons.FEWER_PARCELS:
            if params["parcels"] == 1:
                return env._("One parcel")
            return env._("Only %(parcels)s parcels", parcels=params["parcels"])
        case reasons.CHEAPEST:
            return env._("The cheapest way")
        case _ if code == BY_POLICY:
            return env._("As the policy decides")
        case _:
            return env._("Another way")


def rule(env, code):
    """Name of a rule, short enough for the head of a column."""
    match code:
        case "priority":
            return env._("Priority")
        case "nearest":
            return env._("Nearest")
        case "fewest_parcels":
            return env._("Fewest parcels")
        case "stay_in_country":
            return env._("Same country")
        case "balance_stock":
            return env._("Highest stock")
        case "oldest_stock":
            return env._("Oldest stock")
        case "cheapest":
            return env._("Cheapest")
        case "fastest":
            return env._("Fastest")
        case _:
            return code


def conclusion(env, mode, chosen, best, best_has, locked, missing):
    """Why a line ships from where it does, in one sentence.

    :param chosen: names of the warehouses that ship it.
    :param best: name of the best place for this line alone, or None.
    :param best_has: units that ``best`` has, if they are not enough for the line; else None.
    :param locked: whether a person locked some of it.
    :param missing: units that do not ship now.
    """
    if not chosen:
        return env._("Nothing of this line ships now.")
    places = ", ".join(chosen)
    if locked:
        return env._("A person decided that it ships from %(places)s.", places=places)
    if missing:
        return env._(
            "All that may ship comes from %(places)s; %(missing)s wait.",
            places=places,
            missing=missing,
        )
    if mode == "rules":
        return env._("The first rule that does not tie leads to %(places)s.", places=places)
    if len(chosen) > 1:
        return env._(
            "Divided over %(places)s: with what the other lines need and what each has, "
            "nothing is cheaper.",
            places=places,
        )
    if best and best != chosen[0]:
        if best_has is not None:
            return env._(
                "%(best)s would be cheapest but has only %(units)s; %(place)s ships them together.",
                best=best,
                units=best_has,
                place=places,
            )
        return env._(
            "By itself it would be cheapest from %(best)s; together with the other lines it is "
            "cheaper from %(place)s.",
            best=best,
            place=places,
        )
    return env._("%(place)s is the cheapest place for it.", place=places)
