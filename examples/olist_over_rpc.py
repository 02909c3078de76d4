"""Load Olist's orders into a running Odoo, over JSON-RPC, and allocate the open ones.

    python examples/olist_over_rpc.py FOLDER --url http://localhost:8069 --database olist \\
        --login admin --password admin

FOLDER holds the CSV files of the "Brazilian E-Commerce Public Dataset by Olist" (Kaggle, licence
CC BY-NC-SA 4.0). Standard library only. Some 5,000 orders take minutes, the full 100,000 hours; a
load that was cut off is started again the same way and goes on where it was.
``./oms demo --olist FOLDER`` does the same on a database of its own.

What an integration needs of this is in ``tools/olist/loading/orders.py``: ``sent`` builds an order
as ``oms.order.import_orders`` takes it, ``_import`` calls it and reads its answers.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from olist.loading import load
from olist.reading import Olist
from olist.rpc import Fault, Odoo


def main() -> int:
    """Parse the command line and load. Returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where Olist's CSV files are")
    parser.add_argument("--url", default="http://localhost:8069")
    parser.add_argument("--database", default="olist")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", default="admin")
    options = parser.parse_args()
    try:
        olist = Olist(options.folder)
        odoo = Odoo(options.url, options.database, options.login, options.password)
        figures = load(odoo, olist, lambda line: print(line, flush=True))
    except (OSError, Fault) as problem:
        print(problem, file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
