from collections import defaultdict

from odoo import api, models

UNLIMITED = 10**9


class OmsAvailability(models.AbstractModel):
    """What each warehouse can still promise."""

    _name = "oms.availability"
    _description = "Available to Promise"

    @api.model
    def _on_shelf(self, products, warehouses):
        """Stock and what older demand waits for, of every product in every warehouse.

        Counted are the locations deliveries are picked from (the warehouse's stock location and
        below), consigned goods included, as Odoo reserves them too. Demand that is confirmed but
        not reserved, such as a back-order, takes part of the free stock: it comes first when
        goods arrive.

        :return: dict (product id, warehouse id) → dict with ``on_hand``, ``reserved``,
            ``awaited`` (floats, product's unit) and ``since`` (datetime of the oldest stock or
            None). Pairs without stock or demand are absent.
        """
        if not products or not warehouses:
            return {}
        self.env["stock.quant"].flush_model()
        self.env["stock.move"].flush_model()
        self.env["stock.location"].flush_model()
        self.env.cr.execute(
            """
            WITH shelf AS (
                SELECT warehouse.id AS warehouse_id, stock.parent_path || '%%' AS below
                  FROM stock_warehouse warehouse
                  JOIN stock_location stock ON stock.id = warehouse.lot_stock_id
                 WHERE warehouse.id = ANY(%(warehouses)s)
            )
            SELECT product_id, warehouse_id,
                   sum(on_hand), sum(reserved), sum(awaited), min(since)
              FROM (
                SELECT quant.product_id, shelf.warehouse_id,
                       coalesce(quant.quantity, 0) AS on_hand,
                       coalesce(quant.reserved_quantity, 0) AS reserved, 0 AS awaited,
                       CASE WHEN quant.quantity > 0 THEN quant.in_date END AS since
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                  JOIN shelf ON shelf.warehouse_id = place.warehouse_id
                 WHERE quant.product_id = ANY(%(products)s)
                   AND place.usage = 'internal' AND place.parent_path LIKE shelf.below
             UNION ALL
                SELECT move.product_id, shelf.warehouse_id, 0, 0,
                       greatest(move.product_qty * (1 - coalesce(move.quantity, 0)
                                / nullif(move.product_uom_qty, 0)), 0), NULL
                  FROM stock_move move
                  JOIN stock_location place ON place.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  JOIN shelf ON shelf.warehouse_id = place.warehouse_id
                 WHERE move.product_id = ANY(%(products)s)
                   AND move.state IN ('confirmed', 'partially_available', 'waiting')
                   AND move.procure_method = 'make_to_stock'
                   AND place.usage = 'internal' AND place.parent_path LIKE shelf.below
                   AND NOT (target.usage = 'internal' AND target.parent_path LIKE shelf.below)
              ) AS entry
          GROUP BY product_id, warehouse_id
            """,
            {"warehouses": warehouses.ids, "products": products.ids},
        )
        rows = self.env.cr.fetchall()
        return {
            (product_id, warehouse_id): {
                "on_hand": on_hand,
                "reserved": reserved,
                "awaited": awaited,
                "since": since,
            }
            for product_id, warehouse_id, on_hand, reserved, awaited, since in rows
        }

    @api.model
    def _to_promise(self, products, warehouses, held=None, awaited=None):
        """Whole units each warehouse can still promise, safety buffer kept back.

        What the order in question has reserved stays free for its own decision, whoever else
        waits for the goods and however many are to be kept back.

        :param held: dict (product id, warehouse id) → units that the order has reserved there
        :param awaited: the same, units that it waits for there

        :return: dict warehouse id → dict product id → dict with ``free`` (int), ``on_hand``
            (float), ``buffer`` (int), ``since`` (datetime or None)
        """
        shelf = self._on_shelf(products.filtered("is_storable"), warehouses)
        buffers = self.env["oms.safety.buffer"]._quantities(warehouses, products)
        promise = defaultdict(dict)
        for warehouse in warehouses:
            for product in products:
                if not product.is_storable:
                    promise[warehouse.id][product.id] = {
                        "free": UNLIMITED, "on_hand": 0.0, "buffer": 0, "since": None,
                    }  # fmt: skip
                    continue
                entry = shelf.get((product.id, warehouse.id))
                if not entry:
                    continue
                kept = buffers.get((warehouse.id, product.id), 0)
                place = (product.id, warehouse.id)
                others_await = entry["awaited"] - (awaited or {}).get(place, 0.0)
                free = max(entry["on_hand"] - entry["reserved"] - others_await - kept, 0.0)
                free += (held or {}).get(place, 0.0)
                promise[warehouse.id][product.id] = {
                    # A hair below a whole unit is float dust, not a missing unit.
                    "free": int(free + 1e-6),
                    "on_hand": entry["on_hand"],
                    "buffer": kept,
                    "since": entry["since"],
                }
        return promise
