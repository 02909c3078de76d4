"""What must hold, and the query that finds the records that break it.

Every query goes over whole tables once and returns only breaches, with a column ``record``, the id
of the record that breaks the rule, ``company``, and what the sentence about it needs.
"""

from dataclasses import dataclass

# Sums of floats: less than this is dust.
DUST = 0.001


@dataclass(frozen=True)
class Check:
    """One rule: the model whose records break it, and the query that finds them."""

    code: str
    model: str
    sql: str


# --- stock ----------------------------------------------------------------------------------------

_SHELF = """
    WITH shelf AS (
        SELECT quant.id, quant.product_id, quant.location_id,
               coalesce(quant.lot_id, 0) AS lot_id, coalesce(quant.package_id, 0) AS package_id,
               coalesce(quant.owner_id, 0) AS owner_id, coalesce(quant.quantity, 0) AS quantity,
               coalesce(quant.reserved_quantity, 0) AS reserved, place.company_id
          FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
         WHERE place.usage IN ('internal', 'transit')
    )
"""

STOCK_CHECKS = (
    Check(
        "oversold",
        "stock.quant",
        _SHELF
        + """
        SELECT (array_agg(id ORDER BY reserved DESC, id))[1] AS record,
               min(company_id) AS company, product_id AS product, location_id AS location,
               sum(quantity) AS on_hand, sum(reserved) AS reserved
          FROM shelf
      GROUP BY product_id, location_id
        HAVING sum(reserved) > greatest(sum(quantity), 0) + %(dust)s
        """,
    ),
    Check(
        "over_reserved",
        "stock.quant",
        _SHELF
        + """
        SELECT id AS record, company_id AS company, product_id AS product,
               location_id AS location, quantity AS on_hand, reserved
          FROM (SELECT *, sum(reserved) OVER place AS all_reserved,
                       sum(quantity) OVER place AS all_on_hand
                  FROM shelf WINDOW place AS (PARTITION BY product_id, location_id)) AS shelf
         WHERE quantity > %(dust)s AND reserved > quantity + %(dust)s
           AND all_reserved <= greatest(all_on_hand, 0) + %(dust)s
        """,
    ),
    Check(
        "split_quant",
        "stock.quant",
        _SHELF
        + """
        SELECT id AS record, company_id AS company, product_id AS product,
               location_id AS location, quantity AS on_hand, reserved
          FROM shelf
         WHERE quantity <= %(dust)s AND reserved > %(dust)s
        """,
    ),
    Check(
        "negative_reservation",
        "stock.quant",
        _SHELF
        + """
        SELECT id AS record, company_id AS company, product_id AS product,
               location_id AS location, reserved
          FROM shelf
         WHERE reserved < -%(dust)s
        """,
    ),
    Check(
        "reservation_drift",
        "stock.quant",
        _SHELF
        + """
        , entry AS (
            SELECT id, product_id, location_id, lot_id, package_id, owner_id, company_id,
                   reserved, 0 AS promised
              FROM shelf
         UNION ALL
            SELECT NULL, line.product_id, line.location_id, coalesce(line.lot_id, 0),
                   coalesce(line.package_id, 0), coalesce(line.owner_id, 0), place.company_id,
                   0, line.quantity_product_uom
              FROM stock_move_line line
              JOIN stock_location place ON place.id = line.location_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE line.state IN ('confirmed', 'waiting', 'partially_available', 'assigned')
               AND place.usage IN ('internal', 'transit') AND template.is_storable
        )
        SELECT coalesce(min(id), 0) AS record, min(company_id) AS company, product_id AS product,
               location_id AS location, sum(reserved) AS reserved, sum(promised) AS promised
          FROM entry
      GROUP BY product_id, location_id, lot_id, package_id, owner_id
        HAVING abs(sum(reserved) - sum(promised)) > %(dust)s
        """,
    ),
)


# --- allocations ----------------------------------------------------------------------------------

