"""What the receiving table shows of a return."""

from odoo import api, fields, models

from ..inspection import CONDITIONS, DISPOSITIONS, PROBLEMS


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    def table_start(self):
        """What the table needs once: dict ``warehouses``, ``conditions``, ``problems``,
        ``dispositions``: lists of dicts ``key``, ``name``."""
        self._check_table()
        units = self.env["oms.return.inspection"]
        warehouses = (
            self.env["stock.warehouse"]
            .sudo()
            .search(
                [("company_id", "in", self.env.companies.ids), ("oms_takes_returns", "=", True)]
            )
        )

        def told(field, choices):
            names = dict(units._fields[field]._description_selection(self.env))
            return [{"key": key, "name": names[key]} for key, _name in choices]

        return {
            "warehouses": [{"key": one.id, "name": one.name} for one in warehouses],
            "conditions": told("condition", CONDITIONS),
            "problems": told("problem", PROBLEMS),
            "dispositions": told("disposition", DISPOSITIONS),
            "user": self.env.user.name,
        }

    @api.model
    def table_show(self, return_id):
        """A return as the table shows it, see :meth:`_table_data`."""
        return self._at_table(return_id)._table_data()

    def _table_choice(self):
        return {
            "id": self.id,
            "name": self.name,
            "order": self.order_id.name or "",
            "customer": self.partner_id.display_name or "",
            "products": self.product_text or "",
            "state": self._said("state"),
        }

    def _said(self, field):
        return dict(self._fields[field]._description_selection(self.env)).get(self[field], "")

    def _table_data(self):
        """The return, its lines and what was found so far, as plain data."""
        self.ensure_one()
        units = self.inspection_ids.sorted("id", reverse=True)
        return self._table_choice() | {
            "warehouse": self.warehouse_id.name or "",
            "warehouse_id": self.warehouse_id.id,
            "comment": self.comment or "",
            "warning": self._table_warning(),
            "complete": all(
                line.product_id.uom_id.compare(line._units_to_take(), 0) <= 0
                for line in self.line_ids
            ),
            "lines": [line._table_line() for line in self.line_ids if not line.keep],
            "units": [one._table_unit() for one in units],
        }

    def _table_warning(self):
        if self.state == "requested":
            return self.env._(
                "Not approved yet. Take it in; customer service decides about the money."
            )
        if self.state in ("rejected", "cancelled"):
            return self.env._(
                "%s. Take it in all the same: customer service is told.", self._said("state")
            )
        if self.state == "done":
            return self.env._("This return was finished already.")
        return ""


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _inspected(self):
        """Units that were graded; what is missing was not."""
        self.ensure_one()
        return sum(
            unit.quantity
            for unit in self.return_id.inspection_ids
            if unit.return_line_id == self and unit.problem == "none"
        )

    def _uninspected(self):
        """Units that came in, without the table, and that nobody has graded."""
        return max(self.received_qty - self._inspected(), 0.0)

    def _units_to_take(self):
        """Units that may still come over the table."""
        self.ensure_one()
        if self.keep:
            return 0.0
        return max(self.quantity - self._inspected(), 0.0)

    def _table_line(self):
        self.ensure_one()
        product = self.product_id
        reason = self.reason_id
        causes = reason.child_ids or reason.search([("parent_id", "!=", False)])
        return {
            "id": self.id,
            "product": product.id,
            "name": product.display_name,
            "sku": product.default_code or "",
            "barcode": product.barcode or "",
            "tracking": product.tracking if product.is_storable else "none",
            "unit": product.uom_id.name,
            "quantity": self.quantity,
            "left": self._units_to_take(),
            "inside": self._uninspected(),
            "reason": reason.name or "",
            "comment": self.comment or "",
            "photos": self.photo_ids.ids,
            "lots": (self.lot_id or self.order_line_id._oms_delivered_lots())[:50].mapped("name"),
            "causes": [
                {"key": cause.id, "name": cause.name if reason.child_ids else cause.display_name}
                for cause in causes
            ],
            "image": f"/web/image/product.product/{product.id}/image_128",
        }


class OmsReturnInspection(models.Model):
    _inherit = "oms.return.inspection"

    def _table_unit(self):
        self.ensure_one()

        def said(field):
            return dict(self._fields[field]._description_selection(self.env)).get(self[field], "")

        return {
            "id": self.id,
            "name": self.product_id.display_name or self.note or "",
            "quantity": self.quantity,
            "lot": self.lot_id.name or "",
            "condition": self.condition or "",
            "problem": said("problem") if self.problem != "none" else "",
            "disposition": self.disposition or "",
            "disposition_name": said("disposition"),
            "why": self.disposition_text or "",
            "place": self.location_text or "",
            "user": self.user_id.name,
            "mine": self.user_id == self.env.user,
            "at": fields.Datetime.to_string(self.inspected_at),
        }
