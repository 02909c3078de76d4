"""The rows of parcels as the engine reads them: columns of numbers, features with their labels."""

from ...network.res_partner import postcode_table
from .numeric import Feature, Parcels, distance, np

VAGUE = 300.0
"""km: a place known no better than this, the middle of a large country, tells no distance."""


class Columns:
    """Columns of parcels by name; numbers are arrays with NaN where nothing is known."""

    def __init__(self, rows):
        self.id = rows.column("id")
        self.state = rows.column("state")
        for name in ("ordered", "handed", "since", "delivered", "due", "now"):
            setattr(self, name, np.array(rows.column(name), dtype=np.float64))
        self.east = self.now - rows.utc_now  # an hour's error at a change of clocks does no harm
        self.km = _distances(rows)
        self.features = _features(rows)

    def __len__(self):
        return len(self.id)

    def parcels(self, start):
        """All of them, with these starts."""
        return Parcels(start, self.delivered, self.km, self.features, self.due)

    def begun(self, found, states):
        """Dict state → local day on which each parcel first came into it, NaN where it never did.

        :param found: of :func:`rows.begun`
        """
        columns = {state: np.full(len(self), np.nan) for state in states}
        position = {one: row for row, one in enumerate(self.id)}
        for shipment, state, day in found:
            row = position.get(shipment)
            if row is not None:
                columns[state][row] = day + self.east[row]
        return columns


def _distances(rows):
    """km from the warehouse to the recipient's own point, else to that of its postcode."""
    latitude, longitude, from_latitude, from_longitude = (
        np.array(rows.column(name), dtype=np.float64)
        for name in ("latitude", "longitude", "from_latitude", "from_longitude")
    )
    unknown = (np.nan_to_num(latitude) == 0) & (np.nan_to_num(longitude) == 0)
    countries, zips = rows.column("country"), rows.column("zip")
    table, known = postcode_table(), {}
    for row in np.flatnonzero(unknown):
        key = (countries[row] or "", zips[row] or "")
        if key not in known:
            place = table.locate(*key) if key[0] else None
            vague = place is None or place.precision > VAGUE
            known[key] = (np.nan, np.nan) if vague else place[:2]
        latitude[row], longitude[row] = known[key]
    return distance.great_circles_km(from_latitude, from_longitude, latitude, longitude)


def _features(rows):
    country = [one or "" for one in rows.column("country")]
    zips = ["".join(filter(str.isalnum, one or "")).upper() for one in rows.column("zip")]
    states = _joined(country, rows.column("state_code"))
    warehouse = rows.column("warehouse")
    lanes = (
        f"{one} → {state or land}" if one and land else ""
        for one, state, land in zip(warehouse, states, country, strict=True)
    )
    return {
        "country": Feature.of(country),
        "state": Feature.of(states),
        "lane": Feature.of(lanes),
        "carrier": Feature.of(_texts(rows.column("carrier"))),
        "service": Feature.of(_texts(rows.column("service"))),
        "zip2": Feature.of(_joined(country, [one[:2] for one in zips])),
        "zip3": Feature.of(_joined(country, [one[:3] for one in zips])),
        "origin": Feature.of(_texts(warehouse)),
    }


def _joined(countries, parts):
    """``IT-20``; empty where one of both is."""
    return [
        f"{one}-{part}" if one and part else "" for one, part in zip(countries, parts, strict=True)
    ]


def _texts(ids):
    return [str(one) if one else "" for one in ids]
