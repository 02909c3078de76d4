from datetime import timedelta
from ipaddress import ip_address

from odoo import api, fields, models
from odoo.tools.misc import hmac

WINDOW = timedelta(hours=1)
MOST_PER_ADDRESS = 20
MOST_PER_NUMBER = 8
"""Wrong tries within the window, from one address of the network and for one order number."""


class OmsTrackingAttempt(models.Model):
    """A wrong try to find an order on the tracking page.

    Rows are added, never changed, so that many tries at once do not wait for each other; as many
    tries as there are workers may pass unseen. Keys are keyed digests: nobody reads from them who
    looked for what.
    """

    _name = "oms.tracking.attempt"
    _description = "Wrong Try on the Tracking Page"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True)
    tried_at = fields.Datetime(required=True)

    _key_index = models.Index("(key, tried_at)")
    _tried_index = models.Index("(tried_at)")

    @api.model
    def _keys(self, address, number):
        """(key of a network address, key of an order number)

        Of IPv6 the whole network of a customer counts, or the limit would be none.
        """
        try:
            ip = ip_address(address or "0.0.0.0")
            ip = getattr(ip, "ipv4_mapped", None) or ip
            place = ip.exploded[:19] if ip.version == 6 else ip.exploded
        except ValueError:
            place = "unknown"
        number = "".join((number or "").split()).lstrip("#").casefold()[:128]
        env = self.sudo().env
        return tuple(
            hmac(env, f"oms_extension.tracking_attempt.{kind}", value or " ")
            for kind, value in (("address", place), ("number", number))
        )

    @api.model
    def _too_many(self, address, number):
        """Whether one has to wait; the same for numbers that exist and that do not."""
        keys = self._keys(address, number)
        self.flush_model()
        self.env.cr.execute(
            "SELECT count(*) FILTER (WHERE key = %s), count(*) FILTER (WHERE key = %s) "
            "FROM oms_tracking_attempt WHERE key = ANY(%s) AND tried_at > %s",
            [*keys, list(keys), fields.Datetime.now() - WINDOW],
        )
        from_here, for_this = self.env.cr.fetchone()
        return from_here >= MOST_PER_ADDRESS or for_this >= MOST_PER_NUMBER

    @api.model
    def _note(self, address, number):
        """Keep a wrong try."""
        now = fields.Datetime.now()
        self.sudo().create([{"key": key, "tried_at": now} for key in self._keys(address, number)])

    @api.autovacuum
    def _gc(self):
        """Forget what counts no more."""
        self.env.cr.execute(
            "DELETE FROM oms_tracking_attempt WHERE tried_at < %s",
            [fields.Datetime.now() - WINDOW],
        )
