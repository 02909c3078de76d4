"""Readers of the tracking pages, as browsers are: with nothing but a link."""

import re

from lxml import html

from odoo import fields
from odoo.tests import HttpCase

from .common import TrackingCase


class PageCase(HttpCase, TrackingCase):
    """A delivered order of Ada's, and a browser of nobody's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls.customer(
            name="Ada Neri",
            email="Ada@Example.com",
            street="Via Roma 17",
            city="Torino",
            zip="10121",
            phone="+39 333 1234567",
        )
        cls.sold = cls.order({cls.thing: 2}, partner_id=cls.ada.id, client_order_ref="WEB-1")
        cls.parcel = cls.send(cls.sold)
        cls.env["oms.tracking.attempt"].search([]).unlink()

    def tell(self, *events):
        """Let the carrier tell something of the parcel: (state, values) each."""
        self.ingest(
            *(
                self.event(state, f"2026-03-0{day}T10:00:00Z", **values)
                for day, (state, values) in enumerate(events, start=1)
            )
        )

    def get(self, path, language="en-US", **more):
        self.env.flush_all()
        headers = {"Accept-Language": language} | more.pop("headers", {})
        return self.url_open(path, headers=headers, **more)

    def page(self, shipment=None, **more):
        """The answer to whoever opens a parcel's link."""
        token = (shipment or self.parcel).access_token
        return self.get(f"/track/{token}", **more)

    def told(self, shipment=None, **more):
        """What a reader of a parcel's page reads, as one text."""
        response = self.page(shipment, **more)
        self.assertEqual(response.status_code, 200)
        return words(response)

    def look_up(self, order, proof, **more):
        """The answer to who fills the form in."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/track").text)[1]
        data = {"order": order, "proof": proof, "csrf_token": token} | more.pop("data", {})
        return self.get("/track", data=data, **more)

    def found(self, order, proof):
        """Whether this opens the order's page."""
        response = self.look_up(order, proof, allow_redirects=False)
        return response.status_code == 303

    def later(self, **delta):
        return fields.Datetime.add(fields.Datetime.now(), **delta)


def words(response):
    """The text of a page, blanks put together."""
    body = html.fromstring(response.text).find("body")
    return " ".join(body.text_content().split())
