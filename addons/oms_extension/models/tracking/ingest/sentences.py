"""What is wrong with an event, in words that say what to do."""


def sentence(env, problem):
    """The sentence for an ``Unreadable`` of ``engine/tracking/message.py``."""
    names = {"field": problem.field, "value": problem.value}
    match problem.problem:
        case "not_an_object":
            return env._("An event is an object with a tracking_number and what happened.")
        case "unknown_field":
            return env._("Unknown field %(field)s: see the documentation.", field=problem.field)
        case "missing":
            return env._("%(field)s is missing.", field=problem.field)
        case "not_text":
            return env._("%(field)s must be a text.", field=problem.field)
        case "too_long":
            return env._("%(field)s is too long: %(value)s…", **names)
        case "no_content":
            return env._("Say what happened: code, status or description.")
        case "bad_time":
            return env._(
                "%(field)s: '%(value)s' is no time; write it like 2026-01-31T14:00:00+01:00.",
                **names,
            )
        case "bad_zone":
            return env._(
                "'%(value)s' is no time zone; write it like Europe/Rome.", value=problem.value
            )
        case "too_early":
            return env._("%(value)s lies before the year 2000.", value=problem.value)
        case "in_the_future":
            return env._(
                "%(value)s lies in the future: what is only expected goes into estimated_delivery.",
                value=problem.value,
            )
        case _:
            return env._("%(field)s: '%(value)s' is no place.", **names)
