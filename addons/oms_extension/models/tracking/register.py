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
RECIPIENT_FIELDS = {"city", "postcode", "state", "country"}
MAX_SHIPMENTS = 2000
LONGEST = 64


class OmsShipment(models.Model):
    """Parcels that were sent from elsewhere, told by another program."""

    _inherit = "oms.shipment"

    @api.model
    def register(self, shipments):
        """Make shipments known that no transfer of this database sent.

        A shipment whose tracking number and carrier are known is left as it is, so that a call
        that got no answer can be sent again.

        :param list shipments: at most 2,000 dicts: ``tracking_number`` (required), ``carrier``
            (code or name), ``service`` (name of a delivery method), ``order`` (our number, the
            customer's or the shop's), ``direction`` (``outbound``, ``return``), ``warehouse``
            (code), ``shipped_at``, ``promised_at`` (ISO 8601, UTC unless they say otherwise),
            ``weight`` (kg), ``cost`` (company currency), ``recipient`` (``city``, ``postcode``,
            ``state``, ``country``: codes), ``lines`` (``sku``, ``quantity``)
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
        return _Register(self, shipments).run()


class _Register:
    """One call: everything it names is looked up at once."""

    def __init__(self, model, shipments):
        self.env = model.env
        self.model = model
        self.shipments = shipments
        given = [one for one in shipments if isinstance(one, dict)]
        lines = [line for one in given for line in _objects(one.get("lines"))]
        self.orders = self._by("sale.order", ("name", "client_order_ref", "oms_external_reference"),
                               [one.get("order") for one in given])  # fmt: skip
        self.warehouses = self._by(
            "stock.warehouse", ("code",), [one.get("warehouse") for one in given]
        )
        self.services = self._by(
            "delivery.carrier", ("name",), [one.get("service") for one in given]
        )
        self.products = self._by(
            "product.product", ("default_code", "barcode"), [line.get("sku") for line in lines]
        )
        self.carriers = {
            word: self.env["oms.carrier"]._resolve(word)
            for word in {str(one["carrier"]) for one in given if one.get("carrier")}
        }
        self.countries = {
            one.code: one for one in self.env["res.country"].search([("code", "!=", False)])
        }
        self.states = {
            (one.country_id.code, one.code): one
            for one in self.env["res.country.state"].search([("code", "!=", False)])
        }

    def _by(self, model, names, words):
        """Dict word → records that have it in one of these fields."""
        words = sorted({str(word) for word in words if word})
        found = {}
        if words:
            domain = ["|"] * (len(names) - 1) + [(name, "in", words) for name in names]
            for record in self.env[model].search(domain):
                for name in names:
                    known = found.get(record[name], record)
                    if record[name]:
                        # A union would be read alone, not with all others.
                        found[record[name]] = record if known == record else known | record
        return found

    def run(self):
        read = [self._read(one) for one in self.shipments]
        known = self._known({values["key"] for values, errors in read if not errors})
        answers, new, open_answers = [], [], []
        for (values, errors), given in zip(read, self.shipments, strict=True):
            number = given.get("tracking_number") if isinstance(given, dict) else None
            answer = {
                "tracking_number": number if isinstance(number, str) else False,
                "status": "rejected" if errors else "unchanged",
                "id": False,
                "errors": errors,
            }
            answers.append(answer)
            if not errors:
                key = (values.pop("key"), values.get("oms_carrier_id", False))
                if key not in known:
                    known[key] = None
                    new.append((key, values))
                    answer["status"] = "created"
                open_answers.append((answer, key))
        made = self.model.with_context(tracking_disable=True).create(
            [values for _key, values in new]
        )
        for (key, _values), shipment in zip(new, made, strict=True):
            known[key] = shipment.id
        for answer, key in open_answers:
            answer["id"] = known[key]
        return answers

    def _known(self, keys):
        """Dict (tracking key, carrier or false) → shipment; without carrier whichever it is."""
        known = {}
        for one in self.model.search([("tracking_key", "in", sorted(keys))], order="id"):
            known.setdefault((one.tracking_key, one.oms_carrier_id.id), one.id)
            known.setdefault((one.tracking_key, False), one.id)
        return known

    # --- one shipment -----------------------------------------------------------------------------

    def _read(self, given):
        """(values, errors) of one shipment."""
        if not isinstance(given, dict):
            return {}, [self.env._("A shipment is an object with a tracking_number.")]
        errors = [
            self.env._("Unknown field %(field)s: see the documentation.", field=name)
            for name in sorted(map(str, given.keys() - FIELDS))
        ]
        number = given.get("tracking_number")
        key = normalise(number) if isinstance(number, str) else ""
        if not key or len(number) > LONGEST:
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
        for name in ("order", "carrier", "service", "warehouse", "recipient", "lines"):
            if given.get(name):
                error = getattr(self, f"_{name}")(given[name], values)
                errors += [error] if error else []
        for name in ("shipped_at", "promised_at"):
            if given.get(name):
                errors += self._moment(name, given[name], values)
        for name in ("weight", "cost"):
            amount = given.get(name) or 0
            if _is_number(amount):
                values[name] = amount
            else:
                errors.append(self.env._("%(field)s is a number of 0 or more.", field=name))
        return values, errors

    def _moment(self, name, given, values):
        try:
            moment = datetime.fromisoformat(str(given))
            if moment.tzinfo:
                moment = moment.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            return [
                self.env._(
                    "%(field)s: '%(value)s' is no time; write it like 2026-01-31T14:00:00+01:00.",
                    field=name,
                    value=str(given)[:80],
                )
            ]
        values[name] = moment.replace(microsecond=0)
        return []

    def _order(self, word, values):
        order = self.orders.get(str(word), self.env["sale.order"])
        if len(order) != 1:
            return self.env._("Order '%(name)s' is not known, or not unique.", name=str(word)[:80])
        partner = order.partner_shipping_id
        values |= {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "partner_id": partner.id,
            "ordered_at": order.date_order,
            "promised_at": order.commitment_date,
            "city": partner.city,
            "zip": partner.zip,
            "country_state_id": partner.state_id.id,
            "country_id": partner.country_id.id,
        }
        return None

    def _carrier(self, word, values):
        carrier = self.carriers[str(word)]
        if not carrier:
            return self.env._(
                "Carrier '%(name)s' is not known: create it under Configuration / Carriers.",
                name=str(word)[:80],
            )
        values["oms_carrier_id"] = carrier.id
        return None

    def _service(self, word, values):
        service = self.services.get(str(word))
        if not service:
            return self.env._("Delivery method '%(name)s' is not known.", name=str(word)[:80])
        values["carrier_id"] = service[:1].id
        return None

    def _warehouse(self, word, values):
        warehouse = self.warehouses.get(str(word))
        if not warehouse:
            return self.env._("No warehouse has the code '%(code)s'.", code=str(word)[:80])
        values["warehouse_id"] = warehouse[:1].id
        return None

    def _recipient(self, given, values):
        if not isinstance(given, dict) or given.keys() - RECIPIENT_FIELDS:
            return self.env._(
                "recipient has the fields %(fields)s.", fields=", ".join(sorted(RECIPIENT_FIELDS))
            )
        words = {name: str(given.get(name) or "")[:128] for name in RECIPIENT_FIELDS}
        country = self.countries.get(words["country"].upper())
        if words["country"] and not country:
            return self.env._("Country '%(code)s': write its two letters.", code=words["country"])
        state = self.states.get((words["country"].upper(), words["state"]))
        values |= {
            "city": words["city"],
            "zip": words["postcode"],
            "country_id": country.id if country else False,
            "country_state_id": state.id if state else False,
        }
        return None

    def _lines(self, given, values):
        if not isinstance(given, list) or len(_objects(given)) != len(given):
            return self.env._("lines is a list of objects with sku and quantity.")
        commands = []
        for line in given:
            sku, quantity = str(line.get("sku") or ""), line.get("quantity")
            product = self.products.get(sku)
            if not product:
                return self.env._("Product '%(sku)s' is not known.", sku=sku[:80])
            if not _is_number(quantity) or not quantity:
                return self.env._("Quantity of '%(sku)s' must be a number above 0.", sku=sku[:80])
            commands.append(
                fields.Command.create({"product_id": product[:1].id, "quantity": quantity})
            )
        values["line_ids"] = commands
        return None


def _objects(value):
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
