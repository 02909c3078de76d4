"""Store credit: an eWallet of Odoo where it is in use, else a credit note left open."""

from odoo import models
from odoo.fields import Command


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _give_store_credit(self, notes, given):
        """Load the customer's eWallet with what was asked for as store credit.

        The draft credit note then sells the credit for the returned goods' money, so that it is
        not open on the customer's account besides.

        :param notes: draft credit notes
        :param dict given: outcome → money; what is taken here is no longer given otherwise
        """
        self.ensure_one()
        amount = given["credit"]
        if not amount:
            return
        program = self._wallet_program()
        note = notes[:1]
        if not program or not note:
            self.message_post(
                body=self.env._(
                    "%s stay open on the customer's account, for the next orders.",
                    self.currency_id.format(amount),
                )
            )
            return
        card = self._wallet(program)
        card.points += self.currency_id._convert(
            amount, program.currency_id, self.company_id, note.invoice_date
        )
        product = program.trigger_product_ids[:1]
        note.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": self.env._("Store credit %s", card.code),
                            "quantity": 1,
                            "price_unit": -self._in_currency_of(note, amount),
                            "tax_ids": [Command.clear()],
                        }
                    )
                ]
            }
        )
        given["credit"] = 0.0
        self.message_post(
            body=self.env._(
                "%(amount)s were put on the customer's eWallet %(code)s.",
                amount=self.currency_id.format(amount),
                code=card.code,
            )
        )

    def _wallet_program(self):
        """The eWallet programme of the company, or None."""
        if "loyalty.program" not in self.env:
            return None
        return (
            self.env["loyalty.program"]
            .sudo()
            .search(
                [
                    ("program_type", "=", "ewallet"),
                    ("company_id", "in", (self.company_id.id, False)),
                ],
                limit=1,
            )
        )

    def _wallet(self, program):
        """The customer's eWallet, made if there is none."""
        cards = self.env["loyalty.card"].sudo()
        return cards.search(
            [("program_id", "=", program.id), ("partner_id", "=", self.partner_id.id)], limit=1
        ) or cards.create({"program_id": program.id, "partner_id": self.partner_id.id})
