"""The way to a carrier: one karrio process per connection, with a hard limit on time and size."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer

from .connectors import places

_logger = logging.getLogger(__name__)

SCRIPT = Path(__file__).with_name("karrio_process.py")
START_SECONDS = 40
"""For karrio to be loaded, on a server that has much else to do."""
TIMEOUT = 10
"""Seconds without a byte after which a request has failed."""
MOST_BYTES = 4 << 20
"""Of one answer. The largest ones seen, of thirty parcels in one, have some hundred kilobytes."""
LONGEST_LINE = 64 << 20


class Lost(Exception):
    """The process did not answer in time, said something else, or died."""


class NotStarted(Lost):
    """karrio could not be started: no fault of the carrier's."""


class Courier:
    """Asks one carrier, through a process that is killed when it takes too long.

    :param opening: see :mod:`karrio_process`; ``settings`` hold the credentials, which go through
        a pipe, not through the command line that others can read.
    """

    def __init__(self, opening):
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-u", str(SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        except OSError as error:
            raise NotStarted(str(error)) from error
        try:
            self.hello = self._say(
                {"timeout": TIMEOUT, "most_bytes": MOST_BYTES, "wait": 0.0, **opening},
                START_SECONDS,
            )
        except Lost as error:
            self.close()
            raise NotStarted(str(error)) from None

    def ask(self, numbers, seconds):
        """What the carrier says about some numbers: see :mod:`karrio_process`.

        :param seconds: how long the carrier may take; a little later the process is killed
        :raise Lost: it did not keep to it
        """
        return self._say({"numbers": list(numbers), "seconds": seconds}, seconds + 3)

    def close(self):
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            # What was still to be written does not matter any more.
            try:
                stream.close()
            except OSError:
                _logger.debug("closing a pipe of process %s", self._process.pid, exc_info=True)
        self._process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def _say(self, what, seconds):
        alarm = Timer(seconds, self._process.kill)
        alarm.daemon = True
        alarm.start()
        try:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline(LONGEST_LINE)
            return json.loads(line)
        except (OSError, ValueError, RecursionError) as error:
            raise Lost(type(error).__name__) from None
        finally:
            alarm.cancel()


_described = {}


def describe(carrier):
    """What a connector wants to know, see :func:`karrio_process.describe`; empty if unusable.

    Asked once: another version of a connector needs another process of Odoo.
    """
    if carrier not in _described and (found := _describe(carrier)):
        _described[carrier] = found
    return _described.get(carrier, {})


def _describe(carrier):
    try:
        with Courier({"describe": True, "carrier": carrier}) as courier:
            answer = courier.hello
    except Lost:
        return {}
    return answer if "fields" in answer else {}


def _environment():
    """Like ours, without the database's password, and with the folder that karrio lies in."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    folders = [str(place) for place in places()]
    folders += filter(None, [kept.get("PYTHONPATH")])
    # Threads otherwise reserve far more memory than they use.
    return kept | {"PYTHONPATH": os.pathsep.join(folders), "MALLOC_ARENA_MAX": "2"}
