from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...engine.tracking.numbers import normalise

FIELDS = {
    "tracking_number",
    "carrier",
    "service",
    "order",
    "direction",
    "warehouse",
    "shipped_at",
    "promised_at",
    "weight",
    "cost",
    "recipient",
    "lines",
}
RECIPIENT_FIELDS = {"name", "email", "city", "postcode", "country", "state"}
MAX_SHIPMENTS = 2000


class OmsShipment(models.Model):
    """Parcels that were sent from elsewhere, told by another program."""

    _inherit = "oms.shipment"

    @api.model
    def register(self, shipments):
        """Make shipments known that no transfer of this database sent.

        A shipment whose tracking number and carrier are known is left as it is, so that a call
        that got no answer can be sent again.

        :param list shipments: at most 2,000 dicts: ``tracking_number`` (required), ``carrier``
            (code or name), ``order`` (reference), ``direction`` (``outbound``, ``return``),
            ``warehouse`` (code), ``service`` (name of a delivery method), ``shipped_at``,
            ``promised_at`` (ISO 8601), ``weight`` (kg), ``cost`` (company currency), ``recipient``
            (``name``, ``city``, ``postcode``, ``country``, ``state``), ``lines`` (``sku``,
            ``quantity``)
        :return: list with one dict per shipment: ``tracking_number``, ``status`` (``created``,
            ``unchanged``, ``rejected``), ``id`` (false when rejected), ``errors``
        :raise UserError: no list, or too long
        :raise AccessError: the user may not create shipments
        """
        self.check_access("create")
        if not isinstance(shipments, list) or len(shipments) > MAX_SHIPMENTS:
            raise UserError(
                self.env._("Send a list of at most %(count)s shipments.", count=MAX_SHIPMENTS)
            )
        return _Register(self).run(shipments)


