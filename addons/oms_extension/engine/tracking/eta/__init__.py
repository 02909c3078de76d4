"""When a parcel will arrive: a median and a range learned from the shop's own deliveries.

1. ``parcels``: columns, one row per parcel: when its stage began, when it was delivered, how far it
   travels, and what is known of it (destination, lane, service, origin …).
2. ``week``: days are counted without the weekdays on which nothing is delivered.
3. ``location``: log(days + 1) = a + b · log(1 + km) + one effect per feature, each shrunk to zero.
   An unknown town, lane or origin counts zero: nothing new is a special case.
4. ``spread``: what the location does not explain, out of fold, as quantiles per band of distance.
5. ``pace``: deliveries of the last two weeks against those expected of the parcels that were on
   their way, so that a slow season shows before its parcels arrive.
6. ``model``: fits all this as of a day, and gives quantiles, conditional on a parcel's age.
7. ``level``: widens or narrows the ranges by how many of the last finished predictions they held.
8. ``explain``: the median as a sum that a person can check.
9. ``backtest`` and ``score``: what would have been said week by week, and how right it was.

One predictive distribution serves the estimate, the promise and the risk of being late. Needs
numpy, and nothing else. Sources stand at each step; figures in ``docs/eta.md``.
"""
