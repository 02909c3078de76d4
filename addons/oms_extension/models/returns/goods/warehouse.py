"""Where returned goods go, and why there: allocation's costs run backwards."""

from odoo import api, models
from odoo.exceptions import UserError

from ....engine.returns import receiving

TOLD = 2
"""Alternatives that the explanation names."""


class OmsReturn(models.Model):
    _inherit = "oms.return"

    def _choose_warehouse(self):
        """Where the goods go back to: cheapest by network, less what they are worth there."""
        self.ensure_one()
        warehouses = self._return_warehouses()
        if not warehouses:
            raise UserError(
                self.env._(
                    "No warehouse of %s takes returns: allow it on one of them.",
                    self.company_id.name,
                )
            )
        offers = self._offers(warehouses)
        self.write({"warehouse_id": offers[0].warehouse, "warehouse_text": self._why_there(offers)})

    def _return_warehouses(self):
        return (
            self.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", self.company_id.id), ("oms_takes_returns", "=", True)])
        )

    def _offers(self, warehouses):
        """What each of the warehouses costs, the best first, see ``engine.returns.receiving``."""
        self.ensure_one()
        snapshot = self.env["oms.snapshot"].sudo().with_company(self.company_id)
        customer = self.order_id.partner_shipping_id or self.partner_id
        policy = self.env["oms.policy"].sudo()._choose_for(self.order_id.sudo())
        lines = self.line_ids.filtered(lambda line: not line.keep)
        sent = lines.order_line_id.sudo().move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        )
        lanes = {}
        for lane in snapshot._lanes(warehouses, customer):
            lanes.setdefault(lane.warehouse, []).append(lane)
        shortages = warehouses._oms_shortages(lines.product_id)
        candidates = [
            receiving.Candidate(
                warehouse=one,
                lanes=lanes.get(one.id, []),
                shortages=shortages.get(one.id, {}),
                sent=one.id in sent._oms_from().ids,
            )
            for one in snapshot._warehouses(self.order_id.browse(), warehouses, {}, {})
        ]
        return receiving.offers(
            candidates,
            [
                receiving.Goods(
                    product=line.product_id.id,
                    units=line.quantity,
                    unit_weight=line.product_id.weight,
                    unit_price=line._unit_price(),
                )
                for line in lines
            ],
            snapshot._destination(customer),
            policy._to_engine().rate_curve if policy else receiving.RateCurve(),
            self.company_id.currency_id.decimal_places,
        )

    def _why_there(self, offers):
        """One sentence: what it costs there, who waits for it, what others would cost."""
        money = self.company_id.currency_id.format
        best = offers[0]
        if best.freight is None:
            said = self.env._("%s: nothing is known about the way back.", best.name)
        else:
            said = self.env._(
                "%(warehouse)s: %(cost)s back", warehouse=best.name, cost=money(best.freight)
            )
        if best.orders == 1:
            said = self.env._("%s, an order waits for it there", said)
        elif best.orders:
            said = self.env._("%(said)s, %(count)s orders wait for it there", said=said,
                              count=best.orders)  # fmt: skip
        elif best.short:
            said = self.env._("%s, stock is short there", said)
        others = [
            self.env._(
                "%(warehouse)s would cost %(cost)s", warehouse=one.name, cost=money(one.freight)
            )
            for one in offers[1 : 1 + TOLD]
            if one.freight is not None
        ]
        return "; ".join([said, *others]) + "."

    # --- a person chooses another one -------------------------------------------------------------

    def write(self, vals):
        """The open transfer follows the warehouse; goods that came stay where they are."""
        moved = self.browse()
        if vals.get("warehouse_id"):
            moved = self.filtered(
                lambda one: one.warehouse_id and one.warehouse_id.id != vals["warehouse_id"]
            )
            for one in moved:
                if any(one.line_ids.mapped("received_qty")):
                    raise UserError(
                        self.env._("Goods of %s came in already: the warehouse stands.", one.name)
                    )
            if moved and "warehouse_text" not in vals:
                vals = vals | {"warehouse_text": self.env._("Chosen by %s.", self.env.user.name)}
        result = super().write(vals)
        for one in moved:
            one._await_in(one.warehouse_id)
        return result

    def _await_in(self, warehouse):
        """Let the open transfers end in this warehouse."""
        self.ensure_one()
        kind = warehouse.sudo()._oms_return_type()
        place = warehouse.sudo()._oms_return_location()
        for picking in self._open_pickings():
            if picking.location_dest_id == place:
                continue
            origin = picking.location_id
            picking.picking_type_id = kind
            picking.write({"location_id": origin.id, "location_dest_id": place.id})
            picking.move_ids.write({"warehouse_id": warehouse.id, "picking_type_id": kind.id})
            picking.move_line_ids.write({"location_dest_id": place.id})
            picking.oms_shipment_ids.write({"warehouse_id": warehouse.id})


class OmsReturnLine(models.Model):
    _inherit = "oms.return.line"

    def _unit_price(self):
        """Price of one unit before taxes, in the company's currency."""
        self.ensure_one()
        sold = self.order_line_id.sudo()
        if not sold:
            return self.product_id.with_company(self.company_id).lst_price
        price = self.env["oms.snapshot"].sudo()._company_price(sold)
        return sold.product_uom_id._compute_price(price, self.product_id.uom_id)


class StockMove(models.Model):
    _inherit = "stock.move"

    def _oms_from(self):
        """The warehouses that these moves left."""
        return self.location_id.warehouse_id | self.warehouse_id


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model
    def _oms_waiting_orders(self, products, warehouses):
        """How many orders wait for each product: dict (product id, warehouse id) → orders."""
        groups = (
            self.env["stock.move"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", products.ids),
                    ("location_id", "child_of", warehouses.lot_stock_id.ids),
                    ("state", "in", ("confirmed", "waiting", "partially_available")),
                    ("sale_line_id", "!=", False),
                ],
                ["product_id", "location_id", "sale_line_id"],
                ["__count"],
            )
        )
        orders = {}
        for product, place, line, _count in groups:
            key = (product.id, place.warehouse_id.id)
            orders.setdefault(key, set()).add(line.order_id.id)
        return {key: len(found) for key, found in orders.items()}

    def _oms_shortages(self, products):
        """What these warehouses lack of products.

        :return: dict warehouse id → dict product id → ``engine.returns.receiving.Shortage``
        """
        products = products.filtered("is_storable")
        if not products:
            return {}
        shelf = self.env["oms.availability"].sudo()._on_shelf(products, self)
        orders = self._oms_waiting_orders(products, self)
        least = {
            (rule.product_id.id, rule.warehouse_id.id): rule.product_min_qty
            for rule in self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search([("product_id", "in", products.ids), ("warehouse_id", "in", self.ids)])
        }
        shortages = {}
        for key in shelf.keys() | least.keys():
            entry = shelf.get(key, {"on_hand": 0.0, "reserved": 0.0, "awaited": 0.0})
            free = entry["on_hand"] - entry["reserved"] - entry["awaited"]
            waiting = max(-free, 0.0)
            short = max(least.get(key, 0.0) - max(free, 0.0), 0.0)
            if waiting or short:
                product_id, warehouse_id = key
                shortages.setdefault(warehouse_id, {})[product_id] = receiving.Shortage(
                    waiting, orders.get(key, 0), short
                )
        return shortages