class _Register:
    def __init__(self, model):
        self.env = model.env
        self.model = model

    def run(self, shipments):
        read = [self._read(one) for one in shipments]
        known = self._known({values["key"] for values, _errors in read if values})
        answers, new, places = [], [], []
        for (values, errors), given in zip(read, shipments, strict=True):
            number = given.get("tracking_number") if isinstance(given, dict) else False
            answer = {"tracking_number": number or False, "id": False, "errors": errors}
            answers.append(answer)
            if errors:
                answer["status"] = "rejected"
                continue
            key = (values.pop("key"), values.get("oms_carrier_id") or False)
            if key in known:
                answer |= {"status": "unchanged", "id": known[key]}
                if not known[key]:
                    places.append((answer, key))
                continue
            known[key] = False
            new.append(values)
            answer["status"] = "created"
            places.append((answer, key))
        made = self.model.with_context(tracking_disable=True).create(new)
        for shipment in made:
            known[shipment.tracking_key, shipment.oms_carrier_id.id or False] = shipment.id
            known.setdefault((shipment.tracking_key, False), shipment.id)
        for answer, key in places:
            answer["id"] = known[key] or known[key[0], False]
        return answers

    def _known(self, keys):
        known = {}
        for one in self.model.search([("tracking_key", "in", sorted(keys))], order="id"):
            known[one.tracking_key, one.oms_carrier_id.id or False] = one.id
            known.setdefault((one.tracking_key, False), one.id)
        return known

    def _read(self, given):
        """(values, errors) of one shipment."""
        if not isinstance(given, dict):
            return None, [self.env._("A shipment is an object with a tracking_number.")]
        errors = [
            self.env._("Unknown field %(field)s: see the documentation.", field=name)
            for name in sorted(map(str, given.keys() - FIELDS))
        ]
        number = given.get("tracking_number")
        key = normalise(number) if isinstance(number, str) else ""
        if not key or len(key) > 64:
            errors.append(self.env._("tracking_number is missing or no text."))
        values = {
            "key": key,
            "tracking_number": number,
            "name": number,
            "company_id": self.env.company.id,
            "direction": given.get("direction") or "outbound",
        }
        if values["direction"] not in ("outbound", "return"):
            errors.append(self.env._("direction is 'outbound' or 'return'."))
        for name, read in (
            ("carrier", self._carrier),
            ("service", self._service),
            ("order", self._order),
            ("warehouse", self._warehouse),
            ("recipient", self._recipient),
            ("lines", self._lines),
        ):
            if given.get(name):
                error = read(given[name], values)
                errors += [error] if error else []
        for name in ("shipped_at", "promised_at"):
            if given.get(name):
                try:
                    moment = datetime.fromisoformat(str(given[name]))
                    if moment.tzinfo:
                        moment = moment.astimezone(UTC).replace(tzinfo=None)
                    values[name] = moment.replace(microsecond=0)
                except (ValueError, OverflowError):
                    errors.append(
                        self.env._(
                            "%(field)s: '%(value)s' is no time; write it like "
                            "2026-01-31T14:00:00+01:00.",
                            field=name,
                            value=str(given[name])[:80],
                        )
                    )
        for name in ("weight", "cost"):
            amount = given.get(name) or 0
            if (
                isinstance(amount, bool)
                or not isinstance(amount, int | float)
                or not (0 <= amount < 1e9)
            ):
                errors.append(self.env._("%(field)s is a number of 0 or more.", field=name))
            else:
                values[name] = amount
        return values, errors

    def _carrier(self, word, values):
        carrier = self.env["oms.carrier"]._resolve(str(word))
        if not carrier:
            return self.env._(
                "Carrier '%(name)s' is not known: create it under Configuration / Carriers.",
                name=str(word)[:80],
            )
        values["oms_carrier_id"] = carrier.id
        return None

    def _service(self, word, values):
        service = self.env["delivery.carrier"].search([("name", "=ilike", str(word))], limit=1)
        if not service:
            return self.env._("Delivery method '%(name)s' is not known.", name=str(word)[:80])
        values["carrier_id"] = service.id
        return None

    def _order(self, reference, values):
        orders = self.env["sale.order"].search(
            ["|", ("name", "=", str(reference)), ("client_order_ref", "=", str(reference))], limit=2
        )
        if len(orders) != 1:
            return self.env._(
                "Order '%(name)s' is not known, or not unique.", name=str(reference)[:80]
            )
        partner = orders.partner_shipping_id
        values |= {
            "order_id": orders.id,
            "company_id": orders.company_id.id,
            "partner_id": partner.id,
            "ordered_at": orders.date_order,
            "promised_at": orders.commitment_date,
            "city": partner.city,
            "zip": partner.zip,
            "country_state_id": partner.state_id.id,
            "country_id": partner.country_id.id,
        }
        return None

    def _warehouse(self, code, values):
        warehouse = self.env["stock.warehouse"].search([("code", "=", str(code))], limit=1)
        if not warehouse:
            return self.env._("No warehouse has the code '%(code)s'.", code=str(code)[:80])
        values["warehouse_id"] = warehouse.id
        return None

    def _recipient(self, given, values):
        if not isinstance(given, dict) or given.keys() - RECIPIENT_FIELDS:
            return self.env._(
                "recipient has the fields %(fields)s.", fields=", ".join(sorted(RECIPIENT_FIELDS))
            )
        country = self.env["res.country"].search(
            [("code", "=", str(given.get("country") or "").upper())], limit=1
        )
        if given.get("country") and not country:
            return self.env._(
                "Country '%(code)s': write its two letters.", code=str(given["country"])[:80]
            )
        values |= {
            "city": str(given.get("city") or "")[:128],
            "zip": str(given.get("postcode") or "")[:24],
            "country_id": country.id,
        }
        state = self.env["res.country.state"].search(
            [("country_id", "=", country.id), ("code", "=", str(given.get("state") or ""))], limit=1
        )
        values["country_state_id"] = state.id
        return None

    def _lines(self, given, values):
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            return self.env._("lines is a list of objects with sku and quantity.")
        commands = []
        for line in given:
            sku, quantity = str(line.get("sku") or ""), line.get("quantity")
            product = self.env["product.product"].search(
                ["|", ("default_code", "=", sku), ("barcode", "=", sku)], limit=1
            )
            if not sku or not product:
                return self.env._("Product '%(sku)s' is not known.", sku=sku[:80])
            if (
                isinstance(quantity, bool)
                or not isinstance(quantity, int | float)
                or not (0 < quantity < 1e9)
            ):
                return self.env._("Quantity of '%(sku)s' must be a number above 0.", sku=sku[:80])
            commands.append(fields.Command.create({"product_id": product.id, "quantity": quantity}))
        values["line_ids"] = commands
        return None
