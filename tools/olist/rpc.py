"""Odoo over JSON-RPC, as any program would speak to it with a log-in and a password.

JSON-RPC and not XML-RPC: some methods of Odoo answer nothing, which XML-RPC cannot say.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

CHUNK = 500
PATIENCE_SECONDS = 600


class Fault(Exception):
    """Odoo refused a call; the text is what it told the user."""


class Odoo:
    """One log-in to one database.

    Raises ``PermissionError`` for a wrong password, ``OSError`` where nobody answers.
    """

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        self._url, self._database, self._password = f"{url}/jsonrpc", database, password
        self.context: dict[str, Any] = {"tracking_disable": True}
        self.uid = self._post("common", "authenticate", database, login, password, {})
        if not self.uid:
            raise PermissionError(f"{url} knows no {login} with this password in {database}")

    def _post(self, service: str, method: str, *args: Any) -> Any:
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"service": service, "method": method, "args": args},
        }
        headers = {"Content-Type": "application/json"}
        request = Request(self._url, json.dumps(body).encode(), headers)
        with urlopen(request, timeout=PATIENCE_SECONDS) as response:
            answer = json.load(response)
        if "error" in answer:
            error = answer["error"]
            raise Fault(error.get("data", {}).get("message") or error["message"])
        return answer.get("result")

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """``env[model].method(*args, **kwargs)``. Raises :class:`Fault`."""
        context = {**self.context, **kwargs.pop("context", {})}
        access = (self._database, self.uid, self._password)
        named = {**kwargs, "context": context}
        return self._post("object", "execute_kw", *access, model, method, args, named)

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
