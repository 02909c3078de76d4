"""What goes wrong at the doors, in words that say what to do."""


def refusals(env):
    """Why a webhook was refused, by the problem of ``engine/tracking/signatures.py``."""
    return {
        "no_secret": env._("No secret is set here: nothing can be accepted."),
        "bad_secret": env._("The secret, key or algorithm that is set here cannot be right."),
        "missing_header": env._("The header with the signature was missing."),
        "malformed": env._("The signature is not in the form of this scheme."),
        "wrong_signature": env._("The signature is wrong: compare the secret with the sender's."),
        "wrong_time": env._(
            "The message is older than five minutes, or the sender's clock is off."
        ),
        "unknown_key": env._("It was signed with a public key that is not known here (yet)."),
        "library_missing": env._("A Python library is missing: see the documentation."),
        "too_large": env._("The message was larger than 2 MiB."),
        "encoded": env._("The message was compressed: send it as it is."),
        "empty": env._("The message was empty."),
    }


def unreadable(env, problem):
    """The sentence for an ``Unreadable`` of ``engine/tracking/formats``."""
    names = {"path": problem.path, "detail": problem.detail}
    match problem.problem:
        case "empty":
            return env._("There is nothing in it.")
        case "not_utf8":
            return env._("It is not text in UTF-8.")
        case "not_json":
            return env._("It is not JSON: %(detail)s.", detail=problem.detail)
        case "too_deep":
            return env._("It is nested too deeply.")
        case "not_finite":
            return env._("It holds a number that is none (%(detail)s).", detail=problem.detail)
        case "missing":
            return env._("%(path)s is missing.", path=problem.path)
        case "not_edi":
            return env._("It is no EDI message: %(detail)s.", detail=problem.detail)
        case "not_csv":
            return env._("It is no CSV file: %(detail)s.", detail=problem.detail)
        case "column_missing":
            return env._("The column %(detail)s is missing.", detail=problem.detail)
        case "library_missing":
            return env._(
                "The Python library %(detail)s is needed to read it: install it.",
                detail=problem.detail,
            )
        case _:
            return _wrong_kind(env, problem.problem, names)


def _wrong_kind(env, problem, names):
    match problem:
        case "not_an_object":
            return env._("%(path)s must be an object, not %(detail)s.", **names)
        case "not_a_list":
            return env._("%(path)s must be a list, not %(detail)s.", **names)
        case "not_text":
            return env._("%(path)s must be a text, not %(detail)s.", **names)
        case "not_a_number":
            return env._("%(path)s must be a number, not %(detail)s.", **names)
        case _:
            return env._("It could not be read (%(detail)s).", detail=names["detail"])
