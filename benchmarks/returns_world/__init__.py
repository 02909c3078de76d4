"""A shop of a year with returns, and causes planted in its second half."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "addons" / "oms_extension"))
