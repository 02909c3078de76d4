"""Free TCP ports on this machine."""

import socket

from .problem import Problem

SEARCHED = 50


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nothing listens on `port`, on this interface or on all of them."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex((host, port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def next_free(first: int, what: str, option: str) -> int:
    """The first free port from `first` upwards.

    Raises `Problem` when none of the next fifty is free; `option` is how the user names another.
    """
    for port in range(first, min(first + SEARCHED, 65536)):
        if is_free(port):
            return port
    raise Problem(
        f"All ports from {first} to {first + SEARCHED - 1} are taken, so {what} cannot start: "
        f"choose another first port with {option}."
    )
