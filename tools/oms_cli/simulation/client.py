"""The demo's server as programs outside see it: log in, make a key, call, post signed webhooks."""

import base64
import hmac
import http.cookiejar
import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any

from ..problem import Problem

SOURCE = "Simulator"
TIMEOUT = 30


class Client:
    """A person's session, an API key of hers, and a webhook source that she has made."""

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.database = database
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._key = ""
        self._hook = ""
        self._secret = b""

    def log_in(self, login: str, password: str) -> None:
        """Start a session; `Problem` when the server does not let one in."""
        answer = self._session(
            "/web/session/authenticate", db=self.database, login=login, password=password
        )
        if not answer.get("uid"):
            raise Problem(f"The demo does not know the log-in {login} / {password}.")
        self._key = self._make_key(password)

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """A method as the web client calls it."""
        return self._session(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    def json2(self, model: str, method: str, **arguments: Any) -> Any:
        """A method as another program calls it: JSON-2 with an API key."""
        headers = {"Authorization": f"bearer {self._key}", "X-Odoo-Database": self.database}
        return self._post(f"/json/2/{model}/{method}", arguments, headers)

    def open_door(self) -> None:
        """Make the webhook source of the simulator, or use the one of an earlier time."""
        fields = ["hook_url", "secret"]
        domain = [["name", "=", SOURCE], ["kind", "=", "webhook"]]
        found = self.call("oms.tracking.source", "search_read", domain, fields, limit=1)
        if not found:
            values = {
                "name": SOURCE,
                "kind": "webhook",
                "format": "standard",
                "scheme": "standard_webhooks",
                "secret": "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode(),
            }
            made = self.call("oms.tracking.source", "create", [values])
            found = self.call("oms.tracking.source", "read", made, fields)
        path = found[0]["hook_url"].split("/", 3)[3]
        self._hook = f"/{path}"
        self._secret = base64.b64decode(found[0]["secret"].removeprefix("whsec_"))

    def webhook(self, event: dict[str, Any]) -> Any:
        """Post an event as Standard Webhooks prescribes: id, time, and HMAC over both and body."""
        body = json.dumps({"events": [event]}).encode()
        identity, now = f"msg_{secrets.token_hex(12)}", str(int(time.time()))
        digest = hmac.digest(self._secret, f"{identity}.{now}.".encode() + body, "sha256")
        headers = {
            "webhook-id": identity,
            "webhook-timestamp": now,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }
        return self._post(self._hook, body, headers)

    def _make_key(self, password: str) -> str:
        """An API key for a day, made as in the user's preferences: the password is asked again."""
        wizard = "res.users.apikeys.description"
        made = self.call(wizard, "create", [{"name": SOURCE, "duration": "1"}])
        action = self.call(wizard, "make_key", made)
        if action.get("res_model") == "res.users.identitycheck":
            context = {"password": password}
            action = self.call(
                action["res_model"], "run_check", [action["res_id"]], context=context
            )
        return str(action["context"]["default_key"])

    def _session(self, path: str, **params: Any) -> Any:
        answer = self._post(path, {"jsonrpc": "2.0", "method": "call", "params": params}, {})
        if "error" in answer:
            said = answer["error"].get("data", {}).get("message") or answer["error"]["message"]
            raise Problem(f"The demo's server refused: {said}")
        return answer["result"]

    def _post(self, path: str, content: Any, headers: dict[str, str]) -> Any:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        request = urllib.request.Request(
            self.url + path, body, {"Content-Type": "application/json", **headers}
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read()[:200].decode("utf-8", "replace")
            raise Problem(f"The demo's server refused a message: {said}") from error
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise Problem(f"The demo's server at {self.url} does not answer any more.") from error
