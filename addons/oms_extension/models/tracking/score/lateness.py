from odoo import fields, models

CAUSE_NAMES = [
    ("sales", "Sales Hold"),
    ("payment", "Payment"),
    ("stock", "Waiting for Stock"),
    ("warehouse", "Warehouse"),
    ("first_scan", "First Scan"),
    ("carrier", "Carrier"),
    ("customs", "Customs"),
    ("recipient", "Recipient"),
]
CHARGES = ", ".join(
    f"({number}, '{cause}', late_{cause})" for number, (cause, _name) in enumerate(CAUSE_NAMES)
)


class OmsLateness(models.Model):
    """The lateness ledger: what each late parcel is charged to whom, a row for each."""

    _name = "oms.lateness"
    _description = "Lateness Ledger"
    _auto = False
    _order = "promised_at desc, id"
    _depends = {
        "oms.shipment": [
            "name",
            "company_id",
            "oms_carrier_id",
            "carrier_id",
            "warehouse_id",
            "country_id",
            "lane_id",
            "promised_at",
            "late_minutes",
            *(f"late_{cause}" for cause, _name in CAUSE_NAMES),
        ]
    }

    shipment_id = fields.Many2one("oms.shipment", readonly=True)
    name = fields.Char("Parcel", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    oms_carrier_id = fields.Many2one("oms.carrier", "Carrier", readonly=True)
    carrier_id = fields.Many2one("delivery.carrier", "Carrier Service", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    country_id = fields.Many2one("res.country", "Destination", readonly=True)
    lane_id = fields.Many2one("oms.lane", readonly=True)
    promised_at = fields.Datetime("Promised", readonly=True)
    cause = fields.Selection(CAUSE_NAMES, "Charged to", readonly=True)
    hours = fields.Float("Hours Late", readonly=True, aggregator="sum")

    @property
    def _table_query(self):
        return f"""
            SELECT shipment.id::bigint * 8 + charge.number AS id, shipment.id AS shipment_id,
                   shipment.name, company_id, oms_carrier_id, carrier_id, warehouse_id,
                   country_id, lane_id, promised_at, charge.cause, charge.minutes / 60.0 AS hours
            FROM oms_shipment shipment,
                 LATERAL (VALUES {CHARGES}) AS charge (number, cause, minutes)
            WHERE shipment.late_minutes > 0 AND charge.minutes > 0
        """

    def action_open_shipment(self):
        """Open the parcel behind a row of a list."""
        self.ensure_one()
        return self.shipment_id._open(self.name)
