"""What exists, what is reserved, and what is wrong, counted in SQL."""

from dataclasses import asdict, dataclass

from race.databases import query

COUNTS = """
WITH shelf AS (
    SELECT quant.* FROM stock_quant quant JOIN stock_location place ON place.id = quant.location_id
     WHERE place.usage IN ('internal', 'transit')
),
line AS (
    SELECT line.product_id, line.location_id, coalesce(line.lot_id, 0) AS lot_id,
           coalesce(line.package_id, 0) AS package_id, coalesce(line.owner_id, 0) AS owner_id,
           line.quantity_product_uom AS units
      FROM stock_move_line line
      JOIN stock_location place ON place.id = line.location_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
     WHERE place.usage IN ('internal', 'transit') AND template.is_storable
       AND line.state IN ('assigned', 'partially_available', 'waiting', 'confirmed')
),
place AS (
    SELECT product_id, location_id, sum(quantity) AS on_hand, sum(reserved_quantity) AS reserved
      FROM shelf GROUP BY product_id, location_id
),
promised AS (
    SELECT product_id, location_id, sum(units) AS units FROM line GROUP BY product_id, location_id
),
detail AS (
    SELECT sum(reserved) AS reserved, sum(units) AS units
      FROM (SELECT product_id, location_id, coalesce(lot_id, 0), coalesce(package_id, 0),
                   coalesce(owner_id, 0), reserved_quantity, 0 FROM shelf
            UNION ALL
            SELECT product_id, location_id, lot_id, package_id, owner_id, 0, units FROM line)
        AS entry (product_id, location_id, lot_id, package_id, owner_id, reserved, units)
  GROUP BY product_id, location_id, lot_id, package_id, owner_id
)
SELECT (SELECT coalesce(sum(on_hand), 0) FROM place),
       (SELECT coalesce(sum(reserved), 0) FROM place),
       (SELECT coalesce(sum(units), 0) FROM promised),
       (SELECT coalesce(sum(greatest(greatest(reserved, coalesce(units, 0))
                                     - greatest(on_hand, 0), 0)), 0)
          FROM place LEFT JOIN promised USING (product_id, location_id)),
       (SELECT coalesce(sum(abs(reserved - units)), 0) FROM detail),
       (SELECT count(*) FROM shelf WHERE reserved_quantity > 0 AND quantity <= 0),
       (SELECT count(*) FROM shelf WHERE reserved_quantity < 0),
       (SELECT count(*) FROM place WHERE on_hand < 0)
"""


@dataclass(frozen=True)
class Stock:
    """Units over all shelves of all warehouses.

    ``beyond`` counts, place by place, what is reserved and does not exist; ``drift`` where quants
    and move lines tell different reservations; ``split`` are quants with a reservation and no
    stock; ``below_zero`` places with less than nothing.
    """

    exists: float
    reserved: float
    promised: float
    beyond: float
    drift: float
    split: int
    negative: int
    below_zero: int

    @property
    def faults(self) -> dict[str, float]:
        names = ("beyond", "drift", "split", "negative", "below_zero")
        return {name: value for name, value in asdict(self).items() if name in names and value}


def count(database: str) -> Stock:
    return Stock(*query(database, COUNTS)[0])
