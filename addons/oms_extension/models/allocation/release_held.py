from odoo import api, models

from ...engine.allocation import reasons

# What a person let wait, a person lets go.
BY_ITSELF = [cause for cause in reasons.HELD_CAUSES if cause != reasons.BY_HAND]


class OmsReallocate(models.Model):
    """What nobody was allowed to send moves by itself as soon as it may."""

    _inherit = "oms.reallocate"

    @api.model
    def _cron_release_held(self):
        """Look again at orders with held units, oldest first; move those that can ship more now.

        Each step is a transaction of its own. A run in which nothing moved leaves no trace.
        """
        held = self.env["oms.allocation.line"].search(
            [
                ("state", "=", "committed"),
                ("cause", "in", BY_ITSELF),
                ("order_id.state", "=", "sale"),
                ("order_id.locked", "=", False),
            ],
            order="id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(held.order_id))
        for orders in held.order_id.grouped("company_id").values():
            run = self._start(orders)
            looked_at = 0
            while looked_at < len(orders):
                done = run.preview_step()["done"]
                cron._commit_progress(done - looked_at)
                looked_at = done
            # Only what lets more units go: money alone is for a person to decide.
            run._accepted().filtered(lambda line: not line.group_units).accept = False
            while run._accepted():
                run.run_step()
                cron._commit_progress()
            if not run.moved_count:
                run.unlink()
