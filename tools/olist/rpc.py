"""Odoo over XML-RPC, as any program would speak to it."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

CHUNK = 500


class Odoo:
    """One log-in to one database. Raises ``PermissionError`` for a wrong one."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self._database, self._password = database, password
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common", allow_none=True)
        self.uid = common.authenticate(database, login, password, {})
        if not self.uid:
            raise PermissionError(f"{url} knows no {login} with this password in {database}")
        self._models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)
        self.context: dict[str, Any] = {"tracking_disable": True}

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """``env[model].method(*args, **kwargs)``; raises ``xmlrpc.client.Fault``."""
        context = {**self.context, **kwargs.pop("context", {})}
        return self._models.execute_kw(
            self._database, self.uid, self._password, model, method, list(args),
            {**kwargs, "context": context},
        )  # fmt: skip

    def create(self, model: str, values: list[dict[str, Any]], **context: Any) -> list[int]:
        """Ids of new records, made ``CHUNK`` at a time."""
        ids: list[int] = []
        for start in range(0, len(values), CHUNK):
            ids += self.call(model, "create", values[start : start + CHUNK], context=context)
        return ids

    def find(
        self, model: str, domain: list[Any], fields: list[str], **kwargs: Any
    ) -> list[dict[str, Any]]:
        """``search_read`` with the fields ``fields`` and ``id``."""
        found: list[dict[str, Any]] = self.call(
            model, "search_read", domain, fields=fields, **kwargs
        )
        return found

    def find_id(self, model: str, domain: list[Any], **context: Any) -> int | None:
        """The first record's id, or None."""
        ids = self.call(model, "search", domain, limit=1, context=context)
        return ids[0] if ids else None

    def ensure(self, model: str, domain: list[Any], values: dict[str, Any]) -> int:
        """The id of the record that ``domain`` finds; made from ``values`` where there is none."""
        found = self.find_id(model, domain, active_test=False)
        return found if found is not None else self.create(model, [values])[0]
