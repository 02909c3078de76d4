"""karrio, in a process of its own. Run as a script; it imports neither Odoo nor this addon.

Why not in Odoo's process: importing karrio switches the check of TLS certificates off for all of
it, its requests have neither time limit nor size limit, and a thread that waits for a carrier can
not be stopped. A process can be killed.

It speaks JSON, one line each way. First line in: ``{"carrier", "settings", "server_url", "rate",
"wait", "timeout", "most_bytes", "keep_raw"}``; first line out: ``{"ready", "error"}``. Then lines
``{"numbers", "seconds"}``, each answered by::

    {"exchanges": [{"numbers", "status", "retry_after", "body" (base64), "error", "detail"}],
     "details": [karrio's TrackingDetails], "messages": [karrio's Message], "error",
     "wait": seconds until the next request is allowed}

``exchanges`` are the HTTP requests made, with the raw answers; one without numbers was a log-in.
Their ``error``: ``unreachable``, ``timeout``, ``too_big``, ``cut_off``, ``redirected``,
``certificate``, or ``not_sent`` where the rate limit left no time for it.
"""

import base64
import contextlib
import http.client
import importlib.util
import io
import json
import os
import re
import ssl
import sys
import threading
import time
import types
import zlib
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, build_opener

CHUNK = 65536
MEMORY = 2 << 30
PROCESSOR_SECONDS = 60
GENERIC = frozenset(
    {"id", "test_mode", "carrier_id", "account_country_code", "metadata", "config", "services"}
)
"""Settings that every connector has, and that are no credentials."""


def spare_pdf():
    """Let karrio be imported without PyPDF2, with which it joins labels: nothing is printed here,
    and Odoo cannot print where its third version lies among Odoo's packages.
    """
    if importlib.util.find_spec("PyPDF2") is None:
        stand_in = types.ModuleType("PyPDF2")
        stand_in.PdfMerger = object
        sys.modules["PyPDF2"] = stand_in


class Failed(OSError):
    """A request without usable answer. ``kind``: see the module's text."""

    def __init__(self, kind, detail=""):
        super().__init__(f"{kind} {detail}".strip())
        self.kind = kind
        self.detail = detail


class Pace:
    """At most ``rate`` requests a minute, evenly spaced."""

    def __init__(self, rate, wait):
        self._gap = 60.0 / max(rate, 0.01)
        self._next = time.monotonic() + max(wait, 0.0)
        self._lock = threading.Lock()

    def take(self, deadline):
        """Wait for the next free moment.

        :raise Failed: there is none before ``deadline``
        """
        with self._lock:
            moment = max(self._next, time.monotonic())
            if moment >= deadline:
                raise Failed("not_sent")
            self._next = moment + self._gap
        time.sleep(max(moment - time.monotonic(), 0.0))

    def wait(self):
        return max(self._next - time.monotonic(), 0.0)


