"""What came and was not announced, or was announced and did not come: it never vanishes."""

from odoo import fields, models
from odoo.exceptions import UserError


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _take_strange(self, said, problem):
        """An inspection for what is over, another product, another serial number, or missing.

        Goods stay the customer's until customer service decides: they stand in quarantine with the
        customer as owner, and count neither as returned nor in the stock's value.
        """
        self.ensure_one()
        if not said["product"] and not said["note"]:
            raise UserError(self.env._("Say in the note what came."))
        lot = self._strange_lot(said)
        unit = self._note_unit(said, lot, problem, received_here=problem != "missing")
        if problem != "missing":
            unit._decide("quarantine" if said["disposition"] == "quarantine" else False)
            if unit._can_be_stocked():
                place = (
                    said["warehouse"] or self.warehouse_id or self._return_warehouses()[:1]
                )._oms_place_for("quarantine")
                moves = unit._move(
                    [
                        (
                            unit.product_id,
                            lot,
                            self.partner_id.commercial_partner_id,
                            unit.quantity,
                            self.env.ref("stock.stock_location_customers"),
                            place,
                        )
                    ]
                )
                unit.last_move_ids = moves
        unit._tell_service()
        return unit

    def _strange_lot(self, said):
        """The serial number that was read, made known where nobody knew it."""
        lots = self.env["stock.lot"]
        product, name = said["product"], said["lot_name"]
        if not name or not product or product.tracking == "none":
            return lots
        found = lots.search(
            [
                ("name", "=", name),
                ("product_id", "=", product.id),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )
        return found or lots.create(
            {"name": name, "product_id": product.id, "company_id": self.company_id.id}
        )


class OmsReturnInspection(models.Model):
    _inherit = "oms.return.inspection"

    def _can_be_stocked(self):
        """Whether the books can hold it: a known product, its number read, and not twice."""
        self.ensure_one()
        product = self.product_id
        if not product.is_storable:
            return False
        if product.tracking == "none":
            return True
        if not self.lot_id:
            return False
        if product.tracking == "serial":
            return not self.env["stock.quant"].search_count(
                [
                    ("lot_id", "=", self.lot_id.id),
                    ("location_id.usage", "=", "internal"),
                    ("quantity", ">", 0),
                ]
            )
        return True

    def _tell_service(self):
        """Ask customer service what to do about it."""
        self.ensure_one()
        one = self.return_id
        what = f"{self.quantity:g} × {self.product_id.display_name or self.note}"
        if self.lot_id:
            what = f"{what} ({self.lot_id.name})"
        name = {
            "wrong_item": self.env._(
                "%(name)s: another product came: %(what)s.", name=one.name, what=what
            ),
            "wrong_serial": self.env._(
                "%(name)s: another serial number came: %(what)s.", name=one.name, what=what
            ),
            "over": self.env._(
                "%(name)s: more came than was announced: %(what)s.", name=one.name, what=what
            ),
            "missing": self.env._(
                "%(name)s: missing from the parcel: %(what)s.", name=one.name, what=what
            ),
        }[self.problem]
        self.env["oms.exception"]._raise_all(
            [
                {
                    "cause_key": f"return-unit-{self.id}",
                    "kind": "returned_goods",
                    "name": name,
                    "action": self.env._("Ask the customer, then decide where the goods go."),
                    "owner": "service",
                    "severity": "1",
                    "company_id": one.company_id.id,
                    "order_id": one.order_id.id,
                    "return_id": one.id,
                }
            ]
        )


class OmsException(models.Model):
    _inherit = "oms.exception"

    kind = fields.Selection(
        selection_add=[("returned_goods", "Returned Goods to Look at")],
        ondelete={"returned_goods": "cascade"},
    )
