"""Where carriers and aggregators send their webhooks to.

Verify over the raw bytes, keep, answer: what is in a message is looked at after the answer, by a
job, so that no sender waits and no death of the server loses what was answered.
"""

import json
import logging
import re

from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ...models.tracking.doors.receive import LARGEST
from ...models.tracking.doors.source import PATH

_logger = logging.getLogger(__name__)


class RawDispatcher(http.HttpDispatcher):
    """Leaves the body alone: Odoo's own would read a form out of it, and nothing would be left to
    verify, whatever the sender says the type of its content is.
    """

    routing_type = "oms_raw"

    def dispatch(self, endpoint, args):
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)


class HideTokens(logging.Filter):
    """Keeps the secret part of addresses out of the server's log."""

    _token = re.compile(rf"({re.escape(PATH)}/)[^\s?\"]{{4,}}")

    def filter(self, record):
        if isinstance(record.args, tuple) and PATH in str(record.args[:1]):
            record.args = tuple(
                self._token.sub(r"\1***", one) if isinstance(one, str) else one
                for one in record.args
            )
        return True


logging.getLogger("werkzeug").addFilter(HideTokens())


class TrackingWebhook(http.Controller):
    @http.route(
        f"{PATH}/<string:token>",
        type="oms_raw",
        auth="none",
        methods=["GET", "HEAD", "POST"],
        csrf=False,
        save_session=False,
        max_content_length=LARGEST,
    )
    def receive(self, token):
        """200 once the message is kept; 401 wrong signature, 404 unknown address, 413 too large,
        415 compressed, 422 empty. Nothing is kept then.
        """
        env = request.env(user=SUPERUSER_ID, su=True)
        sources = env["oms.tracking.source"]
        door = sources._door(token)
        if not door:
            return answer(404, error="not_found")
        if request.httprequest.method != "POST":
            return answer(200, status="ready")
        encoding = request.httprequest.headers.get("Content-Encoding", "identity")
        if encoding.strip().lower() not in ("", "identity"):
            # What is signed are the bytes as they are, and a bomb is not to be unpacked.
            return self._refuse(sources, door, "encoded", 415)
        try:
            body = request.httprequest.get_data()
        except RequestEntityTooLarge:
            return self._refuse(sources, door, "too_large", 413)
        except HTTPException:  # the sender hung up
            return answer(400, error="incomplete")
        headers = {name.lower(): value for name, value in request.httprequest.headers.items()}
        problem = sources._refusal(door, token, headers, body)
        if problem:
            return self._refuse(sources, door, problem, 401)
        if not body.strip():
            return self._refuse(sources, door, "empty", 422)
        sources._keep(door, headers, body)
        return answer(200, status="received")

    def _refuse(self, sources, door, problem, status):
        _logger.info("webhook for tracking source %s refused: %s", door.id, problem)
        sources._note_refusal(door, problem)
        return answer(status, error=problem)


def answer(code, **content):
    response = request.make_response(
        json.dumps(content), [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    )
    response.status_code = code
    return response
