"""Every code the engine gives as a reason. Odoo holds the sentence for each, in each language."""

from __future__ import annotations

# Why a warehouse may not ship anything of this order. {} names the parameters.
NOT_ONLINE = "not_online"
"""It does not accept online orders."""
COUNTRY_NOT_SERVED = "country_not_served"
"""It does not serve {country}."""
CHANNEL_NOT_SERVED = "channel_not_served"
"""It does not serve {channel}."""
NO_LANE = "no_lane"
"""No lane leads to the destination, and no rate stands in."""
SERVICE_NOT_OFFERED = "service_not_offered"
"""No lane offers the carrier service {service} that was asked for."""
CLOSED = "closed"
"""It has no shipping day in the next {days} days."""
CAPACITY = "capacity"
"""Its capacity is used up on every shipping day of the next {days} days."""

# Why it may not ship one line.
EXCLUDED = "excluded"
"""The snapshot excludes it for this line, {reason} is its own code."""
TOO_HEAVY = "too_heavy"
"""One unit weighs {weight} kg, more than the {limit} kg that its lanes carry in a parcel."""
NO_STOCK = "no_stock"
"""Nothing is available; {on_hand} on hand, {safety} of it held as safety buffer."""

WAREHOUSE_REASONS = (
    NOT_ONLINE,
    COUNTRY_NOT_SERVED,
    CHANNEL_NOT_SERVED,
    NO_LANE,
    SERVICE_NOT_OFFERED,
    CLOSED,
    CAPACITY,
)
LINE_REASONS = (EXCLUDED, TOO_HEAVY, NO_STOCK)

# Why units of a line do not ship now: ``no_stock``, ``no_lane`` and ``capacity`` as above, and
NO_WAREHOUSE = "no_warehouse"
"""No warehouse may ship this line."""
LIMIT_PARCELS = "limit_parcels"
"""There is stock, but it would take more parcels than the policy allows."""
SHIP_COMPLETE = "ship_complete"
"""The order ships complete, and some other line is missing."""
MIN_SPLIT = "min_split"
"""The line is too cheap to come from more than one place."""
TOO_COSTLY = "too_costly"
"""Shipping it would cost more than the policy's price of leaving it open."""
BY_HAND = "by_hand"
"""They could ship, but a person let them wait."""

SHORTAGE_CAUSES = (
    NO_STOCK,
    NO_LANE,
    NO_WAREHOUSE,
    CAPACITY,
    TOO_HEAVY,
    LIMIT_PARCELS,
    SHIP_COMPLETE,
    MIN_SPLIT,
    TOO_COSTLY,
    BY_HAND,
)

HELD_CAUSES = tuple(cause for cause in SHORTAGE_CAUSES if cause not in (NO_STOCK, CAPACITY))
"""Causes that goods on the shelf do not cure: nobody may send them before the decision changes."""

# Labels of alternatives.
SINGLE_WAREHOUSE = "single_warehouse"
"""Everything from {warehouse}."""
WITHOUT_WAREHOUSE = "without_warehouse"
"""Without {warehouse}."""
FEWER_PARCELS = "fewer_parcels"
"""At most {parcels} parcels."""
CHEAPEST = "cheapest"
"""The cheapest plan in money, where rules chose another."""

ALTERNATIVE_LABELS = (SINGLE_WAREHOUSE, WITHOUT_WAREHOUSE, FEWER_PARCELS, CHEAPEST)
