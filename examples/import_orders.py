"""Send orders to Odoo over JSON-2, and send again what was not taken.

    ODOO_URL=https://shop.example.com ODOO_DB=shop ODOO_KEY=… python import_orders.py orders.json

The file holds a JSON list of orders as in docs/api.md. Run it as often as you like: orders that
Odoo knows already are left as they are.
"""

import json
import os
import sys
import urllib.request

SENT_TOGETHER = 200


def call(model, method, **arguments):
    """One call of Odoo's JSON-2 interface."""
    request = urllib.request.Request(
        f"{os.environ['ODOO_URL']}/json/2/{model}/{method}",
        data=json.dumps(arguments).encode(),
        headers={
            "Authorization": f"bearer {os.environ['ODOO_KEY']}",
            "X-Odoo-Database": os.environ["ODOO_DB"],
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def main(path):
    with open(path, encoding="utf-8") as file:
        orders = json.load(file)
    rejected = 0
    for start in range(0, len(orders), SENT_TOGETHER):
        part = orders[start : start + SENT_TOGETHER]
        for answer in call("oms.order", "import_orders", orders=part):
            print(answer["status"], answer["reference"], answer["name"] or "")
            rejected += answer["status"] == "rejected"
            for error in answer["errors"]:
                print("   ", error)
    return 1 if rejected else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
