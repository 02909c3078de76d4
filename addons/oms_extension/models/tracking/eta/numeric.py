"""numpy, where it is installed. Without it nothing is learned, and lanes tell the days."""

try:
    import numpy as np

    from ....engine.tracking.eta import backtest, distance, explain, model, plain, score
    from ....engine.tracking.eta.level import Levels
    from ....engine.tracking.eta.parcels import Feature, Parcels

    INSTALLED = True
except ImportError:
    np = backtest = distance = explain = model = plain = score = None
    Levels = Feature = Parcels = None
    INSTALLED = False

__all__ = [
    "INSTALLED",
    "Feature",
    "Levels",
    "Parcels",
    "backtest",
    "distance",
    "explain",
    "model",
    "np",
    "plain",
    "score",
]
