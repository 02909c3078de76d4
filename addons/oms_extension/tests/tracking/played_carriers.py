"""Eight carriers played by one real HTTP server on this machine, in their own formats.

They answer what karrio asks of them, log-ins included, with messages that a test gives them, and
misbehave on demand.
"""

import json
import re
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

CREDENTIALS = {
    "asendia": {"username": "shop", "password": "secret", "customer_id": "C1"},
    "dhl_universal": {"consumer_key": "key", "consumer_secret": "secret"},
    "fedex": {"track_api_key": "key", "track_secret_key": "secret"},
    "gls": {"client_id": "shop", "client_secret": "secret"},
    "laposte": {"api_key": "key"},
    "spring": {"api_key": "key"},
    "ups": {"client_id": "shop", "client_secret": "secret"},
    "usps": {"client_id": "shop", "client_secret": "secret"},
}


class PlayedCarrier:
    """One carrier behind one port.

    :ivar parcels: dict number → the carrier's own message about it, as it comes in its answer.
    :ivar fault: called with the request's handler before a number is answered; returns whether it
        answered itself.
    :ivar asked: numbers asked about, one list per request. :ivar logins: requests for a token.
    :ivar pause: seconds that each answer takes. :ivar at_once: most requests at the same time.
    """

    def __init__(self, name, parcels=None):
        self.name = name
        self.parcels = dict(parcels or {})
        self.fault = None
        self.accepts_login = True
        self.asked = []
        self.times = []
        self.logins = 0
        self.pause = 0.0
        self.at_once = self.under_way = 0
        self._counting = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.carrier = self
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def count(self):
        """Count the requests that are being answered."""
        with self._counting:
            self.under_way += 1
            self.at_once = max(self.at_once, self.under_way)
        try:
            yield
        finally:
            with self._counting:
                self.under_way -= 1

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def dead_address():
    """Where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


# --- what goes wrong ------------------------------------------------------------------------------


def status(code, body=b"", **headers):
    """An answer with this HTTP status."""

    def fault(handler):
        handler.answer(code, body, **headers)
        return True

    return fault


def garbage(handler):
    handler.answer(200, b"<html>\x00\xff Maintenance, back soon {]")
    return True


def deeply_nested(handler):
    handler.answer(200, b"[" * 200_000)
    return True


def huge(handler):
    """More than anybody should read, announced as such or not."""
    handler.start(200)
    block = b" " * 65536
    for _ in range(4096):
        if not handler.send(block):
            break
    return True


def endless(handler):
    """A little every moment, for ever."""
    handler.start(200)
    until = time.monotonic() + 60
    while time.monotonic() < until and handler.send(b" "):
        time.sleep(0.05)
    return True


def mute(handler):
    """Takes the question and says nothing."""
    handler.hold(60)
    return True


def cut_off(handler):
    handler.start(200, length=10_000)
    handler.send(b'{"half": ')
    return True


def elsewhere(url):
    """A redirect to another host."""
    return status(302, Location=url)


def about(other):
    """A lie: whatever is asked, it speaks of the parcel ``other``."""

    def fault(handler):
        handler.tell([other] * len(handler.numbers))
        return True

    return fault


# --- the carriers ---------------------------------------------------------------------------------


def _token(carrier):
    token = {"access_token": "t", "token_type": "Bearer", "expires_in": "14399", "id_token": "t"}
    return token | {"issued_at": str(int(time.time() * 1000))} if carrier == "ups" else token


def _gls(parcels, numbers):
    missing = {"errorCode": "NOT_FOUND", "errorMessage": "No parcel found.", "events": []}
    return 200, {
        "parcels": [
            parcels.get(number) or {"requested": number, "unitno": number, **missing}
            for number in numbers
        ]
    }


def _laposte(parcels, numbers):
    answers = [
        {"returnCode": 200, "lang": "fr_FR", "scope": "open", "shipment": parcels[number]}
        if number in parcels
        else {"returnCode": 404, "returnMessage": "Nous ne trouvons pas.", "idShip": number}
        for number in numbers
    ]
    return (207 if len(answers) > 1 else 200), answers if len(answers) > 1 else answers[0]


def _fedex(parcels, numbers):
    error = {"code": "TRACKING.TRACKINGNUMBER.NOTFOUND", "message": "Cannot be found."}
    return 200, {
        "transactionId": "1",
        "output": {
            "completeTrackResults": [
                {
                    "trackingNumber": number,
                    "trackResults": parcels.get(number)
                    or [{"trackingNumberInfo": {"trackingNumber": number}, "error": error}],
                }
                for number in numbers
            ]
        },
    }


def _one(found, missing, code=404):
    def play(parcels, numbers):
        (number,) = numbers
        if number in parcels:
            return 200, found(parcels[number])
        return code, missing

    return play


PLAYS = {
    "asendia": _one(lambda parcel: parcel, {"title": "Not Found", "status": 404}),
    "dhl_universal": _one(
        lambda parcel: {"shipments": [parcel]},
        {"status": 404, "title": "No result found", "detail": "No shipment found."},
    ),
    "fedex": _fedex,
    "gls": _gls,
    "laposte": _laposte,
    "spring": _one(
        lambda parcel: {"ErrorLevel": 0, "Error": "", "Shipment": parcel},
        {"ErrorLevel": 10, "Error": "Tracking number not found"},
        code=200,
    ),
    "ups": _one(
        lambda parcel: {"trackResponse": {"shipment": [parcel]}},
        {"response": {"errors": [{"code": "TW0001", "message": "Tracking Information Not Found"}]}},
    ),
    "usps": _one(
        lambda parcel: parcel,
        {"error": {"code": "404", "message": "The tracking number may be incorrect."}},
    ),
}

LOGINS = re.compile(r"/oauth|/api/authenticate")
ROUTES = {
    "asendia": re.compile(r"/api/customers/[^/]+/tracking/(?P<numbers>.+)"),
    "dhl_universal": re.compile(r"/track/shipments"),
    "fedex": re.compile(r"/track/v1/trackingnumbers"),
    "gls": re.compile(r"/track-and-trace-v1/tracking/simple/trackids/(?P<numbers>.+)"),
    "laposte": re.compile(r"/idships/(?P<numbers>.+)"),
    "spring": re.compile(r"/?"),
    "ups": re.compile(r"/api/track/v1/details/(?P<numbers>.+)"),
    "usps": re.compile(r"/tracking/v3/tracking/(?P<numbers>.+)"),
}


def _numbers(carrier, path, query, body):
    route = ROUTES[carrier].fullmatch(unquote(path))
    if not route:
        return []
    if carrier == "dhl_universal":
        return query["trackingNumber"]
    if carrier == "fedex":
        return [one["trackingNumberInfo"]["trackingNumber"] for one in body["trackingInfo"]]
    if carrier == "spring":
        return [body["Shipment"]["TrackingNumber"]]
    return route["numbers"].split(",")


class _Handler(BaseHTTPRequestHandler):
    """``numbers``: those asked about."""

    timeout = 60

    def do_GET(self):
        carrier = self.server.carrier
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        if LOGINS.search(parts.path):
            carrier.logins += 1
            if not carrier.accepts_login:
                return self.answer(401, {"errors": [{"code": "401", "message": "Bad client"}]})
            return self.answer(200, _token(carrier.name))
        body = json.loads(raw) if raw.startswith(b"{") else None
        self.numbers = _numbers(carrier.name, parts.path, parse_qs(parts.query), body)
        if not self.numbers:
            return self.answer(404, {})
        carrier.asked.append(self.numbers)
        carrier.times.append(time.monotonic())
        with carrier.count():
            time.sleep(carrier.pause)
            if not (carrier.fault and carrier.fault(self)):
                self.tell(self.numbers)
        return None

    do_POST = do_GET

    def tell(self, numbers):
        """The honest answer about these numbers."""
        carrier = self.server.carrier
        self.answer(*PLAYS[carrier.name](carrier.parcels, numbers))

    def answer(self, code, body, **headers):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.start(code, len(body), **headers)
        self.send(body)

    def start(self, code, length=None, **headers):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send(self, block):
        """Whether somebody still reads."""
        try:
            self.wfile.write(block)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def hold(self, seconds):
        """Keep the connection until the other side gives up."""
        self.connection.settimeout(seconds)
        try:
            self.connection.recv(1)
        except OSError:
            return

    def log_message(self, *args):
        pass
