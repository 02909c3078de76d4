"""One unit over the receiving table: received, graded, put away, all or nothing."""

from odoo import api, models
from odoo.exceptions import UserError

from ..inspection import CONDITIONS, DISPOSITIONS, PROBLEMS
from ..order_return import OPEN

MAX_PHOTOS = 6
MAX_PHOTO = 14_000_000
"""Characters of base64: some 10 MB."""
IMAGES = {"/9j/": "image/jpeg", "iVBORw0KGgo": "image/png", "UklGR": "image/webp"}
"""How a picture begins in base64: nothing else is kept."""


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    def table_suggest(self, return_id, values):
        """Where the rules want a unit to go.

        :param dict values: ``line``, ``product``, ``condition``, ``cause``, as for
            :meth:`table_take`
        :return: dict ``disposition``, ``why``, ``value`` (money, formatted)
        """
        one = self._at_table(return_id)
        said = one._read_unit(values)
        units = self.env["oms.return.inspection"].sudo()
        if said["problem"] != "none" or not said["product"]:
            return {
                "disposition": "quarantine",
                "why": self.env._("Not announced: customer service decides."),
                "value": "",
            }
        line = said["line"]
        if line and said["lot_name"] and one._lot_at_table(said) is None:
            return {
                "disposition": "quarantine",
                "why": self.env._("This number was not sent to the customer: kept apart."),
                "value": "",
            }
        found, _unit = units._suggest(
            one, said["product"], said["condition"], line.reason_id, said["cause"], line
        )
        return {
            "disposition": found.disposition,
            "why": found.rule.name if found.rule else self.env._("No rule fits."),
            "value": one.company_id.currency_id.format(found.value * said["quantity"]),
        }

    @api.model
    def table_take(self, return_id, values, key):
        """Take in a unit (or several alike), grade it and put it away.

        :param dict values: ``line`` (id, or false), ``product`` (id, or false), ``lot`` (name),
            ``quantity``, ``condition``, ``problem``, ``cause`` (id), ``note``, ``photos`` (list of
            base64), ``disposition`` (false: by the rules), ``warehouse`` (id: where the table is)
        :param str key: of this submission: repeated, it changes nothing
        :return: dict ``unit``, ``also`` (what was over, or false) and ``return``
        :raise UserError: what is wrong, in words; nothing is kept then
        """
        one = self._at_table(return_id)
        key = str(key or "")[:64]
        if not key:
            raise UserError(self.env._("Each submission needs a key of its own."))
        one._take_table_turn()
        units = self.env["oms.return.inspection"].sudo().with_context(active_test=False)
        known = units.search([("return_id", "=", one.id), ("key", "in", (key, f"{key}:over"))])
        if not known:
            said = one._read_unit(values)
            known = one._take(said | {"key": key})
            one._progress()
        first = known.filtered(lambda unit: unit.key == key)[:1] or known[:1]
        return {
            "unit": first._table_unit(),
            "also": (known - first)[:1]._table_unit() if known - first else False,
            "return": one._table_data(),
        }

    def _read_unit(self, values):
        """What the table said, as records.

        :raise UserError: the first thing that is wrong
        """
        if not isinstance(values, dict):
            raise UserError(self.env._("Say what came."))
        line = self.line_ids.filtered(lambda one: one.id == values.get("line"))
        if values.get("line") and not line:
            raise UserError(self.env._("This is no line of %s.", self.name))
        product = line.product_id
        if not line and values.get("product"):
            product = self.env["product.product"].sudo().browse(int(values["product"])).exists()
        quantity = values.get("quantity", 1)
        if (
            isinstance(quantity, bool)
            or not isinstance(quantity, int | float)
            or not 0 < quantity < 1e6
        ):
            raise UserError(self.env._("How many are there?"))
        problem = values.get("problem") or "none"
        condition = values.get("condition") or ("d" if problem != "none" else False)
        if problem not in dict(PROBLEMS) or condition not in dict(CONDITIONS):
            raise UserError(self.env._("Choose the condition: A, B, C or D."))
        chosen = values.get("disposition") or False
        if chosen and chosen not in dict(DISPOSITIONS):
            raise UserError(self.env._("Choose where the unit goes."))
        cause = self.env["oms.return.reason"].sudo().browse(values.get("cause") or []).exists()
        warehouse = self._return_warehouses().filtered(
            lambda one: one.id == values.get("warehouse")
        )
        return {
            "line": line,
            "product": product,
            "lot_name": str(values.get("lot") or "").strip()[:100],
            "quantity": quantity,
            "condition": condition,
            "problem": problem,
            "cause": cause.filtered("parent_id"),
            "note": str(values.get("note") or "")[:2000],
            "photos": values.get("photos") or [],
            "disposition": chosen,
            "warehouse": warehouse,
        }

    def _take(self, said):
        """Inspections for what came: the announced units, and what is over."""
        self.ensure_one()
        line, problem = said["line"], said["problem"]
        if problem == "none" and not line:
            problem = "wrong_item"
        if problem != "none":
            return self._take_strange(said, problem)
        lot = self._lot_at_table(said)
        if lot is None:
            return self._take_strange(said, "wrong_serial")
        self._open_for(line, said["warehouse"])
        inside = min(line._uninspected(), said["quantity"])
        awaited = min(line._units_awaited(), said["quantity"] - inside)
        taken = self.env["oms.return.inspection"]
        if line.product_id.uom_id.compare(inside + awaited, 0.0) > 0:
            taken |= self._take_announced(said, lot, inside, awaited)
        over = line.product_id.uom_id.round(said["quantity"] - inside - awaited)
        if line.product_id.uom_id.compare(over, 0.0) > 0:
            rest = said | {"quantity": over, "photos": [], "key": f"{said['key']}:over"}
            taken |= self._take_strange(rest, "over")
        return taken

    def _lot_at_table(self, said):
        """The delivered lot that was read, an empty one where none is needed; None: another one.

        :raise UserError: it was not read
        """
        line, none = said["line"], self.env["stock.lot"]
        if line.product_id.tracking == "none" or line._per_kit():
            return none
        delivered = line.order_line_id._oms_delivered_lots()
        if not said["lot_name"]:
            if line.lot_id or len(delivered) == 1:
                return line.lot_id or delivered
            raise UserError(
                self.env._("Scan the serial or lot number of %s.", line.product_id.display_name)
            )
        found = delivered.filtered(lambda lot: lot.name == said["lot_name"])[:1]
        return found or None

    def _open_for(self, line, warehouse):
        """Goods come late, or elsewhere than awaited: they are awaited here and now."""
        if self.state == "done":
            if line.product_id.uom_id.compare(line.quantity, line.received_qty) > 0:
                self.action_reopen()
        elif self.state in ("rejected", "cancelled"):
            try:
                with self.env.cr.savepoint():
                    self.action_reopen()
            except UserError:
                return
        if self.state in OPEN:
            if warehouse and not self.warehouse_id:
                self.warehouse_id = warehouse
            self._await_goods()
        if warehouse and warehouse != self._open_pickings().picking_type_id.warehouse_id[:1]:
            if any(self.line_ids.mapped("received_qty")):
                self._await_in(warehouse)
            elif self.state in OPEN:
                self.warehouse_id = warehouse

    def _take_announced(self, said, lot, inside, awaited):
        """One inspection for units of a line, received with it or before."""
        line = said["line"]
        contents = line._stand_inside(lot, inside) if inside else []
        moves = self.env["stock.move"]
        if awaited:
            moves = self._take_in({line: [(lot, awaited)]})
            contents += [
                (
                    one.product_id,
                    one.lot_id,
                    one.owner_id,
                    one.quantity_product_uom,
                    one.location_dest_id,
                )
                for one in moves.move_line_ids
            ]
        unit = self._note_unit(
            said, lot, "none", quantity=inside + awaited, received_here=bool(moves)
        )
        moves.oms_inspection_id = unit
        unit._dispose(contents, said["disposition"])
        if said["cause"]:
            line.cause_id = said["cause"]
        return unit

    def _note_unit(self, said, lot, problem, **values):
        unit = self.env["oms.return.inspection"].create(
            {
                "return_id": self.id,
                "return_line_id": said["line"].id,
                "product_id": said["product"].id,
                "lot_id": lot.id,
                "quantity": said["quantity"],
                "condition": said["condition"],
                "problem": problem,
                "cause_id": said["cause"].id,
                "note": said["note"] or False,
                "key": said["key"],
                "user_id": self.env.uid,
            }
            | values
        )
        unit._keep_photos(said["photos"])
        return unit


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _stand_inside(self, lot, units):
        """Where units that came in without the table stand: contents for a disposition.

        :raise UserError: they are not there any more
        """
        self.ensure_one()
        came = self.move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "customer"
        )
        contents = []
        for product_id, factor in (self._per_kit() or {self.product_id.id: 1.0}).items():
            product = self.env["product.product"].browse(product_id)
            left = units * factor
            for place in came.move_line_ids.location_dest_id:
                for quant in self.env["stock.quant"]._gather(
                    product, place, lot_id=lot or None, strict=bool(lot)
                ):
                    free = min(left, quant.quantity - quant.reserved_quantity)
                    if quant.location_id != place or product.uom_id.compare(free, 0.0) <= 0:
                        continue
                    left -= free
                    contents.append((product, quant.lot_id, quant.owner_id, free, place))
            if product.is_storable and product.uom_id.compare(left, 0.0) > 0:
                raise UserError(
                    self.env._(
                        "%s came in before, and does not lie among the returns any more.",
                        product.display_name,
                    )
                )
        return contents


class OmsReturnInspection(models.Model):
    _inherit = "oms.return.inspection"

    def _keep_photos(self, photos):
        """Keep pictures as attachments of the inspection.

        :raise UserError: too many, too large, or no pictures
        """
        self.ensure_one()
        if not isinstance(photos, list) or len(photos) > MAX_PHOTOS:
            raise UserError(self.env._("Keep at most %s photos.", MAX_PHOTOS))
        values = []
        for number, photo in enumerate(photos, start=1):
            kind = next(
                (kind for start, kind in IMAGES.items() if str(photo).startswith(start)), None
            )
            if not kind or len(photo) > MAX_PHOTO:
                raise UserError(self.env._("A photo is a JPEG, PNG or WebP of at most 10 MB."))
            values.append(
                {
                    "name": f"{self.return_id.name}-{self.id}-{number}.{kind[6:]}",
                    "datas": photo,
                    "mimetype": kind,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        if values:
            self.photo_ids = self.env["ir.attachment"].create(values)
