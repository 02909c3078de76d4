from odoo import api, fields, models
from odoo.tools import format_date


class OmsAllocation(models.Model):
    """One decision about one order: which warehouse ships what, by which service, and when.

    A later decision supersedes an earlier one; none is deleted, so that the trace of who decided
    what, and why, stays.
    """

    _name = "oms.allocation"
    _description = "Allocation"
    _order = "decided_at desc, id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id", store=True, precompute=True, index=True
    )
    team_id = fields.Many2one(related="order_id.team_id", store=True, precompute=True)
    country_id = fields.Many2one(
        related="order_id.partner_shipping_id.country_id",
        store=True,
        precompute=True,
        string="Destination",
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("committed", "Committed"),
            ("superseded", "Superseded"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        index=True,
    )
    trigger = fields.Selection(
        [
            ("confirm", "Order confirmed"),
            ("change", "Order changed"),
            ("manual", "Changed by hand"),
            ("reallocate", "Re-allocated"),
            ("import", "Imported"),
        ],
        required=True,
    )
    decided_at = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Decided for", default=lambda self: self.env.user)
    reason = fields.Char(help="Why a person changed what the policy had decided.")
    policy_id = fields.Many2one("oms.policy", ondelete="restrict", index=True)
    policy_version = fields.Integer()
    previous_id = fields.Many2one("oms.allocation", "Supersedes", ondelete="set null")
    gain = fields.Monetary(
        help="What this decision costs less than the one it superseded, priced at the same moment."
    )

    parcel_ids = fields.One2many("oms.allocation.parcel", "allocation_id", "Parcels")
    line_ids = fields.One2many("oms.allocation.line", "allocation_id", "Lines")

    parcel_count = fields.Integer("Number of Parcels", aggregator="avg")
    split = fields.Boolean(help="More than one parcel.")
    split_rate = fields.Float(
        aggregator="avg", help="Share of orders sent in more than one parcel."
    )
    missing = fields.Integer("Units Missing")
    total = fields.Monetary("Cost", aggregator="avg")
    freight = fields.Monetary(aggregator="avg")
    handling = fields.Monetary(aggregator="avg")
    delay = fields.Monetary("Cost of Delay", aggregator="avg")
    split_penalty = fields.Monetary("Cost of Extra Parcels", aggregator="avg")
    distance = fields.Float(
        "Distance (km)", aggregator="avg", help="Mean of the parcels' distances, as the crow flies."
    )
    deliver_at = fields.Datetime("Promised Delivery")
    gap = fields.Float(
        "Proven Gap", help="At most this share above the least possible cost; 0 is proven optimal."
    )
    method = fields.Char()
    snapshot = fields.Json(prefetch=False, help="What was known when it was decided.")
    decision = fields.Json(prefetch=False, help="Plan, decision cards and rejected alternatives.")

    _order_committed_unique = models.UniqueIndex(
        "(order_id) WHERE state = 'committed'", "An order has one allocation in force."
    )

    @api.depends("order_id", "decided_at")
    def _compute_display_name(self):
        for allocation in self:
            day = format_date(self.env, allocation.decided_at)
            allocation.display_name = f"{allocation.order_id.name} ({day})"

    def _targets(self):
        """Units that each warehouse owes each order line.

        :return: dict order line id → dict warehouse id → whole units
        """
        targets = {}
        for line in self.line_ids:
            by_warehouse = targets.setdefault(line.order_line_id.id, {})
            by_warehouse[line.warehouse_id.id] = (
                by_warehouse.get(line.warehouse_id.id, 0) + line.quantity
            )
        return targets

    def _lines_of(self, order_line):
        """What of this allocation is for one order line."""
        key = order_line.id
        return self.line_ids.filtered(lambda line: line.order_line_id.id == key)

    def action_open_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
