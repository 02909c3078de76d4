import json
import logging
from datetime import timedelta

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)

KEYS_AT = "https://api.shipengine.com/jwks"
"""The one address that keys are fetched from: no setting and no message can point elsewhere."""
LARGEST = 256 * 1024
TIMEOUT = 10
ASK_AGAIN = timedelta(minutes=10)


class OmsTrackingSource(models.Model):
    """Public keys of senders that sign with private ones."""

    _inherit = "oms.tracking.source"

    public_keys = fields.Json(
        readonly=True, copy=False, help="By key id, as the sender publishes them."
    )
    public_keys_at = fields.Datetime("Keys Fetched", readonly=True, copy=False)
    public_keys_asked_at = fields.Datetime(readonly=True, copy=False)
    public_keys_error = fields.Char(readonly=True, copy=False)
    public_key_count = fields.Integer("Public Keys", compute="_compute_public_key_count")

    @api.depends("public_keys")
    def _compute_public_key_count(self):
        for source in self:
            source.public_key_count = len(source.public_keys or {})

    def action_fetch_keys(self):
        """Fetch the sender's public keys now.

        :raise UserError: it cannot be reached, or its answer is none
        """
        self.check_access("write")
        try:
            keys = self._fetch_keys()
        except (requests.RequestException, ValueError) as error:
            raise UserError(
                self.env._(
                    "The keys could not be fetched from %(address)s: %(error)s",
                    address=KEYS_AT,
                    error=str(error)[:200],
                )
            ) from error
        self._keep_keys(keys)

    @api.model
    def _cron_fetch_keys(self):
        """Once a day, and soon after a message came that was signed with a new key."""
        sources = self.search([("scheme", "=", "shipengine"), ("kind", "=", "webhook")])
        if not sources:
            return
        now = fields.Datetime.now()
        try:
            keys = self._fetch_keys()
        except (requests.RequestException, ValueError) as error:
            _logger.warning("the keys of ShipEngine could not be fetched: %s", error)
            sources.write({"public_keys_asked_at": now, "public_keys_error": str(error)[:200]})
        else:
            sources._keep_keys(keys)

    def _keep_keys(self, keys):
        now = fields.Datetime.now()
        self.write(
            {
                "public_keys": keys,
                "public_keys_at": now,
                "public_keys_asked_at": now,
                "public_keys_error": False,
            }
        )

    def _ask_for_keys(self):
        """Have the keys fetched soon, unless that was done a moment ago."""
        asked_at = self.public_keys_asked_at
        if not asked_at or asked_at < fields.Datetime.now() - ASK_AGAIN:
            self.env.ref("oms_extension.cron_tracking_keys")._trigger()

    @api.model
    def _fetch_keys(self):
        """Dict key id → JSON Web Key.

        :raise requests.RequestException, ValueError: there are none to be had
        """
        with requests.get(KEYS_AT, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            answer.raise_for_status()
            body = answer.raw.read(LARGEST + 1, decode_content=True)
        if len(body) > LARGEST:
            raise ValueError("the answer is too large")
        found = json.loads(body)
        listed = found.get("keys") if isinstance(found, dict) else None
        keys = {
            one["kid"]: {name: one[name] for name in ("kty", "n", "e")}
            for one in (listed if isinstance(listed, list) else [])
            if isinstance(one, dict)
            and one.get("kty") == "RSA"
            and all(isinstance(one.get(name), str) for name in ("kid", "n", "e"))
        }
        if not keys:
            raise ValueError("no key is in the answer")
        return keys
