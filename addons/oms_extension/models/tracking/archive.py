import json

from odoo import api, fields, models

from .ingest import store

BATCH = 500
SHOWN = (
    "occurred_at",
    "tz",
    "state",
    "reason",
    "party",
    "code",
    "status",
    "text",
    "place",
    "city",
    "country_code",
    "latitude",
    "longitude",
    "signed_by",
    "door",
)


class OmsShipmentArchive(models.Model):
    """The events of a parcel that has long arrived, folded into one row.

    Millions of rows with three index entries each become one compressed text per parcel. What the
    scorecards read (milestones, attempts, hours) stays on the shipment. Should news come after all,
    the events are unfolded before it is taken, so that none is stored twice.
    """

    _name = "oms.shipment.archive"
    _description = "Archived Shipment Events"
    _log_access = False

    shipment_id = fields.Many2one("oms.shipment", required=True, ondelete="cascade")
    events = fields.Text(required=True)

    _shipment_unique = models.UniqueIndex("(shipment_id)")


class OmsShipment(models.Model):
    _inherit = "oms.shipment"

    events_archived = fields.Boolean(readonly=True, copy=False)

    @api.model
    def _cron_archive(self):
        """Fold the events of parcels that ended longer ago than the company keeps them."""
        for company in self.env["res.company"].sudo().search([("oms_keep_events", ">", 0)]):
            before = fields.Datetime.subtract(fields.Datetime.now(), months=company.oms_keep_events)
            while ids := self._to_archive(company, before):
                self.browse(ids)._archive_events()
                if not self.env["ir.cron"]._commit_progress(len(ids)):
                    return

    @api.model
    def _to_archive(self, company, before):
        self.env.cr.execute(
            """
            SELECT id FROM oms_shipment
            WHERE company_id = %s AND last_event_at < %s AND event_count > 0
                AND state IN ('delivered', 'lost', 'returned', 'cancelled')
                AND NOT COALESCE(events_archived, false)
            LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
            """,
            [company.id, before, BATCH],
        )
        return [one for (one,) in self.env.cr.fetchall()]

    def _archive_events(self):
        """Fold the events of these shipments."""
        self.flush_model()
        ids = sorted(self.ids)
        self.env.cr.execute(
            f"""
            WITH gone AS (
                DELETE FROM oms_shipment_event WHERE shipment_id = ANY(%(ids)s)
                RETURNING {", ".join(store.EVENT_COLUMNS)}
            )
            INSERT INTO oms_shipment_archive (shipment_id, events)
            SELECT shipment_id, json_agg(row_to_json(gone) ORDER BY occurred_at, event_key)::text
            FROM gone GROUP BY shipment_id
            """,
            {"ids": ids},
        )
        self.env.cr.execute(
            "UPDATE oms_shipment SET events_archived = true WHERE id = ANY(%s)", [ids]
        )
        self._told()

    def _restore_events(self):
        """Unfold the events of these shipments again."""
        self.flush_model()
        self.env.cr.execute(
            "DELETE FROM oms_shipment_archive WHERE shipment_id = ANY(%s) RETURNING events",
            [self.ids],
        )
        rows = [
            tuple(event[column] for column in store.EVENT_COLUMNS)
            for (events,) in self.env.cr.fetchall()
            for event in json.loads(events)
        ]
        store.insert(self.env.cr, rows)
        self.env.cr.execute(
            "UPDATE oms_shipment SET events_archived = false WHERE id = ANY(%s)", [self.ids]
        )
        self._told()

    def _events_told(self):
        """What was said of each shipment, the newest first, archived or not.

        :return: dict shipment id → list of dicts of ``SHOWN``; two queries for all
        """
        told = {one: [] for one in self.ids}
        for event in self.env["oms.shipment.event"].search_fetch(
            [("shipment_id", "in", self.ids)],
            ["shipment_id", *SHOWN],
            order="occurred_at desc, id desc",
        ):
            told[event.shipment_id.id].append({name: event[name] for name in SHOWN})
        archived = self.filtered("events_archived")
        if archived:
            self.env.cr.execute(
                "SELECT shipment_id, events FROM oms_shipment_archive WHERE shipment_id = ANY(%s)",
                [archived.ids],
            )
            for shipment, events in self.env.cr.fetchall():
                for event in reversed(json.loads(events)):
                    values = {name: event[name] or False for name in SHOWN}
                    values["occurred_at"] = fields.Datetime.to_datetime(
                        event["occurred_at"].replace("T", " ")
                    )
                    told[shipment].append(values)
        return told

    def _events(self):
        """The events of one shipment as records, the newest first; unsaved ones where archived."""
        self.ensure_one()
        if not self.events_archived:
            return self.event_ids
        events = self.env["oms.shipment.event"]
        return events.concat(*(events.new(told) for told in self._events_told()[self.id]))
