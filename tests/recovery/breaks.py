"""Ways in which PostgreSQL goes away and comes back."""

from collections.abc import Callable
from signal import SIGINT, SIGQUIT

from race.server import OdooServer
from second_postgres import SecondPostgres

Break = Callable[[OdooServer, SecondPostgres], None]


def crash_postgres(_server: OdooServer, postgres: SecondPostgres) -> None:
    postgres.restart(SIGQUIT)


def restart_postgres(_server: OdooServer, postgres: SecondPostgres) -> None:
    postgres.restart(SIGINT)
