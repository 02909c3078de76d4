from collections import defaultdict

from psycopg2.extras import execute_values

from odoo import api, fields, models

from ....engine.network.calendar import DELIVERY_HOUR, working_days
from ....engine.tracking.transit import Observed, learn
from ...network.zone import closeness

DAYS = 120
"""Parcels that were handed over in so many days are learned from."""
BATCH = 2000
NEVER = 10_000
"""Working days that a lost parcel takes."""

# In the order in which allocation looks at lanes, so that equals are decided alike.
LANES = """
    SELECT lane.warehouse_id, named.res_country_id, lane.id, lane.carrier_id, zone.zip_prefixes,
           ARRAY(SELECT res_country_state_id FROM oms_zone_res_country_state_rel
                 WHERE oms_zone_id = zone.id)
    FROM oms_lane lane
    JOIN oms_zone zone ON zone.id = lane.zone_id AND zone.active
    JOIN oms_zone_res_country_rel named ON named.oms_zone_id = zone.id
    WHERE lane.active AND lane.warehouse_id = ANY(%s)
    ORDER BY lane.warehouse_id, zone.name, zone.id, lane.sequence, lane.id
"""
# A promise is kept by the first attempt: who is not at home makes no lane slower. What comes after
# the hour that is promised counts as the next day's. What is still on its way has been so until
# yesterday.
OBSERVED = """
    SELECT lane_id, left_on, arrived_on, known, lost, count(*)
    FROM (
        SELECT lane_id, known, lost,
               (shipped_at AT TIME ZONE 'UTC' AT TIME ZONE tz)::date AS left_on,
               ((CASE WHEN known THEN arrived_at + %(rest)s * interval '1 hour'
                      ELSE now() AT TIME ZONE 'UTC' - interval '1 day' END)
                AT TIME ZONE 'UTC' AT TIME ZONE tz)::date AS arrived_on
        FROM (
            SELECT shipment.lane_id, shipment.shipped_at, COALESCE(warehouse.oms_tz, 'UTC') AS tz,
                   COALESCE(first_attempt_at, delivered_at) AS arrived_at,
                   COALESCE(first_attempt_at, delivered_at) IS NOT NULL AS known,
                   state = 'lost' AS lost
            FROM oms_shipment shipment
            JOIN stock_warehouse warehouse ON warehouse.id = shipment.warehouse_id
            WHERE shipped_at >= (now() AT TIME ZONE 'UTC') - %(days)s * interval '1 day'
                AND direction = 'outbound' AND lane_id IS NOT NULL
                AND (state NOT IN ('cancelled', 'returned', 'returning')
                     OR first_attempt_at IS NOT NULL)
        ) parcel
    ) day
    GROUP BY 1, 2, 3, 4, 5
"""


