"""Ask what could be delivered when, over XML-RPC.

ODOO_URL=… ODOO_DB=… ODOO_LOGIN=… ODOO_KEY=… python promise.py IT 20121 TEA=2 CUP=1
"""

import os
import sys
import xmlrpc.client

URL, DB, KEY = os.environ["ODOO_URL"], os.environ["ODOO_DB"], os.environ["ODOO_KEY"]


def main(country, postcode, *wanted):
    common = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/common")
    uid = common.authenticate(DB, os.environ["ODOO_LOGIN"], KEY, {})
    odoo = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/object")
    lines = []
    for one in wanted:
        sku, quantity = one.rsplit("=", 1)
        lines.append({"sku": sku, "quantity": int(quantity)})
    answer = odoo.execute_kw(
        DB, uid, KEY, "oms.availability", "promise", [],
        {"lines": lines, "destination": {"country": country, "postcode": postcode}},
    )  # fmt: skip
    print(answer["status"], answer["delivery_date"] or "no date")
    for parcel in answer["parcels"]:
        contents = ", ".join(f"{one['quantity']} × {one['sku']}" for one in parcel["lines"])
        print(f"  {parcel['warehouse_name']}: {contents}, there by {parcel['delivery_date']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
