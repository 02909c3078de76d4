import re

from odoo import api, fields, models

NUMBERS_APART = re.compile(r"[,;|\n]+")


class StockPicking(models.Model):
    """A validated delivery becomes shipments: one per package, one for what is in none."""

    _inherit = "stock.picking"

    oms_shipment_ids = fields.One2many("oms.shipment", "picking_id", "Shipments")
    oms_shipment_count = fields.Integer(compute="_compute_oms_shipment_count")

    def _compute_oms_shipment_count(self):
        counts = dict(
            self.env["oms.shipment"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.oms_shipment_count = counts.get(picking, 0)

    def _action_done(self):
        result = super()._action_done()
        self.exists()._oms_sync_shipments()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        pickings = super().create(vals_list)
        pickings.filtered("carrier_tracking_ref")._oms_sync_shipments()
        return pickings

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"carrier_tracking_ref", "carrier_id"}:
            self._oms_sync_shipments()
        return result

    def action_oms_shipments(self):
        self.ensure_one()
        return self.oms_shipment_ids._open(self.env._("Shipments of %s", self.name))

    # --- making shipments -------------------------------------------------------------------------

    def _oms_direction(self):
        """``outbound``, ``return``, or None for what is no parcel to or from a customer."""
        self.ensure_one()
        to_customer = self.location_dest_id.usage == "customer"
        from_customer = self.location_id.usage == "customer"
        if to_customer and not from_customer:
            return "outbound" if self.state == "done" else None
        if from_customer and not to_customer and self.carrier_tracking_ref:
            return "return" if self.state != "cancel" else None
        return None

    def _oms_sync_shipments(self):
        """Make the shipments that are missing and bring carrier and numbers up to date."""
        new = []
        for picking in self:
            direction = picking._oms_direction()
            if direction:
                new += picking.sudo()._oms_sync(direction)
        self.env["oms.shipment"].sudo().with_context(tracking_disable=True).create(new)

    def _oms_sync(self, direction):
        """Update what is there; return the values of what is to be made."""
        numbers = _numbers(self.carrier_tracking_ref)
        parcels = self._oms_parcels()
        number_of = _give_numbers(list(parcels), numbers)
        existing = {one.package_id: one for one in self.oms_shipment_ids if not one.oms_extra}
        new = []
        common = None
        for package, moves_lines in parcels.items():
            number = number_of.get(package, False)
            shipment = existing.get(package)
            if shipment:
                changes = {}
                if (shipment.tracking_number or False) != number and numbers:
                    changes["tracking_number"] = number
                if shipment.carrier_id != self.carrier_id:
                    changes["carrier_id"] = self.carrier_id.id
                if changes:
                    shipment.write(changes)
                continue
            common = common or self._oms_shipment_values(direction, len(parcels))
            new.append(common | self._oms_parcel_values(package, moves_lines, number))
        # More labels than packages: parcels whose contents nobody wrote down.
        known = set(number_of.values()) | set(self.oms_shipment_ids.mapped("tracking_number"))
        for number in numbers[len(parcels) :] if len(numbers) > len(parcels) else ():
            if number not in known:
                common = common or self._oms_shipment_values(direction, len(numbers))
                new.append(common | {"tracking_number": number, "oms_extra": True, "weight": 0})
        count = len(self.oms_shipment_ids) + len(new)
        for position, values in enumerate(new, start=len(self.oms_shipment_ids) + 1):
            values["name"] = f"{self.name}-{position}" if count > 1 else self.name
        return new

    def _oms_parcels(self):
        """Move lines by package; those in none under the empty package."""
        parcels = {}
        lines = self.move_line_ids.filtered(lambda line: line.quantity > 0)
        for line in lines:
            package = line.result_package_id
            while package.parent_package_id:
                package = package.parent_package_id
            parcels.setdefault(package, self.env["stock.move.line"])
            parcels[package] |= line
        return parcels or {self.env["stock.package"]: lines}

    def _oms_shipment_values(self, direction, parcels):
        order = self.move_ids.sale_line_id.order_id[:1] or self.sale_id
        partner = self.partner_id
        warehouse = self.picking_type_id.warehouse_id
        values = {
            "company_id": self.company_id.id,
            "direction": direction,
            "order_id": order.id,
            "picking_id": self.id,
            "warehouse_id": warehouse.id,
            "carrier_id": self.carrier_id.id,
            "partner_id": partner.id,
            "city": partner.city,
            "zip": partner.zip,
            "country_state_id": partner.state_id.id,
            "country_id": partner.country_id.id,
            "ordered_at": order.date_order,
            "shipped_at": self.date_done if self.state == "done" else False,
            "cost": (self.carrier_price or 0.0) / parcels,
        }
        if direction == "outbound":
            allocated = order.oms_allocation_id.parcel_ids.filtered(
                lambda one: one.warehouse_id == warehouse
            )
            dues = allocated.filtered("deliver_at").mapped("deliver_at")
            values["promised_at"] = order.commitment_date or max(dues, default=False)
            if not values["cost"]:
                values["cost"] = sum(allocated.mapped("freight")) / parcels
        return values

    def _oms_parcel_values(self, package, lines, number):
        contents = {}
        for line in lines:
            key = (line.move_id.sale_line_id.id, line.product_id.id, line.lot_id.name or "")
            contents[key] = contents.get(key, 0.0) + line.quantity_product_uom
        return {
            "package_id": package.id,
            "tracking_number": number,
            "weight": package.shipping_weight
            or sum(line.quantity_product_uom * line.product_id.weight for line in lines),
            "line_ids": [
                fields.Command.create(
                    {
                        "order_line_id": order_line,
                        "product_id": product,
                        "lot_name": lot,
                        "quantity": quantity,
                    }
                )
                for (order_line, product, lot), quantity in contents.items()
            ],
        }


def _numbers(text):
    """Tracking numbers in Odoo's one field for them, each once."""
    parts = (part.strip() for part in NUMBERS_APART.split(text or ""))
    return list(dict.fromkeys(part for part in parts if part))


def _give_numbers(packages, numbers):
    """Which package has which number: one number is that of the whole consignment, else each has
    its own, by name where a package is called like its number.
    """
    if len(numbers) == 1:
        return dict.fromkeys(packages, numbers[0])
    named = {package: package.name for package in packages if package.name in numbers}
    left = iter(number for number in numbers if number not in named.values())
    for package in packages:
        if package not in named and (number := next(left, None)):
            named[package] = number
    return named
