from odoo import api, fields, models

NOT_AS_SOLD = ("not_as_described",)
NOTHING_BACK = ("not_received", "incomplete")


class OmsReturnReason(models.Model):
    """What a reason means for the customer's rights."""

    _inherit = "oms.return.reason"

    guarantee = fields.Boolean(
        "Not as It Was Sold",
        compute="_compute_guarantee",
        store=True,
        readonly=False,
        precompute=True,
        help="The legal guarantee holds (two years in the European Union), whatever the policy "
        "says.",
    )
    nothing_back = fields.Boolean(
        "Nothing to Send Back",
        compute="_compute_nothing_back",
        store=True,
        readonly=False,
        precompute=True,
        help="What never arrived cannot come back: no transfer is awaited.",
    )

    @api.depends("claim", "fault", "code")
    def _compute_guarantee(self):
        for reason in self:
            reason.guarantee = (
                reason.claim or reason.fault == "product" or reason.code in NOT_AS_SOLD
            )

    @api.depends("code")
    def _compute_nothing_back(self):
        for reason in self:
            reason.nothing_back = reason.code in NOTHING_BACK
