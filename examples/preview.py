"""Show how an order would be allocated now and what else it could cost, over XML-RPC.

ODOO_URL=… ODOO_DB=… ODOO_LOGIN=… ODOO_KEY=… python preview.py S00042
"""

import os
import sys
import xmlrpc.client

URL, DB, KEY = os.environ["ODOO_URL"], os.environ["ODOO_DB"], os.environ["ODOO_KEY"]


def main(name):
    common = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/common")
    uid = common.authenticate(DB, os.environ["ODOO_LOGIN"], KEY, {})
    odoo = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/object")
    ids = odoo.execute_kw(DB, uid, KEY, "sale.order", "search", [[("name", "=", name)]])
    for answer in odoo.execute_kw(DB, uid, KEY, "sale.order", "oms_preview_allocation", [ids]):
        print(answer["name"], answer["reason"])
        if not answer["plan"]:
            continue
        for parcel in answer["plan"]["parcels"]:
            print(f"  {parcel['warehouse_name']}: {parcel['total']:.2f} {answer['currency']}")
        for other in answer["alternatives"]:
            print(f"  instead: {other['reason']}, {other['difference']:+.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
