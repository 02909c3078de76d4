{
    "name": "Order Management System",
    "summary": "Allocate each order over the right warehouses, in money, and say why",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "OMS Extension Contributors",
    "website": "https://github.com/oms-extension/oms-extension",
    "license": "LGPL-3",
    "application": True,
    "depends": ["sale_management", "sale_stock", "stock_delivery", "resource", "portal"],
    # The engine is standard-library Python. `highspy` sharpens hard instances where it is
    # installed (extra "solver"), and nothing needs it.
    "external_dependencies": {"python": []},
    "data": [
        "security/groups.xml",
        "security/rules.xml",
        "security/ir.model.access.csv",
        "data/crons.xml",
        "data/policies.xml",
        "views/network/stock_warehouse.xml",
        "views/network/zone.xml",
        "views/network/lane.xml",
        "views/network/safety_buffer.xml",
        "views/exceptions/exception.xml",
        "views/allocation/policy.xml",
        "views/allocation/allocation.xml",
        "views/allocation/sale_order.xml",
        "views/allocation/audit.xml",
        "views/allocation/allocation_change.xml",
        "views/allocation/order_import.xml",
        "views/allocation/portal.xml",
        "views/allocation/stock_picking.xml",
        "views/menus.xml",
        "views/allocation/reallocate.xml",
        "views/settings.xml",
    ],
    "demo": ["demo/demo.xml"],
    "assets": {
        "web.assets_backend": [
            "oms_extension/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "oms_extension/static/tests/**/*",
        ],
        # Loaded when the first map is shown.
        "oms_extension.network_map_lib": [
            "oms_extension/static/lib/d3-array/d3-array.js",
            "oms_extension/static/lib/d3-geo/d3-geo.js",
            "oms_extension/static/lib/topojson-client/topojson-client.js",
        ],
    },
}
