import secrets
from hashlib import sha256
from zoneinfo import available_timezones

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....engine.tracking.formats import FORMATS
from ....engine.tracking.signatures import ALGORITHMS, ENCODINGS, SCHEMES
from .sentences import refusals

PATH = "/oms/hook"
MANAGER = "oms_extension.group_manager"
SCHEME_OF_FORMAT = {
    key: key
    for key in ("easypost", "shippo", "aftership", "17track", "shipengine", "sendcloud", "easyship")
}
DATE_ORDERS = [
    ("ymd", "Year first (2026-01-31 14:00, ISO 8601)"),
    ("dmy", "Day first (31/01/2026 14:00)"),
    ("mdy", "Month first (01/31/2026 2:00 PM)"),
    ("epoch", "Seconds since 1970"),
]
DELIMITERS = [(",", "Comma"), (";", "Semicolon"), ("\t", "Tabulator"), ("|", "Vertical bar")]


def digest_of(token):
    """What doors are looked up by: it tells nothing about the token, nor does the time it takes."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


class OmsTrackingSource(models.Model):
    """A door for events: an address that takes one sender's webhooks, or a kind of file."""

    _name = "oms.tracking.source"
    _description = "Tracking Source"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Only this company's parcels are touched by what comes in here.",
    )
    kind = fields.Selection(
        [("webhook", "Webhook"), ("file", "Files")], required=True, default="webhook"
    )
    format = fields.Selection(
        lambda self: [(one.key, one.title) for one in FORMATS.values()],
        required=True,
        default="standard",
        help="What the messages look like.",
    )
    carrier_id = fields.Many2one(
        "oms.carrier", help="Whose parcels these are, where a message does not name the carrier."
    )
    vocabulary = fields.Char(
        "Status Codes",
        help="Whose status codes these are, if not those of the format or the carrier: the name of "
        "a table, or a name of your own such as iftsta:partner, whose codes you map yourself.",
    )
    tz = fields.Selection(
        lambda self: [(zone, zone) for zone in sorted(available_timezones())],
        "Time Zone",
        help="Of local times whose place does not tell it.",
    )
    keep_days = fields.Integer(
        "Keep Messages for (days)",
        default=90,
        help="The raw messages are deleted afterwards; the events stay.",
    )

    # --- who may come in --------------------------------------------------------------------------
    scheme = fields.Selection(
        lambda self: [(one.key, one.title) for one in SCHEMES.values()],
        "Signature",
        default="standard_webhooks",
        help="How the sender proves that it is the sender.",
    )
    secret = fields.Char(
        groups=MANAGER, copy=False, help="As the sender shows it. Only managers see it."
    )
    secret_old = fields.Char(
        "Former Secret",
        groups=MANAGER,
        copy=False,
        help="Also accepted, while the sender changes to the new one. Empty it afterwards.",
    )
    token = fields.Char(
        groups=MANAGER, copy=False, readonly=True, default=lambda self: secrets.token_urlsafe(32)
    )
    token_digest = fields.Char(
        compute="_compute_token_digest", store=True, precompute=True, groups=MANAGER
    )
    hook_url = fields.Char("Address for the Sender", compute="_compute_hook_url", groups=MANAGER)
    scheme_help = fields.Char(compute="_compute_scheme_help")
    needs_secret = fields.Boolean(compute="_compute_scheme_help")
    header = fields.Char(help="Name of the header with the signature, or with the secret.")
    prefix = fields.Char(
        "Before the Signature", help="Such as 'sha256=' or 'Bearer ', blanks included.", trim=False
    )
    algorithm = fields.Selection(
        lambda self: [(one, one.upper()) for one in ALGORITHMS], default="sha256"
    )
    encoding = fields.Selection(
        lambda self: [(one, one) for one in ENCODINGS],
        default="hex",
    )
    timestamp_header = fields.Char(
        "Header with the Time",
        help="Holds seconds since 1970, which are signed before the body with a full stop in "
        "between. What is older than five minutes is refused then.",
    )

    # --- files ------------------------------------------------------------------------------------
    columns = fields.Json(help="Of CSV files: field → title of the column.")
    delimiter = fields.Selection(DELIMITERS)
    date_order = fields.Selection(DATE_ORDERS, "Dates", default="ymd", required=True)

    # --- how it does ------------------------------------------------------------------------------
    message_ids = fields.One2many("oms.tracking.message", "source_id", "Messages")
    message_count = fields.Integer("Messages Kept", compute="_compute_messages")
    waiting_count = fields.Integer("Waiting", compute="_compute_messages")
    failed_count = fields.Integer("Failed", compute="_compute_messages")
    last_received_at = fields.Datetime("Last Received", compute="_compute_messages")
    last_error = fields.Char(compute="_compute_messages")
    refused_count = fields.Integer("Refused", readonly=True, copy=False)
    refused_at = fields.Datetime("Last Refused", readonly=True, copy=False)
    refused_problem = fields.Selection(
        lambda self: list(refusals(self.env).items()), "Why Refused", readonly=True, copy=False
    )

    _token_unique = models.UniqueIndex("(token_digest) WHERE token_digest IS NOT NULL")
    _keep_positive = models.Constraint(
        "CHECK (keep_days > 0)", "Keep messages for a day at least: they may have to be retried."
    )

    @api.depends("token")
    def _compute_token_digest(self):
        for source in self:
            source.token_digest = digest_of(source.token) if source.token else False

    @api.depends("token", "kind")
    def _compute_hook_url(self):
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        for source in self:
            is_hook = source.kind == "webhook" and source.token
            source.hook_url = f"{base}{PATH}/{source.token}" if is_hook else False

    @api.depends("scheme")
    def _compute_scheme_help(self):
        for source in self:
            scheme = SCHEMES.get(source.scheme)
            source.needs_secret = bool(scheme and scheme.needs_secret)
            source.scheme_help = scheme and " ".join(source._scheme_sentences(scheme))

    def _scheme_sentences(self, scheme):
        if scheme.header:
            yield self.env._("The signature comes in the header %s.", scheme.header)
        if not scheme.signs_body:
            yield self.env._("It does not cover the message: keep the address secret, too.")
        elif not scheme.replay_guard:
            yield self.env._("It is valid for ever: what comes twice is stored once.")
        if not scheme.needs_secret:
            yield self.env._("It is checked with the sender's public keys, which are fetched.")

    def _compute_messages(self):
        """From the index of the messages: a counter on the source would make webhooks queue."""
        for source in self:
            source.message_count = source.waiting_count = source.failed_count = 0
            source.last_received_at = source.last_error = False
        if not self.ids:
            return
        found = self.env["oms.tracking.message"]._read_group(
            [("source_id", "in", self.ids)],
            ["source_id", "state"],
            ["__count", "received_at:max"],
        )
        for source, state, count, received_at in found:
            source.message_count += count
            source.waiting_count += count if state == "new" else 0
            source.failed_count += count if state == "failed" else 0
            source.last_received_at = max(received_at, source.last_received_at or received_at)
        for source in self:
            if source.failed_count or source.waiting_count:
                worst = self.env["oms.tracking.message"].search(
                    [("source_id", "=", source.id), ("error", "!=", False)],
                    order="received_at desc, id desc",
                    limit=1,
                )
                source.last_error = worst.error

    @api.onchange("format")
    def _onchange_format(self):
        """Whoever sends in a format of its own signs in a way of its own."""
        found = FORMATS.get(self.format)
        if self.kind == "webhook" and self.format in SCHEME_OF_FORMAT:
            self.scheme = SCHEME_OF_FORMAT[self.format]
        if found and found.carrier:
            self.carrier_id = self.env["oms.carrier"]._resolve(found.carrier)

    @api.constrains("kind", "scheme", "secret", "header", "active")
    def _check_door(self):
        for source in self.sudo():
            if source.kind != "webhook" or not source.active:
                continue
            scheme = SCHEMES.get(source.scheme)
            if not scheme:
                raise ValidationError(self.env._("Choose how the sender signs its messages."))
            if scheme.key == "hmac" and not source.header:
                raise ValidationError(self.env._("Name the header that carries the signature."))
            by_address = scheme.key == "token" and not source.header
            if scheme.needs_secret and not by_address and not (source.secret or "").strip():
                raise ValidationError(
                    self.env._(
                        "%(name)s needs the secret that the sender signs with: without it "
                        "nothing would be accepted.",
                        name=source.name,
                    )
                )

    @api.constrains("vocabulary")
    def _check_vocabulary(self):
        for source in self:
            words = source.vocabulary
            if words and (len(words) > 64 or words != words.strip().casefold()):
                raise ValidationError(
                    self.env._("Write the name of the status codes in small letters, at most 64.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def action_renew_token(self):
        """Make the former address useless."""
        for source in self:
            source.token = secrets.token_urlsafe(32)

    def action_open_messages(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Messages of %s", self.name),
            "res_model": "oms.tracking.message",
            "view_mode": "list,form",
            "domain": [("source_id", "=", self.id)],
        }
