from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from . import texts
from .answer import moment
from .order_import.lookup import Lookup
from .order_import.reader import MAX_LINES, MAX_QUANTITY, Number, Part, Parts, Reader, Text

QUESTION = {
    "lines": Parts(
        {
            "sku": Text(64, required=True),
            "quantity": Number(above=True, high=MAX_QUANTITY, required=True),
        },
        MAX_LINES,
        required=True,
    ),
    "destination": Part(
        {
            "country": Text(64, required=True),
            "postcode": Text(24),
            "state": Text(64),
            "city": Text(),
        },
        required=True,
    ),
}


class OmsAvailability(models.AbstractModel):
    """Answers a shop that asks, before there is an order, what could be delivered when."""

    _inherit = "oms.availability"

    @api.model
    @api.readonly
    def promise(self, lines, destination, policy=None):
        """What could be delivered when, if it were ordered now. Changes and reserves nothing.

        The question is decided like an order, by the same engine over the same stock and lanes.

        :param list lines: objects with ``sku`` and ``quantity`` (whole units)
        :param dict destination: ``country`` (code or name), ``postcode``, ``state``, ``city``
        :param str policy: code of a sourcing policy; by default the one that would fit
        :return: dict with ``status``, ``confidence``, ``delivery_date`` … for the whole, and the
            same for each of ``lines`` and ``parcels``, see ``docs/api.md``. ``confidence`` is the
            share of the quantity that stock on hand covers now: a fact, not a forecast.
        :raise UserError: with every reason why the question cannot be answered
        :raise AccessError: the user may not see sourcing policies
        """
        self.env["oms.policy"].check_access("read")
        asked, products, country, state = self._oms_read_question(lines, destination)
        order = self._oms_virtual_order(asked, products, country, state)
        chosen = self.env["oms.policy"]._for_order(order, policy)
        decided = self.env["oms.decision"]._decide(order, chosen, free=True, explain=False)
        return _Promise(order, asked["lines"], decided).as_dict() | {"policy": chosen.code}

    def _oms_read_question(self, lines, destination):
        reader = Reader(self.env)
        asked = reader.part({"lines": lines, "destination": destination}, QUESTION, "")
        errors = reader.errors
        lookup = Lookup(self.env, self.env.company, [asked])
        products = []
        for at, line in enumerate(asked.get("lines", ())):
            if line.get("quantity", 1) % 1:
                errors.append(
                    self.env._("lines[%(at)s].quantity: only whole units can be promised.", at=at)
                )
            if "sku" in line:
                product, error = lookup.product(line["sku"])
                products.append(product)
                errors += [f"lines[{at}].sku: {error}"] if error else []
        country, state, error = lookup.place(asked.get("destination", {}))
        errors += [f"destination.country: {error}"] if error else []
        if errors:
            raise UserError("\n".join(errors))
        return asked, products, country, state

    def _oms_virtual_order(self, asked, products, country, state):
        """An order that is never stored, for the policies and the engine to look at."""
        destination = asked["destination"]
        partner = self.env["res.partner"].new(
            {
                "country_id": country.id,
                "state_id": state.id,
                "zip": destination.get("postcode", False),
                "city": destination.get("city", False),
            }
        )
        return self.env["sale.order"].new(
            {
                "company_id": self.env.company.id,
                "partner_id": partner,
                "partner_shipping_id": partner,
                "partner_invoice_id": partner,
                "team_id": False,
                "user_id": False,
                "pricelist_id": False,
                "fiscal_position_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_id": product.uom_id.id,
                            "product_uom_qty": line["quantity"],
                            "price_unit": product.list_price,
                            "tax_ids": [],
                            "analytic_distribution": False,
                        }
                    )
                    for product, line in zip(products, asked["lines"], strict=True)
                ],
            }
        )


class _Promise:
    """The answer to one question.

    :param decided: what ``oms.decision._decide`` returned for the virtual order, or None
    """

    def __init__(self, order, asked, decided):
        self.env = order.env
        self.lines = list(zip(order.order_line, asked, strict=True))
        self.left = order.order_line._oms_left_to_odoo()
        key_of = self.env["oms.snapshot"]._line_key
        self.index = {key_of(line): at for at, (line, _asked) in enumerate(self.lines)}
        self.plan = decided[2].plan if decided else None
        self.names = {one.id: one.name for one in decided[1].warehouses} if decided else {}

    def as_dict(self):
        parcels = self._parcels()
        lines = [self._line(at, parcels) for at in range(len(self.lines))]
        counted = [one for one in lines if one["to_ship"]]
        available = sum(one["available"] for one in counted)
        quantity = sum(one["quantity"] for one in counted)
        return {
            **_dates(parcels),
            "status": _status(available, quantity),
            "confidence": available / quantity if quantity else 1.0,
            "available": available,
            "missing": quantity - available,
            "warehouses": _warehouses(parcels),
            "parcels": parcels,
            "lines": lines,
        }

    def _parcels(self):
        return [
            {
                "number": number,
                "warehouse": parcel.warehouse,
                "warehouse_name": self.names[parcel.warehouse],
                "carrier": parcel.service or False,
                "carrier_name": parcel.service_name,
                "lines": [
                    {
                        "line": self.index[key],
                        "sku": self.lines[self.index[key]][1]["sku"],
                        "quantity": units,
                    }
                    for key, units in parcel.contents
                ],
                "weight": parcel.weight,
                "ship_date": moment(parcel.ship_at),
                "delivery_date": moment(parcel.deliver_at),
            }
            for number, parcel in enumerate(self.plan.parcels if self.plan else (), start=1)
        ]

    def _line(self, at, parcels):
        line, asked = self.lines[at]
        left = self.left.get(line)
        quantity = int(asked["quantity"])
        mine = [
            {**parcel, "lines": [content]}
            for parcel in parcels
            for content in parcel["lines"]
            if content["line"] == at
        ]
        available = sum(parcel["lines"][0]["quantity"] for parcel in mine)
        reason = texts.left_to_odoo(self.env, left) if left else self._why_missing(at)
        to_ship = left != "service"
        return {
            "line": at,
            "sku": asked["sku"],
            "product": line.product_id.id,
            "quantity": quantity,
            "to_ship": to_ship,
            "available": available,
            "missing": quantity - available if to_ship else 0,
            **_dates(mine),
            "status": _status(available, quantity) if to_ship else "available",
            "confidence": available / quantity if to_ship else 1.0,
            "warehouses": _warehouses(mine),
            "parcels": [parcel["number"] for parcel in mine],
            "reason": reason,
        }

    def _why_missing(self, at):
        for shortage in self.plan.shortages if self.plan else ():
            if self.index[shortage.line] == at:
                return texts.shortage_cause(self.env, shortage.cause)
        return ""


def _dates(parcels):
    """When the first of some parcels leaves, and when the last of them is there."""
    return {
        "ship_date": min((parcel["ship_date"] for parcel in parcels), default=False),
        "delivery_date": max((parcel["delivery_date"] for parcel in parcels), default=False),
    }


def _warehouses(parcels):
    units = {}
    for parcel in parcels:
        key = parcel["warehouse"], parcel["warehouse_name"]
        units[key] = units.get(key, 0) + sum(content["quantity"] for content in parcel["lines"])
    return [
        {"warehouse": warehouse, "warehouse_name": name, "quantity": quantity}
        for (warehouse, name), quantity in units.items()
    ]


def _status(available, quantity):
    if available >= quantity:
        return "available"
    return "partial" if available else "unavailable"
