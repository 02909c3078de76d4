from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tracking.shipment import new_token

STATES = [
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("received", "Received"),
    ("done", "Done"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]
OPEN = ("requested", "approved", "received")
ORIGINS = [
    ("portal", "Customer"),
    ("clerk", "Customer Service"),
    ("rpc", "Another Program"),
    ("transfer", "Transfer"),
    ("carrier", "Brought Back by the Carrier"),
]
WAYS = [
    ("label", "With a Label"),
    ("drop_off", "Drop-off"),
    ("pickup", "Pick-up"),
    ("none", "Goods Stay with the Customer"),
]
RECEIPT_STATES = [
    ("none", "Nothing to Receive"),
    ("awaited", "Awaited"),
    ("underway", "On the Way"),
    ("partial", "Partly Received"),
    ("received", "Received"),
]
NOT_ON_THE_WAY = ("pending", "label_created", "expired", "cancelled")
"""States of a parcel that nobody has scanned."""
MONEY_STATES = [
    ("none", "Nothing Due"),
    ("later", "After Receipt"),
    ("due", "Due"),
    ("partial", "Partly Paid Back"),
    ("settled", "Settled"),
]


class OmsReturn(models.Model):
    """Goods that a customer sends back, or claims not to have got in order.

    Receipt of the goods and refund of the money are separate: a return is done when nothing is
    awaited and nothing is due.
    """

    _name = "oms.return"
    _description = "Return"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "requested_at desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["name", "order_id.name", "partner_id.name"]

    name = fields.Char(required=True, readonly=True, copy=False, default="/", index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True
    )
    order_id = fields.Many2one(
        "sale.order", index="btree_not_null", check_company=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", "Customer", index="btree_not_null")
    origin = fields.Selection(ORIGINS, "Asked by", required=True, default="clerk", readonly=True)
    kind = fields.Selection(
        [("return", "Return"), ("claim", "Claim")], required=True, default="return"
    )
    state = fields.Selection(
        STATES, required=True, default="requested", tracking=True, copy=False, index=True,
        group_expand=True,
    )  # fmt: skip
    way = fields.Selection(WAYS, "Way Back", required=True, default="label")
    comment = fields.Text("Customer's Comment")
    line_ids = fields.One2many("oms.return.line", "return_id", "Goods")
    inspection_ids = fields.One2many("oms.return.inspection", "return_id", "Inspected Units")
    user_id = fields.Many2one("res.users", "Responsible", tracking=True)
    access_token = fields.Char(
        default=lambda self: new_token(), copy=False, readonly=True, groups="base.group_user"
    )

    request_key = fields.Char(
        "Key of the Request", readonly=True, copy=False, help="A request sent twice is made once."
    )

    # --- the verdict --------------------------------------------------------------------------
    verdict = fields.Json(readonly=True, copy=False)
    verdict_text = fields.Text("Policy's Verdict", readonly=True, copy=False)
    review = fields.Text("To Look at", readonly=True, copy=False)
    approved_by = fields.Selection(
        [("policy", "Policy"), ("person", "A Person")], readonly=True, copy=False
    )
    refusal = fields.Text("Why Refused", copy=False)
    fee = fields.Monetary("Fee Kept", help="Kept from the refund.")

    # --- the goods ----------------------------------------------------------------------------
    warehouse_id = fields.Many2one(
        "stock.warehouse", "Received in", index="btree_not_null", check_company=True
    )
    warehouse_text = fields.Text("Why There", readonly=True, copy=False)
    picking_ids = fields.One2many("stock.picking", "oms_return_id", "Transfers")
    shipment_ids = fields.Many2many(
        "oms.shipment", compute="_compute_shipment_ids", string="Parcels Coming Back"
    )
    receipt_state = fields.Selection(
        RECEIPT_STATES, "Goods", compute="_compute_receipt_state", store=True
    )

    # --- the money ----------------------------------------------------------------------------
    refund_ids = fields.One2many("account.move", "oms_return_id", "Credit Notes")
    exchange_ids = fields.One2many("sale.order", "oms_return_id", "Exchange Orders")
    amount_due = fields.Monetary(
        "To Pay Back", compute="_compute_money", store=True, help="Of all units, less the fee."
    )
    amount_refunded = fields.Monetary("Paid Back", compute="_compute_money", store=True)
    money_state = fields.Selection(MONEY_STATES, "Money", compute="_compute_money", store=True)

    # --- when ---------------------------------------------------------------------------------
    requested_at = fields.Datetime(
        required=True, default=fields.Datetime.now, copy=False, index=True
    )
    approved_at = fields.Datetime(readonly=True, copy=False)
    received_at = fields.Datetime(readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)

    units = fields.Float(compute="_compute_units", store=True, digits="Product Unit")
    product_text = fields.Char("Products", compute="_compute_product_text")
    next_step = fields.Char(compute="_compute_next_step")

    _request_once = models.UniqueIndex(
        "(order_id, request_key) WHERE request_key IS NOT NULL",
        "This request has come already.",
    )
    _token_unique = models.UniqueIndex("(access_token)")
    _open_index = models.Index(
        "(company_id, requested_at) WHERE state IN ('requested', 'approved', 'received')"
    )

    @api.depends("order_id.currency_id", "company_id.currency_id")
    def _compute_currency_id(self):
        for one in self:
            one.currency_id = one.order_id.currency_id or one.company_id.currency_id

    @api.depends("line_ids.quantity")
    def _compute_units(self):
        for one in self:
            one.units = sum(one.line_ids.mapped("quantity"))

    @api.depends("line_ids.product_id.display_name", "line_ids.quantity")
    def _compute_product_text(self):
        for one in self:
            one.product_text = ", ".join(
                f"{line.quantity:g} × {line.product_id.display_name}" for line in one.line_ids
            )

    @api.depends("picking_ids.oms_shipment_ids", "line_ids.shipment_id", "origin")
    def _compute_shipment_ids(self):
        for one in self:
            back = one.picking_ids.oms_shipment_ids.filtered(
                lambda shipment: shipment.direction == "return"
            )
            # What a carrier brings back comes in the very parcel that was sent.
            one.shipment_ids = back | (
                one.line_ids.shipment_id if one.origin == "carrier" else back.browse()
            )

    @api.depends(
        "line_ids.quantity", "line_ids.received_qty", "line_ids.keep", "picking_ids.state",
        "picking_ids.oms_shipment_ids.state",
    )  # fmt: skip
    def _compute_receipt_state(self):
        for one in self:
            awaited = one.line_ids.filtered(lambda line: not line.keep)
            if not awaited:
                one.receipt_state = "none"
            elif all(line._is_all_received() for line in awaited):
                one.receipt_state = "received"
            elif any(line.received_qty for line in awaited):
                one.receipt_state = "partial"
            elif one.shipment_ids.filtered(lambda parcel: parcel.state not in NOT_ON_THE_WAY):
                one.receipt_state = "underway"
            else:
                one.receipt_state = "awaited"

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            if values.get("name", "/") == "/":
                company = values.get("company_id") or self.env.company.id
                values["name"] = (
                    self.env["ir.sequence"].with_company(company).next_by_code("oms.return") or "/"
                )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_traced(self):
        if any(one.state != "cancelled" or one.picking_ids or one.refund_ids for one in self):
            raise UserError(
                self.env._(
                    "Cancel the return instead of deleting it: what happened stays on record."
                )
            )

    def _open(self, name):
        """The action that shows these returns."""
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "oms.return",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action