class OmsLane(models.Model):
    """What a lane's own parcels teach."""

    _inherit = "oms.lane"

    @api.model
    def _lanes_taken(self, ways):
        """The lane that parcels took: of their service, else of any, the one of the narrowest zone.

        :param ways: (warehouse id, service id, country id, state id, postcode) of each parcel
        :return: dict of those → lane id, or None
        """
        ways = set(ways)
        for model in ("oms.lane", "oms.zone"):
            self.env[model].flush_model()
        self.env.cr.execute(LANES, [sorted({way[0] for way in ways if way[0]})])
        lanes = defaultdict(list)
        for warehouse, country, *lane in self.env.cr.fetchall():
            lanes[warehouse, country].append(lane)
        taken = {}
        for way in ways:
            warehouse, service, country, state, postcode = way
            best = None
            for lane, lane_service, prefixes, states in lanes.get((warehouse, country), ()):
                if lane_service and lane_service != service:
                    continue
                fit = closeness(prefixes, states, postcode, state)
                if fit is not None and (best is None or (bool(lane_service), fit) > best[0]):
                    best = ((bool(lane_service), fit), lane)
            taken[way] = best and best[1]
        return taken

    @api.model
    def _cron_learn(self):
        """Learn the transit times of all lanes, then what the scores suggest."""
        self._resolve_lanes()
        self._learn_transit()
        self.env["oms.lane.suggestion"]._suggest()

    @api.model
    def _resolve_lanes(self):
        """Give parcels of late the lane that they would be sent by as lanes and zones are now."""
        self.env["oms.shipment"].flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT warehouse_id, COALESCE(carrier_id, 0), country_id,
                   COALESCE(country_state_id, 0), COALESCE(zip, '')
            FROM oms_shipment
            WHERE shipped_at >= (now() AT TIME ZONE 'UTC') - %s * interval '1 day'
                AND direction = 'outbound' AND country_id IS NOT NULL
                AND warehouse_id IN (SELECT warehouse_id FROM oms_lane)
            """,
            [DAYS],
        )
        taken = self._lanes_taken(self.env.cr.fetchall())
        if not taken:
            return
        self.env.cr.execute(
            "CREATE TEMPORARY TABLE oms_lane_taken (warehouse int, service int, country int, "
            "state int, zip varchar, lane int) ON COMMIT DROP"
        )
        execute_values(
            self.env.cr._obj,
            "INSERT INTO oms_lane_taken VALUES %s",
            [(*way, lane) for way, lane in taken.items()],
            page_size=1000,
        )
        self.env.cr.execute("ANALYZE oms_lane_taken")
        # Only equalities, for a hash join: each parcel would be compared with every way else.
        self.env.cr.execute(
            """
            SELECT shipment.id, taken.lane
            FROM oms_shipment shipment
            JOIN oms_lane_taken taken ON shipment.warehouse_id = taken.warehouse
                AND shipment.country_id = taken.country
                AND COALESCE(shipment.carrier_id, 0) = taken.service
                AND COALESCE(shipment.country_state_id, 0) = taken.state
                AND COALESCE(shipment.zip, '') = taken.zip
            WHERE shipped_at >= (now() AT TIME ZONE 'UTC') - %s * interval '1 day'
                AND direction = 'outbound' AND shipment.lane_id IS DISTINCT FROM taken.lane
            ORDER BY shipment.id
            """,
            [DAYS],
        )
        changed = self.env.cr.fetchall()
        self.env.cr.execute("DROP TABLE oms_lane_taken")
        # Few at a time: what comes in for these parcels meanwhile does not wait for all of them.
        for start in range(0, len(changed), BATCH):
            batch = changed[start : start + BATCH]
            execute_values(
                self.env.cr._obj,
                "UPDATE oms_shipment SET lane_id = new.lane::int "
                "FROM (VALUES %s) AS new (id, lane) WHERE oms_shipment.id = new.id",
                batch,
                page_size=BATCH,
            )
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress(len(batch))
        self.env["oms.shipment"].invalidate_model(["lane_id"], flush=False)

    @api.model
    def _learn_transit(self):
        """Keep on each lane the working days that its parcels took, and how many they were."""
        self.env["oms.shipment"].flush_model()
        self.env.cr.execute(OBSERVED, {"rest": 24 - DELIVERY_HOUR, "days": DAYS})
        observed = defaultdict(list)
        for lane, left_on, arrived_on, known, lost, parcels in self.env.cr.fetchall():
            days = NEVER if lost and not known else working_days(left_on, arrived_on)
            observed[lane].append(Observed(days, known, parcels))
        now = fields.Datetime.now()
        lanes = self.sudo().with_context(active_test=False)
        for lane in lanes.search([("warehouse_id", "!=", False)]):
            share = lane.company_id.oms_promise_share or 0.9
            found = learn(observed[lane.id], share, lane.transit_days) if lane.active else None
            days, parcels = found or (0, 0)
            if (days, parcels) != (lane.learned_days, lane.learned_parcels):
                lane.write({"learned_days": days, "learned_parcels": parcels, "learned_at": now})

    def action_oms_parcels(self):
        """The parcels that took this lane."""
        self.ensure_one()
        return self.env["oms.carrier.score"].open_parcels(
            [["lane_id", "=", self.id]], self.display_name
        )
