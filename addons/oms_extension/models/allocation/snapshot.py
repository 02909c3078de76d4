from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from odoo import api, fields, models

from ...engine import allocation as engine


@dataclass(slots=True)
class Need:
    """What is still to be decided about one order line.

    :ivar units: whole units to decide.
    :ivar locked: units by warehouse id that must come from there.
    :ivar at_most: units by warehouse id beyond which nothing may be taken, as when an ordered
        quantity is lowered; ``None`` leaves it to the stock.
    :ivar begun: units by warehouse id that a warehouse works on or has shipped: not decided again.
    :ivar takes: what one unit takes from the shelf, see ``sale.order.line._oms_components``.
    """

    units: int
    locked: dict[int, int] = field(default_factory=dict)
    at_most: dict[int, int] | None = None
    begun: dict[int, int] = field(default_factory=dict)
    takes: dict[int, int] = field(default_factory=dict)


class OmsSnapshot(models.AbstractModel):
    """Reads from the database what the engine decides from. It writes nothing.

    The number of queries does not depend on how many warehouses or lines there are. What belongs
    to the order is read here, what belongs to the network in ``snapshot_network``.
    """

    _name = "oms.snapshot"
    _description = "Allocation Snapshot"

    @api.model
    def _take(self, order, policy, needs, together=None):
        """Everything that a decision about ``order`` depends on.

        :param needs: dict order line → :class:`Need`
        :param together: orders that are decided in one batch with it: what they hold is free, too.
        :return: :class:`engine.Snapshot`, whose line ids are those of :meth:`_line_key`
        """
        lines = order.order_line.browse().concat(*needs)
        warehouses = self._candidates(order.company_id)
        shelf_products = lines.product_id.browse(
            {product_id for need in needs.values() for product_id in need.takes}
        )
        holders = lines | together.order_line if together else lines
        promise = self.env["oms.availability"]._to_promise(
            shelf_products, warehouses, *self._own_units(holders, warehouses)
        )
        destination = order.partner_shipping_id or order.partner_id
        stock = {
            warehouse_id: {product_id: entry["free"] for product_id, entry in entries.items()}
            for warehouse_id, entries in promise.items()
        }
        for line, need in needs.items():
            for warehouse_id, units in (need.at_most or {}).items():
                stock.setdefault(warehouse_id, {})[self._own_key(line)] = units
        return engine.Snapshot(
            now=datetime.now(UTC).replace(microsecond=0),
            order=order._origin.id or order.name or "new",
            lines=tuple(
                engine.Line(
                    id=self._line_key(line),
                    product=line.product_id.id,
                    quantity=need.units,
                    unit_weight=line.product_id.weight,
                    unit_price=self._company_price(line),
                    stock=need.takes if need.at_most is None else {self._own_key(line): 1},
                    locked=need.locked,
                )
                for line, need in needs.items()
            ),
            warehouses=self._preferring(
                order,
                policy,
                self._warehouses(
                    order | together if together else order, warehouses, promise, stock
                ),
            ),
            lanes=self._lanes(warehouses, destination, order.carrier_id.id),
            destination=self._destination(destination),
            policy=policy._to_engine(),
            promise_date=order.commitment_date.date() if order.commitment_date else None,
            service=order.carrier_id.id or None,
            channel=order.team_id.id or None,
            currency_decimals=order.company_id.currency_id.decimal_places,
        )

    @api.model
    def _preferring(self, order, policy, warehouses):
        """Where money does not tell two warehouses apart, the order's own one ships."""
        if policy.mode != "cost":
            return warehouses
        own = order.warehouse_id.id
        return tuple(replace(one, priority=0) if one.id == own else one for one in warehouses)

    @api.model
    def _line_key(self, line):
        """The engine's id of an order line: its database id, negative while it has none."""
        return line._origin.id or -(list(line.order_id.order_line._ids).index(line.id) + 1)

    @api.model
    def _own_key(self, line):
        """Stock key of the units that an order line holds already."""
        return f"line {self._line_key(line)}"

    @api.model
    def _company_price(self, line):
        order = line.order_id
        return order.currency_id._convert(
            line.price_reduce_taxexcl,
            order.company_id.currency_id,
            order.company_id,
            order.date_order or fields.Datetime.now(),
            round=False,
        )

    @api.model
    def _own_units(self, lines, warehouses):
        """Units that open moves of these lines hold, or wait for: theirs to move elsewhere.

        :return: (held, awaited): dicts (product id, warehouse id) → units
        """
        held, awaited = defaultdict(float), defaultdict(float)
        for move in lines.move_ids:
            warehouse = move.location_id.warehouse_id
            if move._oms_can_reallocate() and warehouse in warehouses:
                place = (move.product_id.id, warehouse.id)
                ready = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
                ready = min(ready, move.product_qty)
                held[place] += ready
                awaited[place] += move.product_qty - ready
        return held, awaited
