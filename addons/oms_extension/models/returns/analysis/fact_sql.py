"""How figures are prepared: set by set, out of Odoo's documents."""

DIMENSIONS = (
    *("order_id", "order_line_id", "partner_id", "product_id", "product_tmpl_id", "category_id"),
    *("vendor_id", "lot_id", "warehouse_id", "oms_carrier_id", "carrier_id", "lane_id"),
    *("state_id", "country_id", "team_id", "pricelist_id", "promotion", "cohort", "lateness"),
    *("delivered_on", "month"),
)
WAITS = "interval '30 days'"
"""A parcel that has been on its way for longer counts as delivered when it was sent."""

DELETE_DELIVERIES = "DELETE FROM oms_delivery_fact WHERE picking_id = ANY(%(ids)s)"

# One row per order line, lot and parcel. Of a kit the share of its parts that was sent counts.
DELIVERIES = f"""
    WITH sent AS (
        SELECT move.sale_line_id AS line_id, picking.id AS picking_id, parcel.id AS shipment_id,
               CASE WHEN move.product_id = line.product_id THEN detail.lot_id END AS lot_id,
               move.product_id = line.product_id AS own,
               sum(detail.quantity_product_uom) AS units
        FROM stock_picking picking
        JOIN stock_move move ON move.picking_id = picking.id AND move.state = 'done'
        JOIN stock_location target ON target.id = move.location_dest_id
            AND target.usage = 'customer'
        JOIN stock_location source ON source.id = move.location_id AND source.usage <> 'customer'
        JOIN sale_order_line line ON line.id = move.sale_line_id
        JOIN stock_move_line detail ON detail.move_id = move.id AND detail.quantity > 0
        LEFT JOIN LATERAL (
            SELECT id FROM oms_shipment
            WHERE picking_id = picking.id AND direction = 'outbound' AND state <> 'cancelled'
            ORDER BY package_id IS NOT DISTINCT FROM detail.result_package_id DESC, id
            LIMIT 1
        ) parcel ON true
        WHERE picking.id = ANY(%(ids)s) AND picking.state = 'done'
        GROUP BY 1, 2, 3, 4, 5
    ), parts AS (
        SELECT move.sale_line_id AS line_id, sum(move.product_qty) AS units
        FROM stock_move move
        JOIN stock_location target ON target.id = move.location_dest_id
            AND target.usage = 'customer'
        WHERE move.state <> 'cancel'
            AND move.sale_line_id IN (SELECT line_id FROM sent WHERE NOT own)
        GROUP BY 1
    ), since AS (
        SELECT first.partner_id, date_trunc('month', min(first.date_order))::date AS month
        FROM sale_order first
        WHERE first.state = 'sale' AND first.partner_id IN (
            SELECT sold.partner_id FROM sent
            JOIN sale_order_line line ON line.id = sent.line_id
            JOIN sale_order sold ON sold.id = line.order_id
        )
        GROUP BY 1
    ), told AS (
        SELECT sold.company_id, sent.picking_id, sent.shipment_id, line.order_id,
               line.id AS order_line_id, sold.partner_id, line.product_id,
               product.product_tmpl_id, template.categ_id AS category_id, vendor.partner_id
                   AS vendor_id, sent.lot_id, kind.warehouse_id, parcel.oms_carrier_id,
               COALESCE(parcel.carrier_id, picking.carrier_id) AS carrier_id, parcel.lane_id,
               COALESCE(parcel.country_state_id, address.state_id) AS state_id,
               COALESCE(parcel.country_id, address.country_id) AS country_id,
               sold.team_id, sold.pricelist_id,
               CASE WHEN line.discount > 0 OR EXISTS (
                   SELECT FROM sale_order_line coupon
                   WHERE coupon.order_id = line.order_id AND coupon.price_subtotal < 0
               ) THEN 'reduced' ELSE 'full' END AS promotion,
               since.month AS cohort,
               CASE WHEN parcel.promised_at IS NULL OR parcel.delivered_at IS NULL THEN NULL
                    WHEN parcel.delivered_at <= parcel.promised_at + interval '1 minute'
                        THEN 'on_time'
                    WHEN parcel.delivered_at <= parcel.promised_at + interval '1 day' THEN 'day'
                    WHEN parcel.delivered_at <= parcel.promised_at + interval '3 days' THEN 'days'
                    ELSE 'more' END AS lateness,
               COALESCE(parcel.delivered_at, picking.date_done)::date AS delivered_on,
               (CASE WHEN sent.own THEN sent.units
                     ELSE ordered.units * sent.units / NULLIF(parts.units, 0) END)::float8 AS units,
               (line.price_subtotal / NULLIF(ordered.units, 0)
                    / COALESCE(NULLIF(sold.currency_rate, 0), 1))::float8 AS price,
               COALESCE((product.standard_price ->> sold.company_id::text)::float8, 0) AS worth
        FROM sent
        JOIN stock_picking picking ON picking.id = sent.picking_id
        JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
        JOIN sale_order_line line ON line.id = sent.line_id
        JOIN sale_order sold ON sold.id = line.order_id
        JOIN product_product product ON product.id = line.product_id
        JOIN product_template template ON template.id = product.product_tmpl_id
        CROSS JOIN LATERAL (
            SELECT line.product_uom_qty * COALESCE(
                (SELECT factor FROM uom_uom WHERE id = line.product_uom_id)
                / NULLIF((SELECT factor FROM uom_uom WHERE id = template.uom_id), 0), 1) AS units
        ) ordered
        LEFT JOIN parts ON parts.line_id = line.id
        LEFT JOIN since ON since.partner_id = sold.partner_id
        LEFT JOIN oms_shipment parcel ON parcel.id = sent.shipment_id
        LEFT JOIN res_partner address ON address.id = sold.partner_shipping_id
        LEFT JOIN LATERAL (
            SELECT info.partner_id FROM product_supplierinfo info
            WHERE info.product_tmpl_id = template.id
                AND COALESCE(info.product_id, product.id) = product.id
                AND COALESCE(info.company_id, sold.company_id) = sold.company_id
            ORDER BY info.sequence, info.min_qty DESC, info.price, info.id LIMIT 1
        ) vendor ON true
        WHERE parcel.id IS NULL OR parcel.delivered_at IS NOT NULL
            OR parcel.state IN ('delivered', 'lost', 'damaged', 'returning', 'returned')
            OR picking.date_done < now() AT TIME ZONE 'UTC' - {WAITS}
            -- Who sends goods back has got them, whatever the carrier says.
            OR EXISTS (SELECT FROM oms_return_line back WHERE back.order_line_id = line.id
                       AND back.state NOT IN ('rejected', 'cancelled'))
    )
    INSERT INTO oms_delivery_fact (company_id, picking_id, shipment_id, {", ".join(DIMENSIONS)},
        units, returned, revenue, margin)
    SELECT company_id, picking_id, shipment_id,
           {", ".join(DIMENSIONS[:-1])}, date_trunc('month', delivered_on)::date,
           units, 0, units * COALESCE(price, 0), units * (COALESCE(price, 0) - worth)
    FROM told WHERE units > 0
    ORDER BY delivered_on, order_line_id
"""

