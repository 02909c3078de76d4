"""The Odoo that ``./oms bench`` hands over, and databases made for one run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

VARIABLES = ("OMS_DATABASE", "OMS_BASE_DATABASE", "OMS_ODOO_CONFIG")


def configure(database: str | None = None) -> None:
    """Read Odoo's configuration file, for ``database``. Call it once in each process."""
    from odoo.tools import config

    arguments = ["-c", os.environ["OMS_ODOO_CONFIG"], "--log-level", "error", "--no-http"]
    config.parse_config(arguments + (["-d", database] if database else []))


def require() -> None:
    """Exit with a sentence where the benchmark was not started by ``./oms bench``."""
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if missing:
        sys.exit(f"{' and '.join(missing)} not set: start the benchmarks with ./oms bench.")
    configure()


@contextmanager
def copies(*labels: str) -> Iterator[dict[str, str]]:
    """Databases for one measurement, dropped afterwards.

    :param labels: "plain" (Odoo alone) and "addon" (with the addon)
    :return: label → name of the database
    """
    origins = {"plain": os.environ["OMS_BASE_DATABASE"], "addon": os.environ["OMS_DATABASE"]}
    names = {label: copied(label) for label in labels}
    try:
        for label, name in names.items():
            _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _execute(f'CREATE DATABASE "{name}" TEMPLATE "{origins[label]}"')
        yield names
    finally:
        for name in names.values():
            _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copied(label: str) -> str:
    """Name of the database that :func:`copies` makes for a label."""
    return f"{os.environ['OMS_DATABASE']}_{label}"


def _execute(statement: str) -> None:
    import psycopg2

    from odoo.sql_db import connection_info_for

    _name, info = connection_info_for("postgres")
    connection = psycopg2.connect(**info)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
