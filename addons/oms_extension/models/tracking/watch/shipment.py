import logging
from datetime import UTC, timedelta

from psycopg2.extras import execute_values

from odoo import api, fields, models
from odoo.fields import Domain

from ....engine.tracking import watch
from ..shipment import FINISHED
from . import texts

_logger = logging.getLogger(__name__)
BATCH = 200
AGAIN = timedelta(hours=1)
SILENT_KINDS = ("no_scan", "silent")


class OmsShipment(models.Model):
    """Parcels that a person must look at, with what is wrong and what to do.

    News is judged when it comes (``_follow``); silence at ``watch_at``, the moment at which time
    alone changes the judgement: a job asks one index for what is due.
    """

    _inherit = "oms.shipment"

    exception_ids = fields.One2many("oms.exception", "shipment_id", "Exceptions")
    exception_count = fields.Integer("Open Exceptions", compute="_compute_exception_count")
    watch_at = fields.Datetime("To Be Judged Again", readonly=True, copy=False)

    _watch_index = models.Index("(watch_at) WHERE watch_at IS NOT NULL")
    _heard_index = models.Index(
        "(company_id, oms_carrier_id, last_event_at) WHERE last_event_at IS NOT NULL"
    )

    def _compute_exception_count(self):
        counts = dict(
            self.env["oms.exception"]._read_group(
                [("shipment_id", "in", self.ids), ("state", "!=", "closed")],
                ["shipment_id"],
                ["__count"],
            )
        )
        for shipment in self:
            shipment.exception_count = counts.get(shipment, 0)

    def action_exceptions(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exceptions"),
            "res_model": "oms.exception",
            "view_mode": "list,form",
            "domain": [("shipment_id", "in", self.ids)],
        }

    def _follow(self):
        result = super()._follow()
        self._watch()
        return result

    # --- judging ----------------------------------------------------------------------------------

    def _watch(self):
        """Open, update and close the exceptions of these shipments."""
        now = fields.Datetime.now()
        judged = self._causes(now)
        carriers = self._silent_carriers(judged, now)
        causes, again = {}, {}
        for shipment, (found, look_at) in judged.items():
            quiet = (shipment.company_id.id, shipment.oms_carrier_id.id) in carriers
            for cause in found:
                values = shipment._cause_values(cause)
                if quiet and cause.kind in SILENT_KINDS:
                    # One cause, however many parcels: the carrier's exception stands for them.
                    values["opens"] = False
                    look_at = min(look_at or now + AGAIN, now + AGAIN)
                causes[values["cause_key"]] = values
            again[shipment] = look_at
        exceptions = self.env["oms.exception"]
        exceptions._settle(
            [("shipment_id", "in", self.ids), ("cause_key", "=like", "tracking:%")], causes
        )
        if carriers:
            keys = {values["cause_key"]: values for values in carriers.values()}
            exceptions._settle([("cause_key", "in", list(keys))], keys)
        self._write_watch_at(again)

    def _causes(self, now):
        """Dict shipment → (the engine's causes, when to judge it again or None)."""
        thresholds = self.env["oms.watch.threshold"].sudo()
        moment = now.replace(tzinfo=UTC)
        judged = {}
        for shipment in self.sudo():
            if not shipment.active:
                judged[shipment] = ((), None)
                continue
            limits = thresholds._limits_of(shipment)
            parcel = shipment._as_watched()
            look_at = watch.next_look(parcel, limits, moment)
            judged[shipment] = (
                watch.causes(parcel, limits, moment),
                # Whole seconds, and never before the cause is there.
                look_at and look_at.replace(tzinfo=None, microsecond=0) + timedelta(seconds=1),
            )
        return judged

    def _as_watched(self):
        """The engine's ``Parcel``."""
        self.ensure_one()
        return watch.Parcel(
            state=self.state,
            reason=self.reason or "",
            party=self.party or "",
            outbound=self.direction == "outbound",
            tracked=bool(self.tracking_key and self.oms_carrier_id),
            since=_aware(self.state_at),
            shipped_at=_aware(self.shipped_at),
            first_scan_at=_aware(self.first_scan_at),
            last_at=_aware(self.last_event_at),
            ready_at=_aware(self.ready_at),
            last_attempt_at=_aware(self.last_attempt_at),
            attempts=self.attempts,
            damaged=self.was_damaged,
            promise_over_at=self.promised_at
            and watch.end_of_day(_aware(self.promised_at), self._clock()),
            eta_at=_aware(self.eta_at or self.carrier_eta_at),
            eta_low_at=_aware(self.eta_low_at),
        )

    def _cause_values(self, cause):
        """Values of the exception for a cause."""
        company = self.company_id
        deadline = min(
            company._oms_exception_deadline(cause.owner),
            fields.Datetime.now() + timedelta(hours=cause.hours),
        )
        return {
            "cause_key": f"tracking:{self.id}:{cause.kind}",
            "occasion": cause.occasion,
            "opens": cause.opens,
            "kind": cause.kind,
            "name": texts.name(company._oms_speaking(), self, cause),
            "action": texts.action(company._oms_speaking(), self, cause),
            "severity": str(cause.severity),
            "owner": cause.owner,
            "deadline": deadline,
            "company_id": company.id,
            "shipment_id": self.id,
            "order_id": self.order_id.id,
        }

    def _watched(self, exceptions):
        """Those of the exceptions of these shipments whose cause goes on."""
        judged = self._causes(fields.Datetime.now())
        going_on = {
            f"tracking:{shipment.id}:{cause.kind}"
            for shipment, (found, _look_at) in judged.items()
            for cause in found
        }
        return exceptions.filtered(lambda one: one.cause_key in going_on)

    def _write_watch_at(self, again):
        changed = [
            (shipment.id, at) for shipment, at in sorted(again.items(), key=lambda one: one[0].id)
        ]
        execute_values(
            self.env.cr._obj,
            "UPDATE oms_shipment SET watch_at = new.at::timestamp FROM (VALUES %s) AS new(id, at) "
            "WHERE oms_shipment.id = new.id::int4 "
            "AND watch_at IS DISTINCT FROM new.at::timestamp",
            changed,
        )
        self.invalidate_recordset(["watch_at"], flush=False)

    # --- carriers of which nothing is heard -------------------------------------------------------

    @api.model
    def _silent_carriers(self, judged, now):
        """Carriers of which nothing is heard at all while many parcels wait for news.

        :param judged: as :meth:`_causes` gives it
        :return: dict (company id, carrier id) → values of the exception for it
        """
        asked = {
            (shipment.company_id, shipment.oms_carrier_id)
            for shipment, (found, _look_at) in judged.items()
            if shipment.oms_carrier_id and any(cause.kind in SILENT_KINDS for cause in found)
        }
        if not asked:
            return {}
        heard = self._heard(asked)
        values = {}
        for company, carrier in asked:
            heard_at, waiting = heard[company.id, carrier.id]
            if waiting < watch.CROWD or not self._is_silent(company, carrier, heard_at, now):
                continue
            name, action = texts.silent_carrier(company._oms_speaking(), carrier, heard_at)
            values[company.id, carrier.id] = {
                "cause_key": f"tracking:carrier:{company.id}:{carrier.id}",
                "occasion": heard_at.isoformat() if heard_at else "never",
                "kind": "carrier_silent",
                "name": name,
                "action": action,
                "severity": "2" if heard_at else "0",
                "owner": "planning",
                "company_id": company.id,
            }
        return values

    @api.model
    def _is_silent(self, company, carrier, heard_at, now):
        thresholds = self.env["oms.watch.threshold"].sudo()
        usual = thresholds._in_force("gap", (carrier.id, False, False, False), company.id)
        return not heard_at or now - heard_at > timedelta(hours=usual)

    @api.model
    def _heard(self, pairs):
        """Dict (company id, carrier id) → (latest news of any parcel, parcels that wait for news).

        At most ``CROWD`` parcels are counted.
        """
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT pair.company, pair.carrier, heard.at, waiting.count
            FROM unnest(%s::int[], %s::int[]) AS pair(company, carrier)
            LEFT JOIN LATERAL (
                SELECT last_event_at AS at FROM oms_shipment
                WHERE company_id = pair.company AND oms_carrier_id = pair.carrier
                    AND last_event_at IS NOT NULL
                ORDER BY last_event_at DESC LIMIT 1
            ) heard ON true
            CROSS JOIN LATERAL (
                SELECT count(*) FROM (
                    SELECT 1 FROM oms_shipment
                    WHERE company_id = pair.company AND oms_carrier_id = pair.carrier AND active
                        AND state NOT IN %s AND direction = 'outbound'
                        AND shipped_at > now() at time zone 'UTC' - %s
                    LIMIT %s
                ) one
            ) waiting
            """,
            [
                [company.id for company, _carrier in pairs],
                [carrier.id for _company, carrier in pairs],
                FINISHED,
                watch.HORIZON,
                watch.CROWD,
            ],
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in self.env.cr.fetchall()}

    @api.model
    def _still_silent(self, exceptions):
        """Those of these exceptions whose carrier is silent still."""
        now = fields.Datetime.now()
        about = {}
        for one in exceptions:
            company, carrier = (int(part) for part in one.cause_key.split(":")[2:])
            about[one] = (
                self.env["res.company"].browse(company),
                self.env["oms.carrier"].browse(carrier),
            )
        heard = self._heard(set(about.values())) if about else {}
        return exceptions.filtered(
            lambda one: self._is_silent(
                *about[one], heard[about[one][0].id, about[one][1].id][0], now
            )
        )

    # --- the job ----------------------------------------------------------------------------------

    @api.model
    def _cron_watch(self):
        """Judge the parcels whose time has come, a batch at a time."""
        while True:
            due = Domain("watch_at", "<=", fields.Datetime.now())
            self.env.cr.execute(
                "SELECT id FROM oms_shipment WHERE watch_at <= %s ORDER BY watch_at LIMIT %s "
                "FOR NO KEY UPDATE SKIP LOCKED",
                [fields.Datetime.now(), BATCH],
            )
            shipments = self.sudo().browse([one for (one,) in self.env.cr.fetchall()])
            if not shipments:
                return
            shipments._watch_safely()
            remaining = self.sudo().with_context(active_test=False).search_count(due)
            if not self.env["ir.cron"]._commit_progress(len(shipments), remaining=remaining):
                return

    def _watch_safely(self):
        """Judge these shipments; where that fails, one by one, so that one blocks no other."""
        try:
            with self.env.cr.savepoint():
                self._look_again()
                self.env.flush_all()
            return
        except Exception:
            if len(self) == 1:
                _logger.exception("judging shipment %s failed", self.id)
                self._write_watch_at({self: fields.Datetime.now() + AGAIN})
                return
            _logger.info("judging %s shipments failed; now one by one", len(self), exc_info=True)
        for shipment in self:
            shipment._watch_safely()

    def _look_again(self):
        """Time has passed without news. Each part of the room adds what follows from that."""
        self._watch()


def _aware(moment):
    return moment.replace(tzinfo=UTC) if moment else None
