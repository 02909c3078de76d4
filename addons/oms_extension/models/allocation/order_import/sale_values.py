from odoo import fields
from odoo.fields import Command
from odoo.tools import plaintext2html


def sale_values(lookup, sent):
    """A sales order as it was sent, without its customer.

    :param lookup: the :class:`Lookup` that knows the records it names
    :param sent: values of the order, see ``reader.ORDER``
    :return: (field values, errors); all errors there are, even if ``sent`` lacks what was wrong
    """
    return _Order(lookup, sent).values()


class _Order:
    def __init__(self, lookup, sent):
        self.lookup = lookup
        self.sent = sent
        self.errors = []
        self._ = lookup.env._

    def values(self):
        sent, lookup = self.sent, self.lookup
        values = {
            "company_id": lookup.company.id,
            "oms_source": sent.get("source", False),
            "oms_external_reference": sent.get("reference"),
            "client_order_ref": sent.get("reference"),
            "carrier_id": self._named("carrier", lookup.carrier),
            "oms_policy_id": self._named("policy", lookup.policy),
            "date_order": sent.get("ordered_at") or fields.Datetime.now(),
            "commitment_date": sent.get("requested_date", False),
        }
        if "channel" in sent:
            values["team_id"] = self._named("channel", lookup.channel)
        if "pricelist" in sent or "currency" in sent:
            pricelist, error = lookup.pricelist(sent.get("pricelist"), sent.get("currency"))
            if error:
                self.errors.append(f"{'pricelist' if 'pricelist' in sent else 'currency'}: {error}")
            values["pricelist_id"] = pricelist.id if pricelist else False
        if "note" in sent:
            values["note"] = plaintext2html(sent["note"])
        if lookup.env.user.has_group("oms_extension.group_integrator"):
            # Nobody sold it: the account of a program is no salesperson.
            values["user_id"] = False
        values["order_line"] = self._lines()
        if "shipping_price" in sent:
            values["order_line"] += self._shipping_line(values["carrier_id"])
        for part in ("customer", "shipping_address", "billing_address"):
            _country, _state, error = lookup.place(sent.get(part, {}))
            if error:
                self.errors.append(f"{part}.country: {error}")
        return values, self.errors

    def _named(self, name, finder):
        record, error = finder(self.sent[name]) if name in self.sent else (None, None)
        if error:
            self.errors.append(f"{name}: {error}")
        return record.id if record else False

    def _lines(self):
        commands = []
        for at, line in enumerate(self.sent.get("lines", ())):
            if "sku" not in line:
                continue
            product, error = self.lookup.product(line["sku"])
            if error:
                self.errors.append(f"lines[{at}].sku: {error}")
                continue
            values = {"product_id": product.id, "product_uom_qty": line.get("quantity")}
            if "unit_price" in line:
                values |= _price(line["unit_price"])
            if "discount" in line:
                values["discount"] = line["discount"]
            if "description" in line:
                values["name"] = line["description"]
            commands.append(Command.create(values))
        return commands

    def _shipping_line(self, carrier_id):
        if not carrier_id and "carrier" not in self.sent:
            self.errors.append(
                self._("shipping_price: name the carrier as well, whose product it is sold as.")
            )
        if not carrier_id:
            return []
        carrier = self.lookup.env["delivery.carrier"].browse(carrier_id)
        return [
            Command.create(
                {
                    "product_id": carrier.product_id.id,
                    "name": carrier.name,
                    "product_uom_qty": 1,
                    "is_delivery": True,
                    "sequence": 1000,
                    **_price(self.sent["shipping_price"]),
                }
            )
        ]


def _price(amount):
    # No price list's price is negative: so Odoo sees that somebody set this one, and keeps it when
    # the quantity changes.
    return {"price_unit": amount, "technical_price_unit": -1.0}
