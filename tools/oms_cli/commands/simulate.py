"""Carriers at work, for somebody who wants to watch."""

import random
from argparse import ArgumentParser, ArgumentTypeError

from ..context import Context
from ..demo_database import DEMO
from ..platform import ADDON
from ..problem import Problem
from ..server import OdooServer
from ..simulation.client import Client
from ..simulation.play import Play, send_new, under_way

HELP = """Let carriers tell the running demo what happens to its parcels, while you watch.

It plays through the real doors: signed webhooks to a source called Simulator, and JSON-2 with an
API key. Open a parcel or a tracking page and see it move. Ctrl-C stops it; nothing is undone."""
PASSES_ARGUMENTS = False
LOGIN, PASSWORD = "manager", "demo"
SPEED, PARCELS, MINUTES = 60, 12, 10


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--speed",
        type=_positive,
        default=SPEED,
        help=f"minutes of a parcel's life in one minute (default: {SPEED})",
    )
    parser.add_argument(
        "--parcels", type=int, default=PARCELS, help=f"how many move (default: {PARCELS})"
    )
    parser.add_argument(
        "--minutes", type=_positive, default=MINUTES, help=f"how long (default: {MINUTES})"
    )
    parser.add_argument("--seed", type=int, help="play the same choices again")


def run(context: Context) -> int:
    options, say = context.options, context.progress.say
    running = OdooServer(context.workspace, DEMO).running()
    if running is None:
        raise Problem("No demo server runs: start it with ./oms demo, and open it in a browser.")
    chooser = random.Random(options.seed)
    client = Client(running.url, running.database)
    play = Play(client, options.speed, say)
    try:
        client.log_in(LOGIN, PASSWORD)
        client.open_door()
        parcels = under_way(client, max(options.parcels, 1))
        parcels += send_new(client, max(options.parcels, 1) - len(parcels), chooser)
        say(f"{len(parcels)} parcels are under way; watch them at {_address(running.url)}")
        say("Ctrl-C stops.")
        play.run(parcels, options.minutes, chooser)
    except KeyboardInterrupt:
        say("")
    say(f"Told {play.sent} events. ./oms simulate goes on from here.")
    return 0


def _address(url: str) -> str:
    return f"{url}/odoo/action-{ADDON}.action_oms_shipment"


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < 1e6:
        raise ArgumentTypeError("a number above 0")
    return value
