"""Odoo's command line with what benchmarks compare with: a method and a route that do nothing.

They are added to the addon's classes when Odoo loads it: an addon of their own would have to be
installed.
"""

import odoo.cli
from odoo.modules import module

_load = module.load_openerp_module


def _load_and_add(name):
    _load(name)
    if name == "oms_extension":
        _add()


def _add():
    from odoo import api, http

    from odoo.addons.oms_extension.controllers.tracking import webhook
    from odoo.addons.oms_extension.models.tracking import rpc

    @http.route("/bench/empty", type="http", auth="none", methods=["POST"], csrf=False,
                save_session=False)  # fmt: skip
    def empty(self):
        """Answer at once, whatever is sent."""
        return http.request.make_response("{}")

    @api.model
    def ignore(self, events):
        """Take the same argument and do nothing with it."""
        return True

    webhook.TrackingWebhook.empty = empty
    rpc.OmsShipment.ignore = ignore


if __name__ == "__main__":
    module.load_openerp_module = _load_and_add
    import odoo.modules.loading

    odoo.modules.loading.load_openerp_module = _load_and_add
    odoo.cli.main()
