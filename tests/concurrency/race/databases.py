"""Databases of their own for tests that really commit, copied from a template and dropped.

Where a database is not on the server that Odoo is told to use, its name is a URI.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from psycopg2 import errors, sql

import odoo.sql_db


def connect(database: str) -> Any:
    """A connection on which every statement is a transaction of its own."""
    _name, parameters = odoo.sql_db.connection_info_for(database)
    connection = psycopg2.connect(**parameters)
    connection.autocommit = True
    return connection


def query(database: str, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def exists(name: str) -> bool:
    return bool(query("postgres", "SELECT FROM pg_database WHERE datname = %s", name))


def drop(name: str) -> None:
    with closing(connect("postgres")) as connection, connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def copy(source: str, target: str) -> None:
    """Make ``target`` a copy of ``source``.

    PostgreSQL copies in a second what nobody is connected to; what is in use, as the database of
    the running tests is, goes through a dump.
    """
    drop(target)
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with closing(connect("postgres")) as connection, connection.cursor() as cursor:
        try:
            cursor.execute(create.format(sql.Identifier(target), sql.Identifier(source)))
            return
        except errors.ObjectInUse:
            cursor.execute(create.format(sql.Identifier(target), sql.Identifier("template0")))
    pour(source, target)


def pour(source: str, target: str) -> None:
    """Copy what is in ``source`` into the empty ``target``, which may be on another server."""
    dump = subprocess.Popen(
        ["pg_dump", "--no-owner", source], env=_environment(source), stdout=subprocess.PIPE
    )
    subprocess.run(
        ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", target],
        env=_environment(target),
        stdin=dump.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    if dump.wait():
        raise RuntimeError(f"pg_dump of {source} failed")


@contextmanager
def copied(source: str, target: str) -> Iterator[str]:
    """A copy of ``source`` for the time of a ``with`` block."""
    copy(source, target)
    try:
        yield target
    finally:
        drop(target)


def _environment(database: str) -> dict[str, str]:
    """PG* variables by which PostgreSQL's programs reach the server that Odoo is told to use."""
    _name, parameters = odoo.sql_db.connection_info_for(database)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    values = {names[key]: str(value) for key, value in parameters.items() if key in names and value}
    return {**os.environ, **values}