ALLOCATION_CHECKS = (
    Check(
        "allocation_state",
        "oms.allocation",
        """
        SELECT allocation.id AS record, sale.company_id AS company, sale.id AS order,
               CASE WHEN allocation.state = 'committed' AND sale.state <> 'sale' THEN 'order'
                    WHEN allocation.state <> 'committed' THEN 'superseded'
                    WHEN sale.oms_allocation_id IS DISTINCT FROM allocation.id THEN 'unknown'
                    ELSE 'several' END AS what
          FROM (SELECT *, count(*) FILTER (WHERE state = 'committed') OVER (PARTITION BY order_id)
                          AS in_force
                  FROM oms_allocation) AS allocation
          JOIN sale_order sale ON sale.id = allocation.order_id
         WHERE allocation.state = 'committed'
               AND (sale.state <> 'sale' OR allocation.in_force > 1
                    OR sale.oms_allocation_id IS DISTINCT FROM allocation.id)
            OR allocation.state <> 'committed' AND sale.oms_allocation_id = allocation.id
        """,
    ),
    Check(
        "allocation_sum",
        "sale.order.line",
        """
        SELECT line.id AS record, line.company_id AS company, line.product_id AS product,
               sale.id AS order, sum(allocated.quantity) AS allocated,
               line.product_uom_qty * unit.factor / own.factor
                   + coalesce(line.oms_sent_again, 0) AS ordered
          FROM oms_allocation allocation
          JOIN sale_order sale ON sale.id = allocation.order_id AND sale.state = 'sale'
          JOIN oms_allocation_line allocated ON allocated.allocation_id = allocation.id
          JOIN sale_order_line line ON line.id = allocated.order_line_id
          JOIN uom_uom unit ON unit.id = line.product_uom_id
          JOIN product_product product ON product.id = line.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
         WHERE allocation.state = 'committed'
      GROUP BY line.id, sale.id, unit.factor, own.factor
        HAVING sum(allocated.quantity)
               <> round((line.product_uom_qty * unit.factor / own.factor)::numeric)
                  + coalesce(line.oms_sent_again, 0)
        """,
    ),
    Check(
        "parcel_contents",
        "oms.allocation.parcel",
        """
        SELECT parcel.id AS record, allocation.company_id AS company,
               allocation.order_id AS order, parcel.number AS number, parcel.units AS units,
               coalesce(sum(inside.quantity), 0) AS inside
          FROM oms_allocation_parcel parcel
          JOIN oms_allocation allocation ON allocation.id = parcel.allocation_id
     LEFT JOIN oms_allocation_line inside ON inside.parcel_id = parcel.id
         WHERE allocation.state = 'committed'
      GROUP BY parcel.id, allocation.id
        HAVING coalesce(sum(inside.quantity), 0) <> coalesce(parcel.units, 0)
            OR count(DISTINCT inside.order_line_id) <> coalesce(parcel.line_count, 0)
            OR bool_or(inside.allocation_id <> parcel.allocation_id
                       OR inside.warehouse_id <> parcel.warehouse_id)
        """,
    ),
    Check(
        "allocation_totals",
        "oms.allocation",
        # What unfilled units are priced at is in the plan alone, which is costly to read: it is
        # looked at only where the parcels do not add up without it. Every parcel is rounded.
        """
        SELECT * FROM (
            SELECT allocation.id AS record, allocation.company_id AS company,
                   allocation.order_id AS order, allocation.total, summed.total AS parcels,
                   CASE WHEN abs(allocation.total - summed.total) > 0.01 * (summed.number + 1)
                        THEN coalesce((allocation.decision #>> '{plan,cost,unfilled}')::numeric, 0)
                        ELSE 0 END AS unfilled,
                   allocation.parcel_count, summed.number, allocation.missing, waiting.units,
                   abs(allocation.freight - summed.freight) + abs(allocation.delay - summed.delay)
                   + abs(allocation.handling - summed.handling)
                   + abs(allocation.split_penalty - summed.split_penalty) AS parts
              FROM oms_allocation allocation
        CROSS JOIN LATERAL (
                SELECT coalesce(sum(total), 0) AS total, count(*) AS number,
                       coalesce(sum(freight), 0) AS freight, coalesce(sum(delay), 0) AS delay,
                       coalesce(sum(handling), 0) AS handling,
                       coalesce(sum(split_penalty), 0) AS split_penalty
                  FROM oms_allocation_parcel WHERE allocation_id = allocation.id) AS summed
        CROSS JOIN LATERAL (
                SELECT coalesce(sum(quantity), 0) AS units FROM oms_allocation_line
                 WHERE allocation_id = allocation.id AND kind = 'backorder') AS waiting
             WHERE allocation.state = 'committed') AS compared
         WHERE parcel_count <> number OR missing <> units OR parts > 0.04 * (number + 1)
            OR abs(total - parcels - unfilled) > 0.01 * (number + 1)
        """,
    ),
)


