"""Whether a webhook was sent by whom it claims: the signature schemes of the senders.

Every scheme looks at the raw bytes of the body, as a parsed and re-written body is another one;
compares in constant time; and refuses what is older or newer than ``TOLERANCE`` where the signature
covers a time. What a scheme leaves open (a replay, a body that is not signed) is in ``Scheme``, so
that screens and documents can say it. Sources of the schemes: ``docs/tracking_doors.md``.

``standardwebhooks`` (PyPI) reads the clock itself, wants the body as text, and knows no ``v1a``: it
serves the tests as the reference instead.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
import unicodedata
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

TOLERANCE: Final = 300
"""Seconds by which the sender's time may differ from ours, either way."""
MOST_SIGNATURES: Final = 16
"""A header may carry several signatures, while a key is being changed."""
WEAKEST_RSA_BITS: Final = 2048

ALGORITHMS: Final = ("sha256", "sha384", "sha512", "sha1")
ENCODINGS: Final = ("hex", "base64", "base64url")


class Refused(ValueError):
    """A webhook that must not be believed.

    :ivar problem: ``no_secret``, ``bad_secret``, ``missing_header``, ``malformed``,
        ``wrong_signature``, ``wrong_time`` (too old or too new), ``unknown_key`` (a key id that the
        key set lacks), ``library_missing``
    :ivar detail: the header, key id or library that it is about; never anything secret
    """

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem = problem
        self.detail = detail[:80]


@dataclass(frozen=True)
class Options:
    """What the schemes that fit many senders must be told.

    :ivar header: that carries the signature or the token. :ivar prefix: before the signature in
        the header, such as ``sha256=``. :ivar timestamp_header: carries the seconds since 1970,
        which are then signed before the body with a full stop between them.
    :ivar keys: public keys by their id, as JSON Web Keys.
    """

    header: str = ""
    algorithm: str = "sha256"
    encoding: str = "hex"
    prefix: str = ""
    timestamp_header: str = ""
    keys: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A webhook as it came. ``headers``: names in small letters. ``now``: seconds since 1970."""

    secret: str
    headers: Mapping[str, str]
    body: bytes
    now: float
    url_token: str
    options: Options

    def header(self, name: str) -> str:
        value = self.headers.get(name.lower(), "").strip()
        if not value:
            raise Refused("missing_header", name)
        return value

    def key(self) -> bytes:
        if not self.secret:
            raise Refused("no_secret")
        return self.secret.encode("utf-8", "surrogatepass")

    def check_time(self, seconds: float) -> None:
        # Written so that NaN is refused, too.
        if not abs(self.now - seconds) <= TOLERANCE:
            raise Refused("wrong_time")


@dataclass(frozen=True)
class Scheme:
    """How one sender signs.

    :ivar header: where the signature is. :ivar replay_guard: the signature is bound to a time.
    :ivar signs_body: else anybody who saw one signature can send another body with it.
    :ivar needs_secret: false where public keys or the address itself do.
    """

    key: str
    title: str
    header: str
    check: Callable[[Request], None]
    replay_guard: bool = False
    signs_body: bool = True
    needs_secret: bool = True

    def verify(
        self,
        secret: str,
        headers: Mapping[str, str],
        body: bytes,
        now: float,
        url_token: str = "",
        options: Options | None = None,
    ) -> None:
        """Return if the webhook may be believed.

        :param headers: of the request, in any case
        :param body: exactly as received
        :param now: seconds since 1970
        :param url_token: the unguessable part of the address that was called
        :raise Refused: it may not
        """
        small = {name.lower(): value for name, value in headers.items()}
        self.check(Request(secret, small, body, now, url_token, options or Options()))


# --- parts ----------------------------------------------------------------------------------------


def _encoded(digest: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return b64encode(digest)
    if encoding == "base64url":
        return urlsafe_b64encode(digest)
    return digest.hex().encode()


def _matches(digest: bytes, given: str, encoding: str) -> bool:
    """Whether a header says this digest. Compared as text: one digest has one spelling."""
    if encoding == "hex":
        given = given.lower()
    return hmac.compare_digest(_encoded(digest, encoding), _bytes(given))


def _expect(digest: bytes, given: Iterable[str], encoding: str) -> None:
    """One of the given signatures must be this one; all are compared."""
    found = [_matches(digest, one, encoding) for one in list(given)[:MOST_SIGNATURES]]
    if not any(found):
        raise Refused("wrong_signature")


def _bytes(header: str) -> bytes:
    """A header as it was sent: WSGI hands it over as Latin-1."""
    return header.encode("latin-1", "replace")


def _after(value: str, prefix: str, header: str) -> str:
    if not value.startswith(prefix):
        raise Refused("malformed", header)
    return value[len(prefix) :]


def _seconds(text: str, header: str) -> int:
    # int() also takes blanks, signs, underscores and other scripts' digits.
    if not re.fullmatch(r"[0-9]{1,12}", text, re.ASCII):
        raise Refused("malformed", header)
    return int(text)


def _decoded(text: str) -> bytes | None:
    """Base64 with or without its padding."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


