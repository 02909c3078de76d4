import time
from dataclasses import dataclass
from datetime import timedelta

from psycopg2 import Binary
from psycopg2.extras import Json

from odoo import api, fields, models, tools

from ....engine.tracking.formats.base import clean
from ....engine.tracking.signatures import SCHEMES, Options, Refused, Scheme
from .. import wake
from .packing import digest, pack
from .source import digest_of

KEPT_HEADERS = (
    "content-type",
    "user-agent",
    "webhook-id",
    "webhook-timestamp",
    "x-request-id",
    "x-shipengine-timestamp",
)
"""None of them proves anything: what does is not stored."""
INBOX_JOB = "oms_extension.cron_tracking_inbox"
LARGEST = 2 * 1024 * 1024
NOTE_EVERY = timedelta(seconds=10)


@dataclass(frozen=True)
class Door:
    """What must be known of a source to judge a webhook."""

    id: int
    company_id: int
    scheme: Scheme
    secrets: tuple[str, ...]
    options: Options


class OmsTrackingSource(models.Model):
    """Takes webhooks in: verify, keep, answer; what is in them is looked at afterwards."""

    _inherit = "oms.tracking.source"

    @api.model
    @tools.ormcache()
    def _doors(self):
        """All open doors by the digest of their token.

        Kept whole, so that no stranger's guesses push anything out of the cache.
        """
        sources = self.sudo().search([("kind", "=", "webhook"), ("token_digest", "!=", False)])
        return {
            one.token_digest: Door(
                one.id,
                one.company_id.id,
                SCHEMES[one.scheme],
                one._secrets(),
                Options(
                    one.header or "",
                    one.algorithm or "",
                    one.encoding or "",
                    one.prefix or "",
                    one.timestamp_header or "",
                    one.public_keys or {},
                ),
            )
            for one in sources
            if one.scheme in SCHEMES and one.company_id.active
        }

    def _secrets(self):
        """The secrets that are accepted; of the address itself where it is the secret."""
        if self.scheme == "token" and not self.header:
            return (self.token,)
        found = [one.strip() for one in (self.secret, self.secret_old) if one and one.strip()]
        return tuple(found) or ("",)

    @api.model
    def _door(self, token):
        """The door with this token, or None. Takes the same time however wrong the token is."""
        return self._doors().get(digest_of(token))

    @api.model
    def _refusal(self, door, token, headers, body):
        """Why a webhook must not be believed; empty when it may.

        :return: key of ``sentences.refusals``
        """
        now = time.time()
        problem = "no_secret"
        for secret in door.secrets:
            try:
                door.scheme.verify(secret, headers, body, now, token, door.options)
            except Refused as refused:
                problem = refused.problem
            else:
                return ""
        return problem

    @api.model
    def _keep(self, door, headers, body):
        """Store a webhook to be looked at soon, once however often it comes; whether it is new.

        One statement for the message and the call for the job that looks at it: when they are
        committed the sender may be told so, and the server may die.
        """
        job_id = self.env["ir.model.data"]._xmlid_to_res_id(INBOX_JOB, raise_if_not_found=True)
        now = fields.Datetime.now()
        kept = {name: clean(headers[name])[:200] for name in KEPT_HEADERS if headers.get(name)}
        self.env.cr.execute(
            """
            WITH message AS (
                INSERT INTO oms_tracking_message
                    (source_id, company_id, kind, state, packed, size, digest, headers,
                     received_at, next_try_at, attempts, rows_done,
                     stored_count, duplicate_count, unmatched_count, reject_count)
                VALUES (%(source)s, %(company)s, 'webhook', 'new', %(packed)s, %(size)s, %(digest)s,
                        %(headers)s, %(now)s, %(now)s, 0, 0, 0, 0, 0, 0)
                ON CONFLICT (source_id, digest) DO NOTHING
                RETURNING id
            )
            INSERT INTO ir_cron_trigger (cron_id, call_at)
            SELECT %(job)s, %(now)s FROM message
            RETURNING id
            """,
            {
                "source": door.id,
                "company": door.company_id,
                "packed": Binary(pack(body)),
                "size": len(body),
                "digest": digest(body),
                "headers": Json(kept),
                "now": now,
                "job": job_id,
            },
        )
        if not self.env.cr.fetchone():
            return False
        # A trigger of its own each time: a job that is just ending may not see this message, and
        # the triggers that it found are gone only when it has ended.
        wake.notify(self.env.cr)
        return True

    @api.model
    def _note_refusal(self, door, problem):
        """Let people see that somebody knocked in vain, without giving strangers work to do.

        Written every ten seconds at most, and never waited for.
        """
        now = fields.Datetime.now()
        self.env.cr.execute(
            """
            UPDATE oms_tracking_source
            SET refused_count = COALESCE(refused_count, 0) + 1, refused_at = %(now)s,
                refused_problem = %(problem)s
            WHERE id = (SELECT id FROM oms_tracking_source
                        WHERE id = %(id)s AND (refused_at IS NULL OR refused_at < %(before)s)
                        FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            {"id": door.id, "now": now, "before": now - NOTE_EVERY, "problem": problem},
        )
        if self.env.cr.fetchone() and problem == "unknown_key":
            self.browse(door.id)._ask_for_keys()
