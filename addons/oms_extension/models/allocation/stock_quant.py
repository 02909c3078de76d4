from odoo import api, models

TWINS = """
    SELECT product_id, location_id
      FROM stock_quant
     WHERE %s OR location_id = ANY(%s) AND product_id = ANY(%s)
  GROUP BY product_id, company_id, location_id, lot_id, package_id, owner_id
    HAVING count(*) > 1
"""


class StockQuant(models.Model):
    """The net of the lock protocol (see ``stock_ledger``): no quant is touched unclaimed.

    Beside it the doors of what people call to count stock.
    """

    _inherit = "stock.quant"

    # --- net ----------------------------------------------------------------------------------

    @api.model
    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        self._oms_claim(product_id, location_id)
        return super()._update_available_quantity(product_id, location_id, *args, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        ledger = self.env["oms.stock.ledger"].sudo()
        products, locations = self.env["product.product"], self.env["stock.location"]
        keys = set()
        for values in vals_list:
            if values.get("product_id") and values.get("location_id"):
                keys |= ledger._keys(
                    products.browse(values["product_id"]), locations.browse(values["location_id"])
                )
        ledger._claim(keys)
        return super().create(vals_list)

    def write(self, vals):
        self.env["oms.stock.ledger"].sudo()._claim(self._oms_ledger_keys())
        return super().write(vals)

    def unlink(self):
        self.env["oms.stock.ledger"].sudo()._claim(self._oms_ledger_keys())
        return super().unlink()

    @api.model
    def _merge_quants(self):
        self.env["oms.stock.ledger"].sudo()._claim(self._oms_twins())
        return super()._merge_quants()

    @api.model
    def _oms_claim(self, product, location):
        ledger = self.env["oms.stock.ledger"].sudo()
        ledger._claim(ledger._keys(product, location))

    def _oms_ledger_keys(self):
        ledger = self.env["oms.stock.ledger"]
        keys = set()
        for quant in self.sudo():
            keys |= ledger._keys(quant.product_id, quant.location_id)
        return keys

    def _oms_twins(self):
        """Ledger keys of quants that Odoo would merge: all, or those beside these quants."""
        self.env["stock.quant"].flush_model()
        self.env.cr.execute(
            TWINS, (not self._ids, self.sudo().location_id.ids, self.sudo().product_id.ids)
        )
        return self._oms_keys_of_rows(self.env.cr.fetchall())

    @api.model
    def _oms_keys_of_rows(self, rows):
        ledger = self.env["oms.stock.ledger"].sudo()
        products, locations = self.env["product.product"], self.env["stock.location"]
        keys = set()
        for product_id, location_id in rows:
            keys |= ledger._keys(products.browse(product_id), locations.browse(location_id))
        return keys

    # --- doors --------------------------------------------------------------------------------

    def web_save(self, vals, specification, next_id=None):
        self._oms_enter_ledger()
        return super().web_save(vals, specification, next_id)

    def action_apply_inventory(self, date=None):
        self._oms_enter_ledger()
        return super().action_apply_inventory(date)

    def action_set_inventory_quantity(self):
        self._oms_enter_ledger()
        return super().action_set_inventory_quantity()

    def action_clear_inventory_quantity(self):
        self._oms_enter_ledger()
        return super().action_clear_inventory_quantity()

    @api.model
    def _quant_tasks(self):
        """Merging, correcting and clearing quants: by the scheduler, and whoever looks at stock."""
        self.env["stock.quant"].flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT product_id, location_id
              FROM stock_quant
             WHERE coalesce(quantity, 0) = 0 AND coalesce(reserved_quantity, 0) = 0
               AND coalesce(inventory_quantity, 0) = 0 AND user_id IS NULL
            """
        )
        empty = self._oms_keys_of_rows(self.env.cr.fetchall())
        self.env["oms.stock.ledger"].sudo()._enter(empty | self._oms_twins())
        return super()._quant_tasks()

    def _oms_enter_ledger(self):
        self.env["oms.stock.ledger"].sudo()._enter(self._oms_ledger_keys())