# --- schemes --------------------------------------------------------------------------------------


def _standard_webhooks(request: Request) -> None:
    identity = request.header("webhook-id")
    stamp = request.header("webhook-timestamp")
    given = request.header("webhook-signature").split()[:MOST_SIGNATURES]
    request.check_time(_seconds(stamp, "webhook-timestamp"))
    signed = _bytes(f"{identity}.{stamp}.") + request.body
    if request.secret.startswith("whpk_"):
        _ed25519(request.secret.removeprefix("whpk_"), signed, given)
        return
    key = _decoded(request.secret.removeprefix("whsec_"))
    if not key:
        raise Refused("bad_secret" if request.secret else "no_secret")
    digest = hmac.digest(key, signed, "sha256")
    _expect(digest, (one[3:] for one in given if one.startswith("v1,")), "base64")


def _ed25519(public: str, signed: bytes, given: Iterable[str]) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(public) or b"")
    except ValueError:
        raise Refused("bad_secret") from None
    for one in given:
        signature = _decoded(one[4:]) if one.startswith("v1a,") else None
        if signature is None:
            continue
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            continue
        return
    raise Refused("wrong_signature")


def _easypost(request: Request) -> None:
    given = _after(request.header("X-Hmac-Signature"), "hmac-sha256-hex=", "X-Hmac-Signature")
    secret = unicodedata.normalize("NFKD", request.secret)
    if not secret:
        raise Refused("no_secret")
    _expect(hmac.digest(secret.encode(), request.body, "sha256"), [given], "hex")


def _shippo(request: Request) -> None:
    parts = [
        part.strip().partition("=") for part in request.header("Shippo-Auth-Signature").split(",")
    ]
    stamp = next((value for name, _, value in parts if name == "t"), "")
    request.check_time(_seconds(stamp, "Shippo-Auth-Signature"))
    digest = hmac.digest(request.key(), stamp.encode() + b"." + request.body, "sha256")
    _expect(digest, (value for name, _, value in parts if name == "v1"), "hex")


AFTERSHIP_HEADERS: Final = {
    "aftership-hmac-sha256": "",
    "as-signature-hmac-sha256": "",
    "am-webhook-signature": "hmac-sha256=",
}
"""Header of each product and age of account, and what stands before the signature in it."""


def _aftership(request: Request) -> None:
    present = [name for name in AFTERSHIP_HEADERS if request.headers.get(name)]
    if not present:
        raise Refused("missing_header", "aftership-hmac-sha256")
    name = present[0]
    given = _after(request.header(name), AFTERSHIP_HEADERS[name], name)
    _expect(hmac.digest(request.key(), request.body, "sha256"), [given], "base64")


def _seventeen_track(request: Request) -> None:
    # No HMAC: the key is appended to what is hashed.
    digest = hashlib.sha256(request.body + b"/" + request.key()).digest()
    _expect(digest, [request.header("sign")], "hex")


def _sendcloud(request: Request) -> None:
    digest = hmac.digest(request.key(), request.body, "sha256")
    _expect(digest, [request.header("Sendcloud-Signature")], "hex")


