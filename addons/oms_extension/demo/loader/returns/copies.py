"""Many rows at once, each like one that Odoo itself wrote.

Thousands of orders through Odoo's own methods would take an hour. What every stored column holds is
taken from a record that went the whole way, and only what differs is said.
"""

from psycopg2.extras import Json, execute_values

from odoo.tools import SQL

PAGE = 500


class Copies:
    """Rows of one model, made like ``record``."""

    def __init__(self, record, **common):
        record.ensure_one()
        self.env, self.table = record.env, record._table
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(self.table), record.id))
        (row,) = cr.dictfetchall()
        self.row = row | {name: value for name, value in common.items() if name in row}

    def insert(self, rows):
        """Insert rows: dicts of the columns that differ, all of the same columns.

        :return: their ids, in the order of ``rows``
        """
        if not rows:
            return []
        cr = self.env.cr
        cr.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [self.table, len(rows)],
        )
        ids = [one for (one,) in cr.fetchall()]
        unknown = {name for name in rows[0] if name not in self.row}
        if unknown:
            raise ValueError(f"{self.table} has no columns {sorted(unknown)}")
        columns = [name for name in self.row if name != "id"]
        values = []
        for key, row in zip(ids, rows, strict=True):
            whole = self.row | row
            values.append((key, *(_adapted(whole[name]) for name in columns)))
        command = SQL(
            "INSERT INTO %s (id, %s) VALUES ",
            SQL.identifier(self.table),
            SQL(", ").join(SQL.identifier(name) for name in columns),
        )
        execute_values(cr._obj, command.code + "%s", values, page_size=PAGE)
        return ids


def pairs(env, table, columns, rows):
    """Fill a table of pairs, as many2many fields have one."""
    if rows:
        command = SQL(
            "INSERT INTO %s (%s, %s) VALUES ",
            SQL.identifier(table), *(SQL.identifier(one) for one in columns),
        )  # fmt: skip
        execute_values(env.cr._obj, command.code + "%s", rows, page_size=PAGE)


def update(env, table, columns, rows):
    """Set columns of many rows. ``rows``: (id, value of each column)."""
    if not rows:
        return
    env.flush_all()
    env.cr.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = to_regclass(%s) AND attname = ANY(%s)",
        [table, list(columns)],
    )
    kinds = dict(env.cr.fetchall())
    settings = ", ".join(f"{name} = given.{name}::{kinds[name]}" for name in columns)
    execute_values(
        env.cr._obj,
        f"UPDATE {table} AS record SET {settings} FROM (VALUES %s) AS given "
        f"(id, {', '.join(columns)}) WHERE record.id = given.id",
        rows,
        page_size=PAGE,
    )
    env.invalidate_all(flush=False)


def _adapted(value):
    return Json(value) if isinstance(value, dict | list) else value
