"""Orders that are invoiced and paid, in a company with accounts."""

from .common import ReturnsCase


class MoneyCase(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "22%",
                "amount": 22.0,
                "type_tax_use": "sale",
                "company_id": cls.company.id,
            }
        )
        cls.currency = cls.company.currency_id

    @classmethod
    def goods(cls, name="Shirt", price=20.0, **values):
        return cls.product(
            name,
            price=price,
            stock={"IT": 100},
            taxes_id=[(6, 0, cls.tax.ids)],
            **{"invoice_policy": "delivery"} | values,
        )

    @classmethod
    def sold(cls, lines, invoiced=True, paid=True, country="IT", **values):
        """An order that was delivered, invoiced and paid."""
        order = cls.delivered(lines, country, **values)
        if invoiced:
            cls.invoice(order, paid)
        return order

    @classmethod
    def invoice(cls, order, paid=True):
        invoice = order._create_invoices()
        invoice.invoice_date = invoice.invoice_date or cls.env.cr.now().date()
        invoice.action_post()
        if paid:
            cls.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({})._create_payments()
        return invoice

    @classmethod
    def come_back(cls, one, units=None):
        """Approve a return and receive all of it, or so many units of its first line."""
        if one.state == "requested":
            one.action_approve()
        awaited = one.line_ids.filtered(lambda line: not line.keep)
        one._receive({awaited[0]: units} if units else {line: line.quantity for line in awaited})
        return one