UNSEEN = """
    SELECT DISTINCT move.picking_id FROM oms_return_line line
    JOIN stock_move move ON move.sale_line_id = line.order_line_id AND move.state = 'done'
    JOIN stock_location target ON target.id = move.location_dest_id AND target.usage = 'customer'
    WHERE line.return_id = ANY(%(ids)s) AND NOT EXISTS (
        SELECT FROM oms_delivery_fact WHERE order_line_id = line.order_line_id)
"""
"""Transfers of returns whose deliveries the figures do not have yet."""

DELETE_RETURNS = "DELETE FROM oms_return_fact WHERE return_id = ANY(%(ids)s)"

# The delivery that the goods came by: of the same lot, else of the same parcel.
RETURNS = f"""
    WITH line AS (
        SELECT line.*, back.fee, back.kind, back.company_id AS owner_id, back.requested_at AS at,
               back.received_at, back.state AS step, back.way,
               COALESCE(line.lot_id, seen.lot_id, came.lot_id) AS known_lot_id,
               seen.units AS seen_units, seen.value AS seen_value,
               sum(line.quantity) OVER whole AS all_units, count(*) OVER whole AS all_lines,
               COALESCE(NULLIF(sold.currency_rate, 0), 1) AS currency_rate
        FROM oms_return_line line
        JOIN oms_return back ON back.id = line.return_id
        LEFT JOIN sale_order sold ON sold.id = back.order_id
        LEFT JOIN LATERAL (
            SELECT max(lot_id) AS lot_id, sum(quantity) AS units, sum(value_recovered) AS value
            FROM oms_return_inspection WHERE return_line_id = line.id AND problem <> 'missing'
        ) seen ON true
        LEFT JOIN LATERAL (
            SELECT max(detail.lot_id) AS lot_id FROM stock_move move
            JOIN stock_move_line detail ON detail.move_id = move.id
            WHERE move.oms_return_line_id = line.id AND move.state = 'done'
        ) came ON true
        WHERE back.id = ANY(%(ids)s) AND back.state NOT IN ('rejected', 'cancelled')
        WINDOW whole AS (PARTITION BY line.return_id)
    ), told AS (
        SELECT line.*, delivery.id AS delivery_id, product.product_tmpl_id AS template_id,
               template.categ_id,
               COALESCE((product.standard_price ->> line.owner_id::text)::float8, 0)
                   * line.quantity AS worth,
               COALESCE(parcel.cost / NULLIF(content.units, 0), 0) * line.quantity AS freight_out,
               CASE WHEN line.keep OR line.way = 'none' THEN 0
                    ELSE COALESCE(way_back.cost, company.oms_return_freight)
                         * line.quantity / line.all_units END AS freight_back,
               CASE WHEN line.keep OR line.way = 'none' THEN 0
                    ELSE company.oms_return_handling * line.quantity END AS handling,
               company.oms_return_support / line.all_lines AS support,
               COALESCE(line.fee, 0) / line.currency_rate * line.quantity / line.all_units
                   AS fee_kept,
               delivery.margin / NULLIF(delivery.units, 0) * line.quantity AS margin,
               company.oms_return_write_down,
               {", ".join(f"delivery.{name} AS d_{name}" for name in DIMENSIONS)}
        FROM line
        JOIN res_company company ON company.id = line.owner_id
        JOIN product_product product ON product.id = line.product_id
        JOIN product_template template ON template.id = product.product_tmpl_id
        LEFT JOIN LATERAL (
            SELECT fact.* FROM oms_delivery_fact fact
            WHERE fact.order_line_id = line.order_line_id
            ORDER BY (fact.lot_id = line.known_lot_id) IS TRUE DESC,
                     (fact.shipment_id = line.shipment_id) IS TRUE DESC,
                     fact.delivered_on <= line.at::date DESC, fact.units DESC, fact.id
            LIMIT 1
        ) delivery ON true
        LEFT JOIN oms_shipment parcel ON parcel.id = delivery.shipment_id
        LEFT JOIN LATERAL (
            SELECT sum(units) AS units FROM oms_delivery_fact
            WHERE picking_id = delivery.picking_id AND shipment_id = delivery.shipment_id
        ) content ON true
        LEFT JOIN LATERAL (
            SELECT NULLIF(sum(coming.cost), 0) AS cost FROM stock_picking transfer
            JOIN oms_shipment coming ON coming.picking_id = transfer.id
                AND coming.direction = 'return'
            WHERE transfer.oms_return_id = line.return_id
        ) way_back ON true
    ), costed AS (
        SELECT told.*,
               CASE WHEN outcome = 'discount' THEN 0
                    WHEN keep OR way = 'none' THEN worth
                    WHEN seen_units > 0 THEN
                        GREATEST(worth * LEAST(seen_units / quantity, 1) - seen_value, 0)
                        + worth * GREATEST(1 - seen_units / quantity, 0) * oms_return_write_down
                    ELSE worth * oms_return_write_down END AS write_down,
               CASE WHEN outcome IN ('refund', 'credit') THEN COALESCE(margin, 0)
                    WHEN outcome = 'discount' THEN COALESCE(refund_amount, 0) / currency_rate
                    ELSE 0 END AS lost_margin
        FROM told
    )
    INSERT INTO oms_return_fact (company_id, return_id, return_line_id, delivery_id, requested_on,
        received_on, reason_id, cause_id, fault, outcome, state, age, units, freight_out,
        freight_back, handling, support, write_down, lost_margin, fee, cost,
        {", ".join(DIMENSIONS)})
    SELECT owner_id, return_id, costed.id, delivery_id, at::date, received_at::date,
           COALESCE(costed.reason_id, cause.parent_id), costed.cause_id,
           COALESCE(cause.fault, reason.fault), outcome, step,
           GREATEST(at::date - d_delivered_on, 0), quantity, freight_out, freight_back, handling,
           support, write_down, lost_margin, fee_kept,
           freight_out + freight_back + handling + support + write_down + lost_margin - fee_kept,
           order_id, order_line_id, partner_id, product_id, template_id,
           COALESCE(d_category_id, categ_id), d_vendor_id, COALESCE(known_lot_id, d_lot_id),
           {", ".join(f"d_{name}" for name in DIMENSIONS[8:])}
    FROM costed
    LEFT JOIN oms_return_reason reason ON reason.id = costed.reason_id
    LEFT JOIN oms_return_reason cause ON cause.id = costed.cause_id
"""

COUNT_RETURNED = """
    UPDATE oms_delivery_fact fact SET returned = COALESCE(back.units, 0)
    FROM oms_delivery_fact same
    LEFT JOIN (
        SELECT delivery_id, sum(units) AS units FROM oms_return_fact
        WHERE order_line_id = ANY(%(ids)s) GROUP BY 1
    ) back ON back.delivery_id = same.id
    WHERE same.id = fact.id AND same.order_line_id = ANY(%(ids)s)
        AND fact.returned IS DISTINCT FROM COALESCE(back.units, 0)
"""
