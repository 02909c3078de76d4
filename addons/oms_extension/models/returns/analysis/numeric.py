"""numpy, where it is installed. Without it figures are kept, but no rate is told."""

try:
    import numpy as np

    from ....engine.returns.analysis import columns, detect, finding, follow, maturity, rate

    INSTALLED = True
except ImportError:
    np = columns = detect = finding = follow = maturity = rate = None
    INSTALLED = False

__all__ = [
    "INSTALLED",
    "columns",
    "detect",
    "finding",
    "follow",
    "maturity",
    "np",
    "rate",
]
