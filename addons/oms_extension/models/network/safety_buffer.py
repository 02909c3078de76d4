from odoo import api, fields, models
from odoo.fields import Domain


class OmsSafetyBuffer(models.Model):
    """Units a warehouse keeps back from allocation, by product or by category."""

    _name = "oms.safety.buffer"
    _description = "Safety Buffer"
    _order = "warehouse_id, product_id, categ_id, id"
    _check_company_auto = True

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    product_id = fields.Many2one("product.product", check_company=True, index=True)
    categ_id = fields.Many2one("product.category", "Product Category")
    quantity = fields.Integer(
        required=True, help="Whole units, in the product's unit of measure, that stay untouched."
    )

    _one_scope = models.Constraint(
        "check ((product_id is null) <> (categ_id is null))",
        "A safety buffer is for a product or for a category: fill one of the two.",
    )
    _quantity_positive = models.Constraint(
        "check (quantity >= 0)", "A safety buffer cannot be negative."
    )
    _scope_unique = models.UniqueIndex(
        "(COALESCE(warehouse_id, 0), COALESCE(product_id, 0), COALESCE(categ_id, 0))",
        "This warehouse already has a safety buffer for that product or category.",
    )

    @api.model
    def _quantities(self, warehouses, products):
        """Units to keep back, for every pair that has a buffer.

        A buffer on the product wins over one on its category, a nearer category over one
        further up.

        :return: dict (warehouse id, product id) → whole units
        """
        paths = {
            product: [int(step) for step in (product.categ_id.parent_path or "").split("/") if step]
            for product in products
        }
        categories = {categ_id for path in paths.values() for categ_id in path}
        buffers = self.sudo().search_fetch(
            Domain("warehouse_id", "in", warehouses.ids)
            & (
                Domain("product_id", "in", products.ids)
                | Domain("categ_id", "in", list(categories))
            ),
            ["warehouse_id", "product_id", "categ_id", "quantity"],
        )
        if not buffers:
            return {}
        by_product, by_category = {}, {}
        for buffer in buffers:
            if buffer.product_id:
                by_product[buffer.warehouse_id.id, buffer.product_id.id] = buffer.quantity
            else:
                by_category[buffer.warehouse_id.id, buffer.categ_id.id] = buffer.quantity
        quantities = {}
        for product in products:
            for warehouse in warehouses:
                key = (warehouse.id, product.id)
                if key in by_product:
                    quantities[key] = by_product[key]
                    continue
                for categ_id in reversed(paths[product]):
                    if (warehouse.id, categ_id) in by_category:
                        quantities[key] = by_category[warehouse.id, categ_id]
                        break
        return quantities
