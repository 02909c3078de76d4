"""A delivered order, and what its customer sends back, each in one line."""

from ..tracking.common import TrackingCase


class ReturnsCase(TrackingCase):
    """Under a policy of 30 days by which a person approves each return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.return_policy = cls.env["oms.return.policy"].create(
            {"name": "Test", "code": "test", "company_id": cls.company.id, "sequence": 0}
        )

    @classmethod
    def delivered(cls, lines, country="IT", **values):
        """An order of ``lines`` (dict product → quantity), all sent."""
        order = cls.order(lines, country, **values)
        cls.send(order)
        return order

    @classmethod
    def ask(cls, order, quantity=1, reason="unwanted", line=None, origin="clerk", **more):
        """Announce units of the order's first line (or ``line``)."""
        values = {
            "order_line_id": (line or order.order_line[0]).id,
            "quantity": quantity,
            "reason": reason,
        }
        return cls.env["oms.return"]._request(order, [values | more], origin)
