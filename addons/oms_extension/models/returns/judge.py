from odoo import api, models


class OmsReturn(models.Model):
    """What the return policy says."""

    _inherit = "oms.return"

    @api.model
    def _judge(self, order, lines):
        """The policy's verdict on a request.

        :param order: the order, or an empty record set
        :param list lines: dicts ``order_line``, ``product``, ``quantity``, ``reason``, ``outcome``,
            ``photos`` (records, and a number of photos)
        :return: dict ``allowed``, ``automatic``, ``needs`` (of ``photo``, ``inspection``,
            ``review``), ``fee``, ``freight_paid_by`` (``shop``, ``customer``), ``returnless``,
            ``policy``, ``text``, and ``lines``: dicts ``allowed``, ``reasons`` (texts), ``until``
            (ISO date or false), ``returnless``
        """
        return {
            "allowed": True,
            "automatic": False,
            "needs": [],
            "fee": 0.0,
            "freight_paid_by": "shop",
            "returnless": False,
            "policy": False,
            "text": "",
            "lines": [
                {"allowed": True, "reasons": [], "until": False, "returnless": False}
                for _line in lines
            ],
        }
