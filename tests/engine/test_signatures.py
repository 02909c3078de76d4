"""Webhook signatures: the published vectors, signatures made here, and every way to forge one."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from engine.tracking.signatures import SCHEMES, TOLERANCE, Options, Refused
from hypothesis import given, settings
from hypothesis import strategies as st

NOW = 1_700_000_000
KEY = "k3y-0f-the-sender"
BODY = b'{"weight": 614.4, "name": "Caf\xc3\xa9"}'
VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "webhooks"


def verdict(scheme, secret, headers, body=BODY, now=NOW, **values):
    """Empty when accepted, else what was wrong."""
    try:
        SCHEMES[scheme].verify(secret, headers, body, now, **values)
    except Refused as refused:
        assert secret == "" or secret not in str(refused)
        return refused.problem
    return ""


def hmac256(key, signed):
    return hmac.digest(key.encode() if isinstance(key, str) else key, signed, "sha256")


def b64(data):
    return base64.b64encode(data).decode()


# --- published vectors ----------------------------------------------------------------------------


def shared(name):
    path = VECTORS / name
    if not path.exists():
        return []
    content = json.loads(path.read_text(encoding="utf-8"))
    return content["cases"] if isinstance(content, dict) else content


@pytest.mark.skipif(not VECTORS.exists(), reason="the samples of webhooks are not here")
@pytest.mark.parametrize("number", range(len(shared("signature_vectors.json"))))
def test_vectors_of_the_senders(number):
    case = shared("signature_vectors.json")[number]
    body = (VECTORS / case["body"]).read_bytes()
    if case.get("cut_last_byte"):
        body = body[:-1]
    found = verdict(case["scheme"], case["secret"], case["headers"], body, case.get("now", NOW))
    assert (found == "") == case["valid"], found


@pytest.mark.skipif(not VECTORS.exists(), reason="the samples of webhooks are not here")
@pytest.mark.parametrize(
    "case", shared("standard_webhooks_vectors.json"), ids=lambda one: one["name"]
)
def test_vectors_of_standard_webhooks(case):
    found = verdict(
        "standard_webhooks", case["secret"], case["headers"], case["body"].encode(), case["now"]
    )
    assert (found == "") == case["valid"], found


# --- signatures made here -------------------------------------------------------------------------

RSA = rsa.generate_private_key(65537, 2048)
SMALL_RSA = rsa.generate_private_key(65537, 1024)
ED25519 = ed25519.Ed25519PrivateKey.generate()
STAMP = datetime.fromtimestamp(NOW, UTC).isoformat().replace("+00:00", "Z")


def jwk(private):
    numbers = private.public_key().public_numbers()

    def text(number):
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    return {"kty": "RSA", "kid": "k1", "n": text(numbers.n), "e": text(numbers.e)}


def easyship_token(claims, secret="webh_0123456789abcdef0123456789abcdef", head=None):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part(head or {"alg": "HS256", "typ": "JWT"}) + b"." + part(claims)
    signature = base64.urlsafe_b64encode(hmac256(secret, signed)).rstrip(b"=")
    return (signed + b"." + signature).decode()


def signed(scheme, body=BODY, now=NOW):
    """(secret, headers, more) as each sender makes them."""
    stamp = datetime.fromtimestamp(now, UTC).isoformat().replace("+00:00", "Z")
    if scheme == "standard_webhooks":
        digest = hmac256(b"\x01" * 24, f"msg_1.{now}.".encode() + body)
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(now)}
        return (
            "whsec_" + b64(b"\x01" * 24),
            {**headers, "webhook-signature": f"v1,{b64(digest)}"},
            {},
        )
    if scheme == "easypost":
        digest = hmac256("se\u0301cret", body).hex()
        return "s\u00e9cret", {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}, {}
    if scheme == "shippo":
        digest = hmac256(KEY, str(now).encode() + b"." + body).hex()
        return KEY, {"Shippo-Auth-Signature": f"t={now},v1={digest}"}, {}
    if scheme == "aftership":
        return KEY, {"aftership-hmac-sha256": b64(hmac256(KEY, body))}, {}
    if scheme == "17track":
        return KEY, {"sign": hashlib.sha256(body + b"/" + KEY.encode()).hexdigest()}, {}
    if scheme == "sendcloud":
        return KEY, {"Sendcloud-Signature": hmac256(KEY, body).hex()}, {}
    if scheme == "shipengine":
        signature = RSA.sign(stamp.encode() + b"." + body, padding.PKCS1v15(), SHA256())
        headers = {
            "x-shipengine-rsa-sha256-key-id": "k1",
            "x-shipengine-rsa-sha256-signature": b64(signature),
            "x-shipengine-timestamp": stamp,
        }
        return "", headers, {"options": Options(keys={"k1": jwk(RSA)})}
    if scheme == "easyship":
        secret = "webh_0123456789abcdef0123456789abcdef"
        return secret, {"X-EASYSHIP-SIGNATURE": easyship_token({"exp": now + 60, "iat": now})}, {}
    if scheme == "hmac":
        options = Options("X-Sign", "sha512", "base64", "v=", "X-Time")
        digest = hmac.digest(KEY.encode(), str(now).encode() + b"." + body, "sha512")
        return KEY, {"X-Sign": "v=" + b64(digest), "X-Time": str(now)}, {"options": options}
    return "t0ken", {}, {"url_token": "t0ken"}


EVERY = pytest.mark.parametrize("scheme", SCHEMES)


@EVERY
def test_what_the_sender_signed_is_accepted(scheme):
    secret, headers, more = signed(scheme)
    assert verdict(scheme, secret, headers, **more) == ""


@EVERY
def test_header_names_in_any_case(scheme):
    secret, headers, more = signed(scheme)
    shouted = {name.upper(): value for name, value in headers.items()}
    assert verdict(scheme, secret, shouted, **more) == ""


@EVERY
def test_another_body_is_refused_where_the_body_is_signed(scheme):
    secret, headers, more = signed(scheme)
    for body in (b"", BODY + b"\n", BODY.replace(b" ", b""), b"{}"):
        found = verdict(scheme, secret, headers, body, **more)
        assert (found == "wrong_signature") == SCHEMES[scheme].signs_body


@EVERY
def test_another_secret_is_refused(scheme):
    secret, headers, more = signed(scheme)
    if scheme == "shipengine":
        more = {"options": Options(keys={"k1": jwk(rsa.generate_private_key(65537, 2048))})}
    else:
        secret = "whsec_" + b64(b"other" * 5)
    assert verdict(scheme, secret, headers, **more) == "wrong_signature"


@EVERY
def test_without_a_secret_nothing_is_accepted(scheme):
    """An empty key would sign, too: whoever forgets to fill it in must not stand open."""
    _secret, headers, more = signed(scheme)
    if SCHEMES[scheme].needs_secret:
        assert verdict(scheme, "", headers, **more) == "no_secret"
        assert verdict(scheme, "", headers | {"X-Sign": "v="}, b"", **more)


@EVERY
def test_each_header_is_needed(scheme):
    secret, headers, more = signed(scheme)
    for name in headers:
        rest = {key: value for key, value in headers.items() if key != name}
        assert verdict(scheme, secret, rest, **more) == "missing_header"


@EVERY
@pytest.mark.parametrize(
    "junk", ["", ",", "v1,", "é\x7f", "=" * 9, "A" * 9000, "v1,é v1", "..", "-1"]
)
def test_junk_in_any_header_is_refused(scheme, junk):
    secret, headers, more = signed(scheme)
    for name in headers:
        assert verdict(scheme, secret, headers | {name: junk}, **more)


@pytest.mark.parametrize("scheme", [one.key for one in SCHEMES.values() if one.replay_guard])
def test_a_replay_after_five_minutes_is_refused(scheme):
    secret, headers, more = signed(scheme)
    for late in (-TOLERANCE, 0, TOLERANCE):
        assert verdict(scheme, secret, headers, now=NOW + late, **more) == ""
    for late in (-TOLERANCE - 1, TOLERANCE + 1, 86400):
        assert verdict(scheme, secret, headers, now=NOW + late, **more) == "wrong_time"


def test_a_time_cannot_be_moved_without_signing_anew():
    for scheme, name in (("standard_webhooks", "webhook-timestamp"), ("hmac", "X-Time")):
        secret, headers, more = signed(scheme)
        moved = headers | {name: str(NOW + 1)}
        assert verdict(scheme, secret, moved, **more) == "wrong_signature"
        for junk in (f"{NOW}.0", f" {NOW}x", "1e9", "nan", "٣", f"+{NOW}", "1_700_000_000"):
            assert verdict(scheme, secret, headers | {name: junk}, **more) in (
                "malformed",
                "wrong_time",
            )


# --- one sender each ------------------------------------------------------------------------------


def test_standard_webhooks_agree_with_their_own_library():
    library = pytest.importorskip("standardwebhooks")
    secret = "whsec_" + b64(b"k" * 24)
    made = library.Webhook(secret).sign("msg_2", datetime.fromtimestamp(NOW, UTC), BODY.decode())
    headers = {"webhook-id": "msg_2", "webhook-timestamp": str(NOW), "webhook-signature": made}
    assert verdict("standard_webhooks", secret, headers) == ""
    now = int(datetime.now(UTC).timestamp())
    secret, headers, _more = signed("standard_webhooks", now=now)
    library.Webhook(secret).verify(BODY, headers, json_parse=False)


def test_standard_webhooks_with_a_public_key():
    content = f"msg_1.{NOW}.".encode() + BODY
    public = "whpk_" + b64(ED25519.public_key().public_bytes_raw())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW)}
    right = f"v1a,{b64(ED25519.sign(content))}"
    for given_signature, expected in (
        (right, ""),
        (f"v1,{b64(b'x' * 32)} v1a,{b64(b'x' * 64)} {right}", ""),
        (right.replace("v1a,", "v1,"), "wrong_signature"),
        (f"v1a,{b64(b'x' * 64)}", "wrong_signature"),
        ("v1a,*", "wrong_signature"),
    ):
        found = verdict(
            "standard_webhooks", public, headers | {"webhook-signature": given_signature}
        )
        assert found == expected
    assert verdict("standard_webhooks", "whpk_AAAA", headers | {"webhook-signature": right}) == (
        "bad_secret"
    )


def test_a_public_key_is_no_secret_to_sign_with():
    """Whoever knows the public key must not be able to sign with it as if it were an HMAC key."""
    raw = ED25519.public_key().public_bytes_raw()
    forged = b64(hmac256(raw, f"msg_1.{NOW}.".encode() + BODY))
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW)}
    found = verdict(
        "standard_webhooks", "whpk_" + b64(raw), headers | {"webhook-signature": f"v1,{forged}"}
    )
    assert found == "wrong_signature"


def test_aftership_has_three_headers():
    right = b64(hmac256(KEY, BODY))
    assert verdict("aftership", KEY, {"as-signature-hmac-sha256": right}) == ""
    assert verdict("aftership", KEY, {"am-webhook-signature": f"hmac-sha256={right}"}) == ""
    assert verdict("aftership", KEY, {"am-webhook-signature": right}) == "malformed"


def test_shipengine_trusts_only_keys_of_the_set():
    _secret, headers, _more = signed("shipengine")
    assert verdict("shipengine", "", headers) == "unknown_key"
    weak = SMALL_RSA.sign(STAMP.encode() + b"." + BODY, padding.PKCS1v15(), SHA256())
    forged = headers | {"x-shipengine-rsa-sha256-signature": b64(weak)}
    assert verdict("shipengine", "", forged, options=Options(keys={"k1": jwk(SMALL_RSA)})) == (
        "bad_secret"
    )
    for broken in ({}, {"n": "", "e": ""}, {"n": "!", "e": "AQAB"}, {"n": None, "e": []}):
        assert verdict("shipengine", "", headers, options=Options(keys={"k1": broken})) == (
            "bad_secret"
        )


@pytest.mark.parametrize(
    ("claims", "head", "expected"),
    [
        ({}, None, ""),
        ({"easyship_company_id": "c"}, None, ""),
        ({"exp": NOW - TOLERANCE - 1}, None, "wrong_time"),
        ({"iat": NOW + TOLERANCE + 1}, None, "wrong_time"),
        ({"nbf": NOW + TOLERANCE + 1}, None, "wrong_time"),
        ({"exp": "soon"}, None, "malformed"),
        ({"exp": True}, None, "malformed"),
        ({}, {"alg": "none"}, "wrong_signature"),
        ({}, {"alg": "HS512"}, "wrong_signature"),
        ({}, {"alg": "RS256"}, "wrong_signature"),
        ([], None, "wrong_signature"),
    ],
)
def test_easyship_takes_one_algorithm(claims, head, expected):
    secret = "webh_0123456789abcdef0123456789abcdef"
    token = easyship_token(claims, head=head)
    assert verdict("easyship", secret, {"X-EASYSHIP-SIGNATURE": token}) == expected


def test_easyship_without_signature_is_refused():
    token = easyship_token({}, head={"alg": "none"}).rsplit(".", 1)[0] + "."
    assert verdict("easyship", "webh_1", {"X-EASYSHIP-SIGNATURE": token}) == "wrong_signature"


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sha1"])
@pytest.mark.parametrize("encoding", ["hex", "base64", "base64url"])
def test_generic_hmac(algorithm, encoding):
    digest = hmac.digest(KEY.encode(), BODY, algorithm)
    text = {
        "hex": digest.hex(),
        "base64": b64(digest),
        "base64url": base64.urlsafe_b64encode(digest).decode(),
    }[encoding]
    options = Options("X-Hub-Signature", algorithm, encoding, "sha=")
    headers = {"X-Hub-Signature": f"sha={text}"}
    assert verdict("hmac", KEY, headers, options=options) == ""
    assert verdict("hmac", KEY, {"X-Hub-Signature": text}, options=options) == "malformed"
    assert verdict("hmac", KEY, headers, options=Options()) == "missing_header"


@pytest.mark.parametrize(
    "options", [Options("X", "md5"), Options("X", "nope"), Options("X", "sha1", "x")]
)
def test_a_generic_hmac_that_is_set_up_wrongly_refuses_everything(options):
    assert verdict("hmac", KEY, {"X": "00"}, options=options) == "bad_secret"


def test_a_token_in_a_header():
    options = Options(header="Authorization", prefix="Bearer ")
    for value, expected in (
        ("Bearer t0ken", ""),
        ("bearer t0ken", "malformed"),
        ("Bearer t0ke", "wrong_signature"),
        ("Bearer ", "malformed"),
        ("t0ken", "malformed"),
    ):
        assert verdict("token", "t0ken", {"Authorization": value}, options=options) == expected
    assert verdict("token", "t0ken", {}, options=options) == "missing_header"
    # The address alone is not enough where a header is asked for.
    assert verdict("token", "t0ken", {}, url_token="t0ken", options=options) == "missing_header"


@EVERY
@settings(deadline=None)
@given(
    headers=st.dictionaries(st.text(max_size=40), st.text(max_size=60), max_size=6),
    body=st.binary(max_size=80),
    url_token=st.text(max_size=10),
)
def test_nothing_but_a_refusal_comes_of_nonsense(scheme, headers, body, url_token):
    _secret, names, more = signed(scheme)
    more = {"options": more["options"]} if "options" in more else {}
    values = dict(zip(names, headers.values(), strict=False)) | headers
    assert verdict(scheme, "whsec_c2VjcmV0c2VjcmV0", values, body, url_token=url_token, **more)
