"""The engine is tested as plain Python: imported as `engine`, without Odoo and without a database.

In Odoo it is `odoo.addons.oms_extension.engine`; its own imports are relative, so both work.
"""

import sys
from pathlib import Path

ADDON = Path(__file__).resolve().parents[2] / "addons" / "oms_extension"
sys.path.insert(0, str(ADDON))