def _shipengine(request: Request) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    key_id = request.header("x-shipengine-rsa-sha256-key-id")
    signature = _decoded(request.header("x-shipengine-rsa-sha256-signature"))
    stamp = request.header("x-shipengine-timestamp")
    if signature is None:
        raise Refused("malformed", "x-shipengine-rsa-sha256-signature")
    try:
        moment = datetime.fromisoformat(stamp)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise Refused("malformed", "x-shipengine-timestamp") from None
    request.check_time(seconds)
    if key_id not in request.options.keys:
        raise Refused("unknown_key", key_id)
    key = _rsa_key(request.options.keys[key_id])
    try:
        signed = _bytes(stamp) + b"." + request.body
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        raise Refused("wrong_signature") from None


def _rsa_key(jwk: Mapping[str, Any]) -> Any:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    def number(name: str) -> int:
        text = str(jwk.get(name) or "").translate(str.maketrans("-_", "+/"))
        return int.from_bytes(_decoded(text) or b"", "big")

    try:
        key = RSAPublicNumbers(number("e"), number("n")).public_key()
    except ValueError:
        raise Refused("bad_secret") from None
    if key.key_size < WEAKEST_RSA_BITS:
        raise Refused("bad_secret")
    return key


def _easyship(request: Request) -> None:
    try:
        import jwt
    except ImportError:
        raise Refused("library_missing", "PyJWT") from None
    token = request.header("X-EASYSHIP-SIGNATURE")
    # Times are checked below, by the clock that was handed in.
    options: Any = {
        f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")
    }
    try:
        # The one algorithm: a token may otherwise name "none".
        claims = jwt.decode(token, request.key(), algorithms=["HS256"], options=options)
    except jwt.InvalidTokenError:
        raise Refused("wrong_signature") from None
    for claim, sign in (("exp", 1), ("nbf", -1), ("iat", -1)):
        moment = claims.get(claim)
        if moment is None:
            continue
        if isinstance(moment, bool) or not isinstance(moment, int | float):
            raise Refused("malformed", "X-EASYSHIP-SIGNATURE")
        if not sign * (moment - request.now) >= -TOLERANCE:
            raise Refused("wrong_time")


def _hmac(request: Request) -> None:
    options = request.options
    if options.algorithm not in ALGORITHMS or options.encoding not in ENCODINGS:
        raise Refused("bad_secret")
    given = request.header(options.header) if options.header else ""
    if not given:
        raise Refused("missing_header", options.header)
    signed = request.body
    if options.timestamp_header:
        stamp = request.header(options.timestamp_header)
        request.check_time(_seconds(stamp, options.timestamp_header))
        signed = stamp.encode() + b"." + signed
    digest = hmac.digest(request.key(), signed, options.algorithm)
    _expect(digest, [_after(given, options.prefix, options.header)], options.encoding)


def _token(request: Request) -> None:
    header = request.options.header
    given = request.url_token
    if header:
        given = _after(request.header(header), request.options.prefix, header).strip()
    if not hmac.compare_digest(request.key(), _bytes(given)):
        raise Refused("wrong_signature")


SCHEMES: Final[dict[str, Scheme]] = {
    scheme.key: scheme
    for scheme in (
        Scheme(
            "standard_webhooks",
            "Standard Webhooks",
            "webhook-signature",
            _standard_webhooks,
            replay_guard=True,
        ),
        Scheme("easypost", "EasyPost", "X-Hmac-Signature", _easypost),
        Scheme("shippo", "Shippo", "Shippo-Auth-Signature", _shippo, replay_guard=True),
        Scheme("aftership", "AfterShip", "aftership-hmac-sha256", _aftership),
        Scheme("17track", "17TRACK", "sign", _seventeen_track),
        Scheme(
            "shipengine",
            "ShipEngine / ShipStation",
            "x-shipengine-rsa-sha256-signature",
            _shipengine,
            replay_guard=True,
            needs_secret=False,
        ),
        Scheme("easyship", "Easyship", "X-EASYSHIP-SIGNATURE", _easyship, signs_body=False),
        Scheme("sendcloud", "Sendcloud", "Sendcloud-Signature", _sendcloud),
        Scheme("hmac", "HMAC in a header", "", _hmac),
        Scheme("token", "Secret address or header", "", _token, signs_body=False),
    )
}
"""Every scheme by its key."""
