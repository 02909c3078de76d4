"""Customers on the pages of returns, as browsers are: with forms, links and nothing else."""

import io
import re

from PIL import Image

from ..tracking.page_case import PageCase, words
from .common import ReturnsCase

__all__ = ["ReturnPageCase", "picture", "words"]


class ReturnPageCase(PageCase, ReturnsCase):
    """Ada's order of ``PageCase`` came to her: two of one thing."""

    def key(self, order=None):
        """What a guest gets for number and e-mail."""
        return self.env["oms.tracking.page"]._link_to_order(order or self.sold)

    def post(self, path, data=(), files=None, **more):
        """Send a form of the page at ``path`` (or of ``page``)."""
        page = self.get(more.pop("page", path))
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        data = {"csrf_token": token[1] if token else ""} | dict(data)
        return self.get(path, data=data, files=files, **more)

    def begin(self, units=1, order=None, line=None):
        """Choose units of the first line; the address of the questions."""
        order = order or self.sold
        path = f"/return/order/{self.key(order)}"
        data = {f"units_{(line or order.order_line[0]).id}": units}
        response = self.post(path, data, allow_redirects=False)
        self.assertEqual(response.status_code, 303, words(response)[:400])
        return response.headers["Location"].split("?")[0]

    def answer(self, path, files=(), line=None, **answers):
        """Answer the questions about the first line."""
        name = (line or self.sold.order_line[0]).id
        answers = {"reason": "unwanted", "outcome": "refund"} | answers
        return self.post(
            path,
            {f"{field}_{name}": value for field, value in answers.items()},
            files=[(f"photos_{name}", one) for one in files] or None,
            allow_redirects=False,
        )

    def send_it(self, path, **data):
        """Press the last button."""
        return self.post(f"{path}/check", data, allow_redirects=False)

    def returned(self, units=1, files=(), **answers):
        """The return that a whole walk through the pages makes."""
        path = self.begin(units)
        response = self.answer(path, files, **answers)
        self.assertEqual(response.status_code, 303, words(response)[:600])
        response = self.send_it(path)
        self.assertEqual(response.status_code, 303, words(response)[:600])
        return self.of(response)

    def of(self, response):
        """The return that a page leads to."""
        token = response.headers["Location"].split("?")[0].rsplit("/", 1)[1]
        return self.env["oms.return"].search([("access_token", "=", token)])


def picture(kind="JPEG", size=(60, 40), name="photo.jpg", tail=b"", **options):
    """An upload: (name, bytes, type)."""
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind, **options)
    return name, content.getvalue() + tail, f"image/{kind.lower()}"
