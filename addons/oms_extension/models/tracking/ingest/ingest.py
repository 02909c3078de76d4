from odoo import api, models

from .. import wake
from . import store
from .take import LONGEST_CODE, Take, meaning_of

BATCH = 1000


class OmsTrackingIngest(models.AbstractModel):
    """The one way in for events, whatever the door.

    An event is stored exactly once: ``event_key`` is unique, and a message may come twice, late or
    in any order. Every event of a known parcel writes that parcel's row, so that of two
    transactions with news of one parcel the later one is refused by PostgreSQL and tried again
    with all events in sight (Odoo's transactions read one snapshot): no state misses an event.
    """

    _name = "oms.tracking.ingest"
    _description = "Tracking Ingest"

    @api.model
    def _take(self, events, door, source=None, message=None, company=None, carrier=None, tz=""):
        """Store events and bring their shipments up to date.

        :param list events: event dicts, see ``docs/api.md``
        :param str door: value of ``oms.shipment.event.door``
        :param source: record behind the door; its company applies
        :param message: the raw message, a record or an id
        :param company: whose parcels these are; by default all companies of the environment, and
            the current one for parcels that nobody knows
        :param carrier: ``oms.carrier`` of events that name none
        :param str tz: time zone of local times that nothing else tells
        :return: dict with counts ``stored``, ``duplicate``, ``unmatched`` and ``errors``: list of
            dicts ``index``, ``error``
        """
        company = company or (source and source.company_id) or None
        message_id = getattr(message, "id", message)
        return Take(self.sudo(), door, message_id, company, carrier, tz).run(events)

    @api.model
    def _wake(self, cron):
        """Let a scheduled job run soon, once this transaction is committed."""
        wake.call(self.env, cron)

    @api.model
    def _adopt(self, shipments):
        """Give shipments the events that came before they were known."""
        keys = {one.tracking_key for one in shipments if one.tracking_key}
        if not keys:
            return
        shipments.flush_model()
        self.env.cr.execute(
            """
            SELECT event.id, shipment.id
            FROM oms_shipment_event event
            JOIN oms_shipment shipment ON shipment.tracking_key = event.tracking_key
                AND shipment.company_id = event.company_id
            LEFT JOIN oms_carrier carrier ON carrier.id = shipment.oms_carrier_id
            WHERE event.shipment_id IS NULL AND event.tracking_key = ANY(%s)
                AND shipment.id = ANY(%s)
                AND (event.carrier_code IS NULL OR carrier.id IS NULL
                     OR lower(carrier.code) = event.carrier_code)
            ORDER BY event.id
            """,
            [sorted(keys), shipments.ids],
        )
        pairs = self.env.cr.fetchall()
        if not pairs:
            return
        self.env.cr.execute(
            f"SELECT id, {', '.join(store.EVENT_COLUMNS)} FROM oms_shipment_event "
            "WHERE id = ANY(%s)",
            [sorted({event for event, _shipment in pairs})],
        )
        rows = {row[0]: row[1:] for row in self.env.cr.fetchall()}
        store.take_out(self.env.cr, rows)
        adopted = {
            (row := store.moved(rows[event], shipment))[store.AT["event_key"]]: row
            for event, shipment in pairs
        }
        store.insert(self.env.cr, list(adopted.values()))
        self._derive(shipments.browse({shipment for _event, shipment in pairs}))

    @api.model
    def _renumbered(self, former):
        """The number was wrong: its events wait for their own parcel, those of the new one come.

        :param former: dict shipment → former tracking key
        """
        shipments = self.env["oms.shipment"].concat(*former)
        shipments.sudo().filtered("events_archived")._restore_events()
        for shipment, key in former.items():
            if key and key != shipment.tracking_key:
                self.env.cr.execute(
                    "SELECT id FROM oms_shipment_event "
                    "WHERE shipment_id = %s AND tracking_key = %s",
                    [shipment.id, key],
                )
                ids = [one for (one,) in self.env.cr.fetchall()]
                away = [store.moved(row, None) for row in store.take_out(self.env.cr, ids)]
                store.insert(
                    self.env.cr, list({row[store.AT["event_key"]]: row for row in away}.values())
                )
        self._derive(shipments)
        self._adopt(shipments)

    @api.model
    def _derive(self, shipments):
        """Work out the standing of shipments from all their events."""
        if not shipments:
            return
        shipments.flush_model()
        store.keep(self.env.cr, store.derive_from_all(self.env.cr, shipments.ids))
        shipments._told()

    @api.model
    def _reread(self, vocabulary, code):
        """Read the past events with one code anew, after somebody mapped it."""
        codes = self.env["oms.tracking.code"].sudo()
        codes.flush_model()
        own = codes._mapped()
        raw = "COALESCE(code, '') AS code, COALESCE(status, '') AS status, COALESCE(text, '')"
        self.env.cr.execute(
            f"SELECT DISTINCT {raw} AS text FROM oms_shipment_event WHERE vocabulary = %s "
            "AND lower(left(COALESCE(code, status, text), %s)) = %s",
            [vocabulary, LONGEST_CODE, code],
        )
        changed = set()
        for said in self.env.cr.fetchall():
            found = [one or None for one in meaning_of(codes, own, vocabulary, *said)]
            self.env.cr.execute(
                """
                UPDATE oms_shipment_event SET state = %s, reason = %s, party = %s
                WHERE vocabulary = %s AND COALESCE(code, '') = %s AND COALESCE(status, '') = %s
                    AND COALESCE(text, '') = %s
                    AND (state, reason, party) IS DISTINCT FROM (%s, %s, %s)
                RETURNING shipment_id
                """,
                [*found, vocabulary, *said, *found],
            )
            changed |= {one for (one,) in self.env.cr.fetchall() if one}
        ids = sorted(changed)
        for start in range(0, len(ids), BATCH):
            self._derive(self.env["oms.shipment"].sudo().browse(ids[start : start + BATCH]))
