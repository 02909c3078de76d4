import json
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import connectors, courier

HEALTH = [
    ("new", "Not Asked Yet"),
    ("ok", "Working"),
    ("throttled", "Asked Us to Wait"),
    ("shaky", "Stumbling"),
    ("refused", "Credentials Refused"),
    ("down", "Down"),
]


class OmsTrackingConnection(models.Model):
    """An account with a carrier through which its parcels are asked about, by way of karrio."""

    _name = "oms.tracking.connection"
    _description = "Carrier Connection"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    connector = fields.Selection(
        "_selection_connector",
        required=True,
        help="The part of karrio that speaks with this carrier.",
    )
    is_installed = fields.Boolean(compute="_compute_is_installed")
    install_hint = fields.Char(compute="_compute_is_installed")
    carrier_ids = fields.Many2many(
        "oms.carrier",
        string="Carriers",
        help="Parcels of these carriers are asked about through this connection.",
    )
    test_mode = fields.Boolean(help="Speaks with the carrier's test system.")
    # Whoever may turn the connection elsewhere gets to see the credentials.
    server_url = fields.Char(
        "Other Address",
        groups="base.group_system",
        help="Instead of the carrier's own: of a gateway or a test system, like https://host/path.",
    )
    credentials = fields.Text(
        groups="base.group_system",
        help="As the carrier's developer portal shows them, as JSON. "
        "Only administrators of the system see them.",
    )
    rate = fields.Integer(
        "Requests per Minute",
        default=connectors.RATE,
        help="Never more, log-ins included; evenly spaced.",
    )
    requests_per_day = fields.Integer(
        "Requests per Day",
        help="Never more between midnight and midnight, UTC. 0: as many as are needed.",
    )
    numbers_per_request = fields.Integer(
        "Numbers at Once",
        default=connectors.AT_ONCE,
        help="In one request where the carrier takes several numbers, else in as many requests.",
    )

    # --- how it does ------------------------------------------------------------------------------
    health = fields.Selection(HEALTH, default="new", required=True, readonly=True, copy=False)
    failures = fields.Integer("Failures in a Row", readonly=True, copy=False)
    retry_at = fields.Datetime("Left Alone Until", readonly=True, copy=False)
    next_request_at = fields.Datetime("Next Request", readonly=True, copy=False)
    day = fields.Date("Day of the Count", readonly=True, copy=False)
    day_count = fields.Integer("Requests Today", readonly=True, copy=False)
    lease_until = fields.Datetime("Being Asked Until", readonly=True, copy=False)
    last_asked_at = fields.Datetime("Last Asked", readonly=True, copy=False)
    last_answer_at = fields.Datetime("Last Answer on", readonly=True, copy=False)
    last_answer = fields.Text(readonly=True, copy=False, groups="oms_extension.group_manager")
    last_error_at = fields.Datetime("Last Error on", readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)
    request_count = fields.Integer("Requests", readonly=True, copy=False)
    answer_count = fields.Integer("Numbers Answered", readonly=True, copy=False)
    event_count = fields.Integer("New Events", readonly=True, copy=False)
    error_count = fields.Integer("Failed Questions", readonly=True, copy=False)
    foreign_count = fields.Integer(
        "Events of Other Parcels",
        readonly=True,
        copy=False,
        help="What it said about parcels that it was not asked about; left out.",
    )
    followed_count = fields.Integer("Parcels Followed", compute="_compute_followed_count")
    due_count = fields.Integer("Due Now", compute="_compute_followed_count")

    # So that a log-in and a question fit into one visit.
    _positive = models.Constraint(
        "CHECK (rate >= 6 AND numbers_per_request > 0 AND requests_per_day >= 0)",
        "Allow at least six requests per minute, and one number in each.",
    )

    @api.model
    def _selection_connector(self):
        names = {*connectors.KNOWN, *connectors.installed()}
        return sorted(((name, connectors.label(name)) for name in names), key=lambda one: one[1])

    @api.depends("connector")
    def _compute_is_installed(self):
        installed = connectors.installed()
        for connection in self:
            name = connection.connector
            connection.is_installed = name in installed
            connection.install_hint = (
                self.env._(
                    "This needs karrio on the server: pip install %(packages)s, give Odoo the "
                    "environment variable OMS_KARRIO with that folder, and restart it.",
                    packages=connectors.packages(name),
                )
                if name and name not in installed
                else False
            )

    def _compute_followed_count(self):
        for connection in self:
            domain = connection._followed_domain()
            shipments = self.env["oms.shipment"]
            connection.followed_count = shipments.search_count(domain)
            connection.due_count = shipments.search_count(
                [*domain, ("next_poll_at", "<=", fields.Datetime.now())]
            )

    def _followed_domain(self):
        self.ensure_one()
        return [
            ("company_id", "=", self.company_id.id),
            ("oms_carrier_id", "in", self.carrier_ids.ids),
            ("next_poll_at", "!=", False),
        ]

    @api.onchange("connector")
    def _onchange_connector(self):
        """Offer what is known of the carrier."""
        if not self.connector:
            return
        known = connectors.KNOWN.get(self.connector)
        self.name = self.name or connectors.label(self.connector)
        self.numbers_per_request = known.numbers if known else connectors.AT_ONCE
        self.rate = known.rate if known else connectors.RATE
        self.requests_per_day = known.daily if known else 0
        codes = known.carriers if known else (self.connector,)
        self.carrier_ids = self.env["oms.carrier"].search([("code", "in", codes)])
        if self.env.user.has_group("base.group_system"):
            wanted = {name: "" for name, _required in self._describe(self.connector)}
            self.credentials = json.dumps(wanted, indent=2) if wanted else False

    @api.model
    def _describe(self, connector):
        """The credentials that a connector knows: list of (name, whether required)."""
        if connector not in connectors.installed():
            return []
        return [tuple(one) for one in courier.describe(connector).get("fields", ())]

    @api.constrains("credentials", "connector")
    def _check_credentials(self):
        for connection in self:
            given = connection._settings()
            missing = [
                name
                for name, required in self._describe(connection.connector)
                if required and not given.get(name)
            ]
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(name)s needs these credentials, too: %(missing)s.",
                        name=connectors.label(connection.connector),
                        missing=", ".join(missing),
                    )
                )

    @api.constrains("server_url")
    def _check_server_url(self):
        for connection in self.sudo().filtered("server_url"):
            parts = urlsplit(connection.server_url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValidationError(
                    self.env._("Write the address like https://host or https://host/path.")
                )

    @api.constrains("carrier_ids", "company_id", "active")
    def _check_one_way(self):
        """Two connections for one carrier would ask everything twice."""
        for connection in self.filtered("active"):
            other = self.sudo().search(
                [
                    ("id", "!=", connection.id),
                    ("company_id", "=", connection.company_id.id),
                    ("carrier_ids", "in", connection.carrier_ids.ids),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(other)s asks about parcels of %(carriers)s already: take them out of "
                        "one of the two.",
                        other=other.name,
                        carriers=", ".join(
                            (other.carrier_ids & connection.carrier_ids).mapped("name")
                        ),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        connections._enrol()
        return connections

    def write(self, vals):
        if vals.keys() & {"credentials", "server_url", "test_mode", "connector"}:
            # A person has changed what was wrong, perhaps: no need to wait any longer.
            vals = vals | {"failures": 0, "retry_at": False}
        result = super().write(vals)
        if vals.keys() & {"carrier_ids", "company_id", "active"}:
            self._enrol()
        return result

    def _enrol(self):
        """Let the parcels that are on their way be asked about from now on."""
        for connection in self.filtered(lambda one: one.active and one.carrier_ids):
            self.env["oms.shipment"]._enrol_for_polling(
                connection.company_id, connection.carrier_ids
            )

    def _settings(self):
        """The credentials as karrio takes them.

        :raise ValidationError: they are no JSON object of texts
        """
        self.ensure_one()
        try:
            given = json.loads(self.sudo().credentials or "{}")
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            raise ValidationError(
                self.env._('Write the credentials as JSON, like {"client_id": "…"}.')
            )
        return {name: value for name, value in given.items() if value not in ("", None)}

    def _opening(self):
        """What a courier has to know to ask this carrier, see ``karrio_process``."""
        self.ensure_one()
        wait = self.next_request_at - fields.Datetime.now() if self.next_request_at else timedelta()
        return {
            "carrier": self.connector,
            "settings": {**self._settings(), "test_mode": self.test_mode},
            "server_url": (self.sudo().server_url or "").rstrip("/"),
            "rate": self.rate,
            "wait": max(wait.total_seconds(), 0.0),
            "keep_raw": self.connector in connectors.KNOWN,
        }

    def action_open_followed(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("oms_extension.action_oms_shipment")
        return action | {"domain": self._followed_domain(), "context": {}}