# --- procurement ----------------------------------------------------------------------------------

# Chain heads, as ``stock.move._oms_chain_heads`` defines them: of the moves that carry one unit to
# the customer, the first.
_HEADS = """
    WITH outgoing AS (
        SELECT place.id
          FROM stock_location place
     LEFT JOIN stock_location abroad ON abroad.id = %(inter_company)s
         WHERE place.usage = 'customer' OR place.parent_path LIKE abroad.parent_path || '%%'
    ),
    target AS (
        SELECT allocated.order_line_id AS line_id, allocated.warehouse_id,
               sum(allocated.quantity) AS units
          FROM oms_allocation allocation
          JOIN sale_order sale ON sale.id = allocation.order_id AND sale.state = 'sale'
          JOIN oms_allocation_line allocated ON allocated.allocation_id = allocation.id
         WHERE allocation.state = 'committed'
      GROUP BY allocated.order_line_id, allocated.warehouse_id
    ),
    decided AS (
        SELECT line.id, line.order_id, line.company_id, line.product_id
          FROM sale_order_line line
         WHERE line.id IN (SELECT line_id FROM target)
    ),
    moved AS (
        SELECT move.*, coalesce(move.location_final_id, move.location_dest_id) AS goal_id,
               coalesce(move.warehouse_id, kind.warehouse_id) AS shipper_id,
               move.quantity * unit.factor / own.factor AS held, template.is_storable
          FROM stock_move move
          JOIN decided ON decided.id = move.sale_line_id
          JOIN stock_location goal ON goal.id = move.location_dest_id
          JOIN uom_uom unit ON unit.id = move.product_uom
          JOIN product_product product ON product.id = move.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN uom_uom own ON own.id = template.uom_id
     LEFT JOIN stock_picking_type kind ON kind.id = move.picking_type_id
         WHERE move.state <> 'cancel' AND goal.usage <> 'inventory'
    ),
    head AS (
        SELECT moved.*,
               CASE WHEN state = 'done' THEN held ELSE product_qty END AS units,
               CASE WHEN state IN ('confirmed', 'waiting', 'partially_available', 'assigned')
                    THEN greatest(product_qty - held, 0) ELSE 0 END AS waiting
          FROM moved
         WHERE goal_id IN (SELECT id FROM outgoing)
           AND (origin_returned_move_id IS NULL OR to_refund)
           AND NOT EXISTS (
                SELECT FROM stock_move_move_rel chain
                  JOIN moved origin ON origin.id = chain.move_orig_id
                 WHERE chain.move_dest_id = moved.id AND origin.sale_line_id = moved.sale_line_id
                   AND origin.goal_id IN (SELECT id FROM outgoing))
    )
"""

PROCURED = (
    _HEADS
    + """
    , reversal AS (
        SELECT moved.*
          FROM moved JOIN stock_location goal ON goal.id = moved.goal_id
         WHERE to_refund AND goal.usage = 'internal'
           AND moved.location_id NOT IN (SELECT id FROM outgoing)
           AND NOT EXISTS (
                SELECT FROM stock_move_move_rel chain
                  JOIN stock_move later ON later.id = chain.move_dest_id
                 WHERE chain.move_orig_id = moved.id AND later.to_refund)
           AND EXISTS (
                SELECT FROM head
                 WHERE head.sale_line_id = moved.sale_line_id
                   AND head.shipper_id = moved.shipper_id
                   AND head.location_dest_id NOT IN (SELECT id FROM outgoing))
    ),
    carried AS (
        SELECT sale_line_id AS line_id, shipper_id AS warehouse_id, sum(units) AS units,
               sum(open) AS open, bool_or(product_id <> ordered) AS kit
          FROM (SELECT head.sale_line_id, head.shipper_id, head.product_id, head.units,
                       CASE WHEN head.state = 'done' THEN 0 ELSE head.units END AS open,
                       decided.product_id AS ordered
                  FROM head JOIN decided ON decided.id = head.sale_line_id
             UNION ALL
                SELECT sale_line_id, shipper_id, reversal.product_id,
                       CASE WHEN state = 'done' THEN -held ELSE -product_qty END, 0,
                       decided.product_id
                  FROM reversal JOIN decided ON decided.id = reversal.sale_line_id) AS entry
      GROUP BY sale_line_id, shipper_id
    )
    SELECT line_id AS record, decided.company_id AS company, decided.product_id AS product,
           decided.order_id AS order, warehouse_id AS warehouse, coalesce(kit, false) AS kit,
           coalesce(target.units, 0) AS allocated, coalesce(carried.units, 0) AS procured,
           coalesce(carried.open, 0) AS open
      FROM target FULL JOIN carried USING (line_id, warehouse_id)
      JOIN decided ON decided.id = line_id
     WHERE kit OR abs(coalesce(target.units, 0) - coalesce(carried.units, 0)) > %(dust)s
    """
)

