"""A client who knocks at the doors for webhooks."""

from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .doors_case import DoorsCase

CONTROLLER = "odoo.addons.oms_extension.controllers.tracking.webhook"


class WebhookCase(HttpCase, DoorsCase):
    def send(self, body, headers=None, source=None, path=None, method="POST", **values):
        """The answer to a request; a signature of its own where no headers are given."""
        self.env.flush_all()
        source = source or self.door
        headers = self.signed(body) if headers is None else headers
        path = path or f"/oms/hook/{source.token}"
        with mute_logger(CONTROLLER):
            return self.url_open(
                path,
                data=body,
                headers={"Content-Type": "application/json"} | headers,
                method=method,
                **values,
            )

    def assert_refused(self, answer, status, problem, source=None):
        """It was refused, and nothing of it is left."""
        self.assertEqual((answer.status_code, answer.json()["error"]), (status, problem))
        self.assertFalse(self.messages(source))
        self.assertFalse(self.parcel.event_count)