class SameHost(HTTPRedirectHandler):
    """Credentials go to nobody else: a redirect elsewhere is an answer, not an order."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise Failed("redirected", f"{there.scheme}://{there.netloc}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Answer:
    """What karrio expects of a response, read already."""

    def __init__(self, status, headers, url, body):
        self.status = self.code = status
        self.headers = headers
        self.url = url
        self._body = body

    def read(self):  # pylint: disable=method-required-super
        return self._body

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


class Line:
    """The one way out to a carrier: paced, with limits, remembering what was said."""

    def __init__(self, rate, wait, timeout, most_bytes):
        self.pace = Pace(rate, wait)
        self._timeout = timeout
        self._most = most_bytes
        self._opener = build_opener(SameHost(), HTTPSHandler(context=ssl.create_default_context()))
        self.exchanges = []
        self.silent = False
        self._numbers = ()
        self._deadline = 0.0

    def begin(self, numbers, seconds):
        self.exchanges = []
        self.silent = False
        self._numbers = [
            (one, re.compile(rf"(?<![0-9A-Za-z]){re.escape(one)}(?![0-9A-Za-z])"))
            for one in numbers
        ]
        self._deadline = time.monotonic() + seconds

    def open(self, request, timeout=None):
        """Stands in for ``urllib.request.urlopen`` in karrio.

        :raise HTTPError: as the original does, with a body that was read within the limits
        :raise Failed: no answer, or one beyond the limits
        """
        if self.silent or urlsplit(request.full_url).scheme not in ("http", "https"):
            raise Failed("not_sent")
        said = {"numbers": self._asked_about(request), "error": "", "detail": ""}
        self.exchanges.append(said)
        try:
            self.pace.take(self._deadline)
            return self._exchange(request, said)
        except Failed as error:
            said |= {"error": error.kind, "detail": error.detail}
            raise

    def _asked_about(self, request):
        data = request.data or b""
        text = unquote(request.full_url) + "\n"
        text += data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
        return [number for number, pattern in self._numbers if pattern.search(text)]

    def _exchange(self, request, said):
        left = min(self._timeout, self._deadline - time.monotonic())
        try:
            with self._opener.open(request, timeout=max(left, 0.1)) as response:
                body = self._read(response)
                self._note(said, response.status, response.headers, body)
                return Answer(response.status, response.headers, response.url, body)
        except HTTPError as error:
            body = self._read(error.fp) if error.fp else b""
            self._note(said, error.code, error.headers, body)
            raise HTTPError(
                error.url, error.code, error.msg, error.headers, io.BytesIO(body)
            ) from None
        except Failed:
            raise
        except (URLError, OSError, http.client.HTTPException, ValueError) as error:
            raise _failure(error) from None

    def _read(self, response):
        body = bytearray()
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > self._most:
                raise Failed("too_big")
            if time.monotonic() > self._deadline:
                raise Failed("timeout")
        if getattr(response, "length", None):
            raise Failed("cut_off")
        if body[:2] == b"\x1f\x8b":
            # karrio would unpack it without limit.
            unpacker = zlib.decompressobj(wbits=31)
            with contextlib.suppress(zlib.error):
                unpacked = unpacker.decompress(bytes(body), self._most)
                if unpacker.unconsumed_tail:
                    raise Failed("too_big")
                return unpacked
        return bytes(body)

    def _note(self, said, status, headers, body):
        room = self._most * 2 - sum(len(one.get("body", "")) for one in self.exchanges)
        said["status"] = status
        said["retry_after"] = (headers or {}).get("Retry-After") or ""
        said["body"] = base64.b64encode(body[: max(room, 0)]).decode()


def _failure(error):
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Failed("certificate", str(reason.verify_message))
    if isinstance(reason, TimeoutError):
        return Failed("timeout")
    if isinstance(reason, http.client.IncompleteRead):
        return Failed("cut_off")
    return Failed("unreachable", str(reason)[:200])


def limit_self():
    """Whatever a carrier sends, this process stays small and ends."""
    threading.stack_size(1 << 20)
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def connect(opening, line):
    """A karrio gateway whose requests all go through ``line``."""
    verified = ssl._create_default_https_context
    spare_pdf()
    import karrio.core.utils.helpers as helpers
    import karrio.sdk

    ssl._create_default_https_context = verified
    helpers.urlopen = line.open
    helpers._urlopen_with_span = line.open
    gateway = karrio.sdk.gateway[opening["carrier"]].create(opening["settings"])
    if opening.get("server_url"):
        url = opening["server_url"]
        type(gateway.settings).server_url = property(lambda self: url)
    return gateway


def ask(gateway, line, numbers, seconds, keep_raw):
    """One question about some numbers. Never raises."""
    from karrio.core import models
    from karrio.core.utils import DP

    line.begin(numbers, seconds)
    details, messages, error = [], [], ""
    try:
        request = gateway.mapper.create_tracking_request(
            models.TrackingRequest(tracking_numbers=numbers)
        )
        response = gateway.proxy.get_tracking(request)
        # Some connectors fetch pictures of signatures while they parse.
        line.silent = keep_raw
        details, messages = gateway.mapper.parse_tracking_response(response)
        for one in details:
            one.images = None
        details = DP.to_dict(details)
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"[:500]
        messages = getattr(failure, "messages", None) or messages
    return {
        "exchanges": line.exchanges,
        "details": details,
        "messages": DP.to_dict(messages),
        "error": error,
        "wait": line.pace.wait(),
    }


def describe(carrier):
    """What a connector wants to know: ``{"label", "tracks", "fields": [[name, required]]}``."""
    import attr

    spare_pdf()
    import karrio.references
    import karrio.sdk

    plugin = karrio.references.collect_providers_data()[carrier]
    return {
        "label": plugin.label,
        "tracks": "get_tracking" in plugin.Proxy.__dict__,
        "fields": [
            [field.name, field.default is attr.NOTHING]
            for field in attr.fields(plugin.Settings)
            if field.name not in GENERIC
        ],
    }


def main():
    limit_self()
    # karrio and its connectors log to both; only answers go to whoever asked.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)

    def say(answer):
        json.dump(answer, out)
        out.write("\n")
        out.flush()

    opening = json.loads(sys.stdin.readline())
    try:
        if opening.get("describe"):
            say(describe(opening["carrier"]))
            return
        line = Line(opening["rate"], opening["wait"], opening["timeout"], opening["most_bytes"])
        gateway = connect(opening, line)
    except Exception as error:
        cause = error.__cause__ or error
        say({"ready": False, "error": f"{type(cause).__name__}: {cause}"[:500]})
        return
    say({"ready": True, "error": ""})
    for text in sys.stdin:
        question = json.loads(text)
        # If whoever asked is gone, nobody else ends this process.
        watch = threading.Timer(question["seconds"] + 5, os._exit, [3])
        watch.daemon = True
        watch.start()
        say(ask(gateway, line, question["numbers"], question["seconds"], opening["keep_raw"]))
        watch.cancel()


if __name__ == "__main__":
    main()
