"""The explanation of an arrival as a person reads it, in their language."""

import babel.dates

from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse

from .rows import day_of


def in_words(env, terms, city="", carrier_says=None):
    """Text of what :class:`forecast.Forecast` or the lanes gave as ``terms``.

    :param carrier_says: the carrier's own estimate, a date; shown beside, never mixed in
    """
    if not terms:
        return False
    source = terms["source"]
    if source == "learned":
        text = _learned(env, terms, city)
    elif source == "state":
        text = env._("Out for delivery: usually today. Not enough parcels to learn more yet.")
    elif source == "lane":
        text = env._(
            "%(days)s working days by the lane table. Nothing learned yet: no range.",
            days=terms["days"],
        )
    elif source == "distance":
        text = env._(
            "%(days)s working days by the distance: no lane is defined. Nothing learned yet: no "
            "range.",
            days=terms["days"],
        )
    else:
        text = env._("As promised. Nothing learned yet: no range.")
    if note := terms.get("note"):
        text = f"{text} {_note(env, note, terms)}"
    if carrier_says:
        text += " " + env._("The carrier says %(date)s.", date=format_date(env, carrier_says))
    return text


def _note(env, note, terms):
    if note == "numpy":
        return env._("To learn, the server needs the Python package numpy.")
    return env._(
        "%(have)s of %(need)s deliveries are there to learn from.",
        have=terms["have"],
        need=terms["need"],
    )


def _learned(env, terms, city):
    start = format_date(env, day_of(terms["start"]))
    if terms["stage"] == "order":
        since = env._("From the order on %(date)s:", date=start)
    elif terms["stage"] == "handover":
        since = env._("From the hand-over on %(date)s:", date=start)
    else:
        names = dict(env["oms.shipment"]._fields["state"]._description_selection(env))
        since = env._("%(state)s since %(date)s:", state=names.get(terms["stage"], ""), date=start)
    parts = [_term(env, name, days, terms, city) for name, days in terms["terms"]]
    return env._(
        "%(since)s %(terms)s = %(days)s days. Range from %(count)s similar parcels.",
        since=since,
        terms="; ".join(parts),
        days=terms["days"],
        count=terms["similar"],
    )


def _term(env, name, days, terms, city):
    amount = _number(days, sign=name != "base")
    if name == "base":
        km = terms.get("km")
        place = city or env._("destination")
        if km is None:
            return env._("%(place)s: %(days)s days", place=place, days=amount)
        return env._("%(place)s, %(km)s km: %(days)s days", place=place, km=km, days=amount)
    if name == "weekday":
        names = babel.dates.get_day_names(
            "wide", locale=babel_locale_parse(env.context.get("lang") or env.user.lang)
        )
        weekday = names[day_of(terms["start"]).weekday()]
        if terms["stage"] == "order":
            return env._("ordered on %(weekday)s %(days)s", weekday=weekday, days=amount)
        if terms["stage"] == "handover":
            return env._("handed over on %(weekday)s %(days)s", weekday=weekday, days=amount)
        return env._("since %(weekday)s %(days)s", weekday=weekday, days=amount)
    titles = {
        "lane": env._("this lane"),
        "service": env._("this carrier and service"),
        "area": env._("this postcode area"),
        "origin": env._("this warehouse"),
        "pace": env._("parcels are slower these days")
        if days > 0
        else env._("parcels are faster these days"),
        "rest": env._("days without deliveries and rounding"),
        "age": env._("not there after %(age)s days", age=terms.get("age", 0)),
    }
    return f"{titles.get(name, name)} {amount}"


def _number(days, sign):
    text = f"{days:+.1f}" if sign else f"{days:.1f}"
    return text.removesuffix(".0").replace("-", "−")
