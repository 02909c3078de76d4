from datetime import UTC
from zoneinfo import ZoneInfo

import babel.dates

from odoo import models
from odoo.tools.misc import babel_locale_parse


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _oms_portal_delivery(self):
        """What the customer reads about the parcels of a confirmed order, or ``None``.

        Names and dates in the language of the context and the time zone of the delivery address;
        the places as far as the company chose to tell them; nothing of costs.
        """
        self.ensure_one()
        if self.state != "sale":
            return None
        delivery = _Delivery(self.sudo()).as_dict()
        return delivery if delivery["parcels"] or delivery["waiting"] else None

    def _oms_portal_shipped(self, delivery):
        """Parcels that have left, each a dict of the page; here one per transfer.

        :param delivery: makes such dicts: ``delivery.shipped(pickings)``
        """
        self.ensure_one()
        return delivery.shipped(self.picking_ids)


class _Delivery:
    """The parcels that left, those to come and what waits, of one order."""

    def __init__(self, order):
        self.env = order.env
        self.order = order
        self.disclosure = order.company_id.oms_portal_origin or "country"
        self.allocated = order.oms_allocation_id.parcel_ids.sorted("number")
        partner = order.partner_shipping_id
        self.tz = partner.tz or order.partner_id.tz

    def as_dict(self):
        parcels = self.order._oms_portal_shipped(self)
        coming, waiting = self._open()
        parcels += coming
        for number, parcel in enumerate(parcels, start=1):
            parcel["title"] = (
                self.env._("Parcel %(number)s of %(count)s", number=number, count=len(parcels))
                if len(parcels) > 1
                else self.env._("Your parcel")
            )
        return {
            "direction": self.env["res.lang"]._get_data(code=self.env.lang or "en_US").direction,
            "summary": self._summary(parcels, waiting),
            "parcels": parcels,
            "waiting": waiting,
        }

    def _summary(self, parcels, waiting):
        sentences = []
        if len(parcels) == 1:
            sentences.append(self.env._("Your order comes in one parcel."))
        elif parcels:
            sentences.append(
                self.env._("Your order comes in %(count)s parcels.", count=len(parcels))
            )
        if waiting:
            sentences.append(
                self.env._("Something is not in stock yet: we send it as soon as it arrives.")
            )
        return " ".join(sentences)

    # --- what left --------------------------------------------------------------------------------

    def shipped(self, pickings):
        """One dict per transfer that is done, in the order of time."""
        parcels = []
        pickings = pickings.filtered(lambda picking: picking.state == "done")
        for picking in pickings.sorted(lambda one: (one.date_done, one.id)):
            contents = []
            for line in self.order.order_line:
                moves = _delivered(line).filtered(lambda move, at=picking: move.picking_id == at)
                units = round(line._oms_count(moves)) if moves else 0
                if units:
                    contents.append(self._content(line, units))
            if contents:
                warehouse = picking.picking_type_id.warehouse_id
                due = max(self._allocated_at(warehouse).mapped("deliver_at"), default=False)
                parcels.append(
                    self._parcel(warehouse, contents)
                    | {
                        "status": "shipped",
                        "when": self.env._(
                            "Shipped on %(date)s", date=self._day(picking.date_done, warehouse)
                        ),
                        "due": self.env._("Expected by %(date)s", date=self._day(due, warehouse))
                        if due and due > picking.date_done
                        else "",
                    }
                )
        return parcels

    def _allocated_at(self, warehouse):
        return self.allocated.filtered(lambda one: one.warehouse_id == warehouse and one.deliver_at)

    # --- what is to come --------------------------------------------------------------------------

    def _open(self):
        """(parcels to come, contents that wait for stock)

        What the allocation ships is promised even while a warehouse reserves late; what it
        back-ordered is to come as soon as it is reserved.
        """
        left, waits = self._open_units()
        parcels = []
        for allocated in self.allocated:
            contents = []
            for one in allocated.line_ids:
                place = (one.order_line_id, one.warehouse_id)
                units = min(one.quantity, left.get(place, 0))
                if units:
                    left[place] -= units
                    contents.append(self._content(one.order_line_id, units))
            if contents:
                coming = self._coming(allocated.warehouse_id, contents, allocated.deliver_at)
                parcels.append(coming | {"allocated": allocated})
        others, waiting = {}, []
        for (line, warehouse), units in left.items():
            late = min(units, waits.get((line, warehouse), 0))
            if units > late:
                others.setdefault(warehouse, []).append(self._content(line, units - late))
            if late:
                waiting.append(self._content(line, late))
        parcels += [self._coming(warehouse, contents) for warehouse, contents in others.items()]
        return parcels, waiting

    def _open_units(self):
        """Units that did not leave yet, and those of them that nobody has, by (line, warehouse)."""
        left, waits = {}, {}
        warehouses = self.env["stock.warehouse"]
        for line in self.order.order_line.filtered(lambda line: line.product_id.type == "consu"):
            gone = _delivered(line)
            begun, reserved, waiting = line._oms_held()
            for warehouse in warehouses.browse(sorted({*begun, *reserved, *waiting})):
                here = gone.filtered(lambda move, at=warehouse: move._oms_warehouse() == at)
                units = sum(held.get(warehouse.id, 0) for held in (begun, reserved, waiting))
                units -= round(line._oms_count(here)) if here else 0
                if units > 0:
                    left[line, warehouse] = units
                    waits[line, warehouse] = waiting.get(warehouse.id, 0)
        return left, waits

    def _coming(self, warehouse, contents, due=None):
        return self._parcel(warehouse, contents) | {
            "status": "coming",
            "when": self.env._("Expected by %(date)s", date=self._day(due, warehouse))
            if due
            else "",
            "due": "",
        }

    # --- words ------------------------------------------------------------------------------------

    def _parcel(self, warehouse, contents):
        return {"origin": told_origin(warehouse, self.disclosure), "contents": contents}

    def _content(self, line, units):
        product = line.product_id.with_context(display_default_code=False)
        return {"product": product.display_name, "quantity": units}

    def _day(self, moment, warehouse):
        zone = ZoneInfo(self.tz or warehouse.oms_tz or "UTC")
        day = moment.replace(tzinfo=UTC).astimezone(zone).date()
        locale = babel_locale_parse(self.env.context.get("lang"))
        return babel.dates.format_date(day, "full", locale)


def told_origin(warehouse, disclosure):
    """The place a parcel comes from, as the company chooses to tell it; else an empty text.

    :param disclosure: value of ``res.company.oms_portal_origin``
    """
    partner = warehouse.partner_id
    match disclosure:
        case "country":
            return partner.country_id.name or ""
        case "city":
            return ", ".join(filter(None, (partner.city, partner.country_id.name)))
        case "warehouse":
            return warehouse.name or ""
    return ""


def _delivered(line):
    """Moves that brought units of a line to the customer."""
    return line.move_ids.filtered(
        lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
    )
