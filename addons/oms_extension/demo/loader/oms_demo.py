import logging
import time

from odoo import api, fields, models

from ..story import tell
from . import business, catalogue, history, network, parcels, people, policies, returns, scenes
from .books import Books

_logger = logging.getLogger(__name__)


class OmsDemo(models.AbstractModel):
    """Writes the demo's story into the database, in a company of its own.

    Private, so that no remote caller reaches it: only ``demo/demo.xml`` does, when the addon is
    installed with demo data.
    """

    _name = "oms.demo"
    _description = "Demo Data"

    @api.model
    def _build(self):
        """Make the shop, once; a database that has it already is left as it is."""
        if self.env.ref("oms_extension.demo_company", raise_if_not_found=False):
            return
        story = tell(fields.Date.today())
        books = Books.open(self.env, story)
        for step in (
            business.build,
            network.build,
            people.build,
            catalogue.build,
            policies.build,
            history.build,
            scenes.build,
            parcels.build,
            returns.build,
        ):
            started = time.monotonic()
            step(books)
            name = step.__module__.rpartition(".")[2]
            _logger.info("demo data: %s in %.1f s", name, time.monotonic() - started)