# What moves wait for is missing where the place has less free stock than is waited for there.
# Whoever closed an exception by hand was told. A full warehouse may have reserved the goods.
# Where reservation is left to people or to a date, waiting says nothing.
SHORTAGES = (
    _HEADS
    + """
    , waiting AS (
        SELECT head.sale_line_id AS line_id, sum(head.waiting) AS units,
               sum(CASE WHEN head.is_storable AND kind.reservation_method = 'at_confirm'
                        THEN head.waiting END) AS at_once,
               array_agg(DISTINCT head.shipper_id) AS warehouses,
               array_agg(DISTINCT head.product_id) AS products
          FROM head JOIN stock_picking_type kind ON kind.id = head.picking_type_id
         WHERE head.waiting > %(dust)s AND head.procure_method = 'make_to_stock'
      GROUP BY head.sale_line_id
    ),
    shelf AS (
        SELECT place.id AS location_id, warehouse.id AS warehouse_id
          FROM stock_warehouse warehouse
          JOIN stock_location top ON top.id = warehouse.lot_stock_id
          JOIN stock_location place ON place.parent_path LIKE top.parent_path || '%%'
         WHERE warehouse.id IN (SELECT unnest(warehouses) FROM waiting)
    ),
    short AS (
        SELECT product_id, warehouse_id
          FROM (SELECT quant.product_id, shelf.warehouse_id,
                       quant.quantity - quant.reserved_quantity AS free
                  FROM stock_quant quant JOIN shelf USING (location_id)
                 WHERE quant.product_id IN (SELECT unnest(products) FROM waiting)
             UNION ALL
                SELECT head.product_id, head.shipper_id, -head.waiting
                  FROM head WHERE head.waiting > %(dust)s AND head.procure_method = 'make_to_stock')
            AS entry
      GROUP BY product_id, warehouse_id
        HAVING sum(free) < -%(dust)s
    ),
    told AS (
        SELECT exception.id, exception.order_line_id, exception.order_id, exception.company_id,
               exception.kind, exception.state
          FROM oms_exception exception
         WHERE exception.cause_key LIKE 'allocation:%%'
           AND (exception.state <> 'closed' OR exception.closed_by = 'person')
    )
    SELECT 'shortage_untold' AS code, waiting.line_id AS record, decided.company_id AS company,
           decided.order_id AS order, decided.product_id AS product, waiting.at_once AS units
      FROM waiting JOIN decided ON decided.id = waiting.line_id
     WHERE waiting.at_once > %(dust)s
       AND NOT EXISTS (SELECT FROM told WHERE told.order_line_id = waiting.line_id)
       AND EXISTS (SELECT FROM short WHERE short.product_id = ANY(waiting.products)
                                       AND short.warehouse_id = ANY(waiting.warehouses))
 UNION ALL
    SELECT 'exception_unfounded', told.id, told.company_id, told.order_id, line.product_id, 0
      FROM told JOIN sale_order_line line ON line.id = told.order_line_id
     WHERE told.state <> 'closed' AND told.kind <> 'capacity'
       AND NOT EXISTS (SELECT FROM waiting WHERE waiting.line_id = told.order_line_id)
    """
)

MODELS = {
    **{check.code: check.model for check in (*STOCK_CHECKS, *ALLOCATION_CHECKS)},
    "procured_less": "sale.order.line",
    "procured_more": "sale.order.line",
    "shortage_untold": "sale.order.line",
    "exception_unfounded": "oms.exception",
}
