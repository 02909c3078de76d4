from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.returns.order_return import WAYS
from ..models.returns.policy.return_terms import SEALS
from ..models.returns.return_line import OUTCOMES


class OmsReturnAsk(models.TransientModel):
    """Customer service asks for a return in the customer's name: from the order, the delivery, or
    on the phone.
    """

    _name = "oms.return.ask"
    _description = "New Return"

    order_id = fields.Many2one("sale.order", default=lambda self: self._chosen())
    partner_id = fields.Many2one(related="order_id.partner_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    line_ids = fields.One2many(
        "oms.return.ask.line",
        "ask_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    nothing = fields.Boolean(compute="_compute_nothing")
    ask_seal = fields.Boolean(compute="_compute_ask_seal", help="Of any of the goods.")
    way = fields.Selection(WAYS, "Way Back", required=True, default="label")
    comment = fields.Text("What the Customer Said")
    verdict = fields.Html(compute="_compute_verdict")
    refused = fields.Boolean(compute="_compute_verdict")
    override = fields.Char("Approve All the Same, Because")

    @api.model
    def _chosen(self):
        """The order that the wizard was opened from, or that of the delivery."""
        model, key = self.env.context.get("active_model"), self.env.context.get("active_id")
        if model == "sale.order" and key:
            return self.env["sale.order"].browse(key)
        if model == "stock.picking" and key:
            return self.env["stock.picking"].browse(key).sale_id
        return self.env["sale.order"]

    @api.depends("order_id")
    def _compute_line_ids(self):
        for ask in self:
            goods = ask.order_id.order_line.filtered(
                lambda line: not line.display_type and line.product_id.type != "service"
            )
            returnable = goods.sudo()._oms_returnable()
            left = {line.id: units for line, units in returnable.items() if units > 0}
            ask.line_ids = [(5,)] + [
                (
                    0,
                    0,
                    {
                        "order_line_id": line.id,
                        "returnable": left[line.id],
                        "quantity": left[line.id] if len(left) == 1 and left[line.id] <= 1 else 0,
                    },
                )
                for line in goods
                if line.id in left
            ]

    @api.depends("order_id", "line_ids")
    def _compute_nothing(self):
        for ask in self:
            ask.nothing = bool(ask.order_id) and not ask.line_ids

    @api.depends("line_ids.ask_seal")
    def _compute_ask_seal(self):
        for ask in self:
            ask.ask_seal = any(ask.line_ids.mapped("ask_seal"))

    @api.depends(
        "line_ids.quantity", "line_ids.reason_id", "line_ids.outcome",
        "line_ids.exchange_product_id", "line_ids.seal", "order_id",
    )  # fmt: skip
    def _compute_verdict(self):
        returns = self.env["oms.return"]
        for ask in self:
            ask.verdict, ask.refused = False, False
            wanted = ask._wanted()
            if not wanted:
                continue
            try:
                read = returns._read_request(ask.order_id._origin or ask.order_id, wanted)
                verdict = returns._judge(ask.order_id._origin or ask.order_id, read)
            except UserError as error:
                ask.verdict = escape(str(error))
                continue
            ask.refused = not verdict["allowed"]
            ask.verdict = Markup("<br/>").join(
                escape(line) for line in (verdict["text"] or "").splitlines()
            )

    def _wanted(self):
        return [
            {
                "order_line_id": line.order_line_id.id,
                "quantity": line.quantity,
                "reason": line.reason_id.code,
                "outcome": line.outcome,
                "exchange_product_id": line.exchange_product_id.id,
                "lot": line.lot_id.name,
                "comment": line.comment,
                "opened": {"closed": False, "broken": True}.get(line.seal),
            }
            for line in self.line_ids
            if line.quantity > 0
        ]

    def action_ask(self):
        """Make the return and open it."""
        self.ensure_one()
        if not self.order_id:
            raise UserError(self.env._("Choose the order first."))
        more = {"override": self.override} if self.override else {}
        made = self.env["oms.return"]._request(
            self.order_id, self._wanted(), "clerk", self.way, self.comment, **more
        )
        return made._open(self.env._("Returns"))


class OmsReturnAskLine(models.TransientModel):
    _name = "oms.return.ask.line"
    _description = "Goods of a New Return"

    ask_id = fields.Many2one("oms.return.ask", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", required=True, readonly=True)
    product_id = fields.Many2one(related="order_line_id.product_id")
    product_template_id = fields.Many2one(related="product_id.product_tmpl_id")
    uom_id = fields.Many2one(related="product_id.uom_id")
    tracking = fields.Selection(related="product_id.tracking")
    returnable = fields.Float("Can Come Back", readonly=True, digits="Product Unit")
    quantity = fields.Float("Comes Back", digits="Product Unit")
    reason_id = fields.Many2one("oms.return.reason", domain="[('id', 'in', reason_ids)]")
    reason_ids = fields.Many2many("oms.return.reason", compute="_compute_reason_ids")
    outcome = fields.Selection(OUTCOMES, required=True, default="refund")
    exchange_product_id = fields.Many2one(
        "product.product",
        "In Exchange for",
        domain="[('product_tmpl_id', '=', product_template_id)]",
    )
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number", domain="[('id', 'in', lot_ids)]")
    lot_ids = fields.Many2many("stock.lot", compute="_compute_lot_ids")
    comment = fields.Char()
    ask_seal = fields.Boolean(compute="_compute_ask_seal")
    seal = fields.Selection(SEALS, help="What the customer says of it; empty where nobody knows.")

    @api.depends("order_line_id")
    def _compute_ask_seal(self):
        """Whether the policy's answer hangs on the seal, as the customer's page asks for it."""
        for lines in self.grouped("ask_id").values():
            goods = {line.order_line_id.sudo()._origin: line.returnable for line in lines}
            choice = self.env["oms.return.page"]._choice(goods)
            for line in lines:
                line.ask_seal = choice[line.order_line_id.sudo()._origin]["seal"]

    @api.depends("product_id")
    def _compute_reason_ids(self):
        for line in self:
            line.reason_ids = self.env["oms.return.reason"]._offered(line.product_id)

    @api.depends("order_line_id")
    def _compute_lot_ids(self):
        for line in self:
            line.lot_ids = line.order_line_id.sudo()._oms_delivered_lots()

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        if self.reason_id and not self.quantity:
            self.quantity = min(self.returnable, 1.0)
