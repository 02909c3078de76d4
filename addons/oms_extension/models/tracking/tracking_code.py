from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...engine.tracking import meaning
from ...engine.tracking.vocabulary import REASONS, party_of
from .shipment import PARTY_NAMES, STATE_NAMES


class OmsTrackingCode(models.Model):
    """A status code that no shipped table knows, or that the company reads differently.

    An unknown code is kept with its count and its last text, and mapped here once, for past and
    future events.
    """

    _name = "oms.tracking.code"
    _description = "Tracking Status Code"
    _order = "state, count desc, id"
    _rec_name = "code"

    vocabulary = fields.Char("Whose Code", required=True)
    code = fields.Char(required=True)
    count = fields.Integer("Seen", readonly=True)
    last_text = fields.Char("Last Message", readonly=True)
    first_seen_at = fields.Datetime("First Seen", readonly=True)
    last_seen_at = fields.Datetime("Last Seen", readonly=True)
    state = fields.Selection(STATE_NAMES, "Means")
    reason = fields.Selection(lambda self: [(key, key) for key in REASONS])
    party = fields.Selection(
        PARTY_NAMES, "Responsible", compute="_compute_party", store=True, readonly=False
    )
    ignored = fields.Boolean(
        help="It says nothing about the parcel's way: keep it in the timeline, change no state."
    )
    user_id = fields.Many2one("res.users", "Mapped by", readonly=True)

    _code_unique = models.UniqueIndex(
        "(vocabulary, code)", "This code is here already: edit it there."
    )

    @api.depends("state", "reason")
    def _compute_party(self):
        for code in self:
            code.party = party_of(code.state or "", code.reason or "") or False

    @api.constrains("vocabulary", "code")
    def _check_lower(self):
        for one in self:
            if one.vocabulary != one.vocabulary.casefold() or one.code != one.code.casefold():
                raise ValidationError(self.env._("Write the code in small letters."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("vocabulary", "code"):
                vals[name] = (vals.get(name) or "").strip().casefold()
            if vals.get("state"):
                vals.setdefault("user_id", self.env.uid)
        self.env.registry.clear_cache()
        codes = super().create(vals_list)
        codes.filtered("state")._apply()
        return codes

    def write(self, vals):
        self.env.registry.clear_cache()
        mapped = bool(vals.keys() & {"state", "reason", "party"})
        result = super().write(vals | {"user_id": self.env.uid} if mapped else vals)
        if mapped:
            self._apply()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        mapped = [(one.vocabulary, one.code) for one in self if one.state]
        result = super().unlink()
        for vocabulary, code in mapped:
            self.env["oms.tracking.ingest"]._reread(vocabulary, code)
        return result

    def _apply(self):
        """Read the past events with these codes anew."""
        for one in self:
            self.env["oms.tracking.ingest"]._reread(one.vocabulary, one.code)

    @api.model
    @tools.ormcache()
    def _mapped(self):
        """Dict (vocabulary, code) → (state, reason, party) of what people mapped."""
        codes = self.sudo().search([("state", "!=", False)])
        return {
            (one.vocabulary, one.code): (one.state, one.reason or "", one.party or "")
            for one in codes
        }

    @api.model
    def _meaning(self, vocabulary, code, text, own):
        """(state, reason, party) of a code, or None where nobody knows it.

        :param own: what :meth:`_mapped` returned: people's mapping comes before the shipped tables
        """
        found = own.get((vocabulary, code.casefold()))
        if found:
            return found
        known = meaning.lookup(vocabulary, code, text)
        return (known.state, known.reason, known.party) if known else None

    @api.model
    def _count_unknown(self, seen):
        """Count codes that nobody knows.

        :param seen: dict (vocabulary, code) → (count, last text)
        """
        if not seen:
            return
        rows = sorted((*key, *value) for key, value in seen.items())
        vocabularies, codes, counts, texts = zip(*rows, strict=True)
        self.env.cr.execute(
            """
            INSERT INTO oms_tracking_code AS known
                (vocabulary, code, count, last_text, first_seen_at, last_seen_at,
                 create_uid, create_date, write_uid, write_date)
            SELECT vocabulary, code, count, text, now() at time zone 'UTC',
                   now() at time zone 'UTC', %(uid)s, now() at time zone 'UTC', %(uid)s,
                   now() at time zone 'UTC'
            FROM unnest(%(vocabularies)s::text[], %(codes)s::text[], %(counts)s::int[],
                        %(texts)s::text[]) AS new(vocabulary, code, count, text)
            ON CONFLICT (vocabulary, code) DO UPDATE
            SET count = COALESCE(known.count, 0) + EXCLUDED.count,
                last_text = EXCLUDED.last_text, last_seen_at = EXCLUDED.last_seen_at
            """,
            {
                "uid": self.env.uid,
                "vocabularies": list(vocabularies),
                "codes": list(codes),
                "counts": list(counts),
                "texts": list(texts),
            },
        )
        self.invalidate_model()
