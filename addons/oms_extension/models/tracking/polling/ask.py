import logging
from datetime import datetime, time, timedelta
from itertools import chain

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ....engine.tracking import polling
from ....engine.tracking.formats import FORMATS
from . import connectors, courier, visit
from .answer import judge, lost, not_started
from .karrio_events import events_of
from .round import Round

_logger = logging.getLogger(__name__)

TRIES = 4
SOON = timedelta(minutes=5)
"""How often the job runs by itself."""
TEST_SECONDS = 15
TEST_NUMBER = "1Z999AA10123456784"
"""UPS' sample of a tracking number; that a carrier does not know it is an answer as well."""


class OmsTrackingConnection(models.Model):
    """Asking the carrier, and learning from what it says."""

    _inherit = "oms.tracking.connection"

    @api.model
    def _cron_poll(self):
        """Ask about all parcels that are due, and come back soon if the time did not suffice."""
        cron = self.env["ir.cron"]
        installed = connectors.installed()
        connections = self.search([("connector", "in", installed), ("carrier_ids", "!=", False)])
        now = fields.Datetime.now()
        connections = connections.sorted(lambda one: one.last_asked_at or now.min)
        cron._commit_progress(remaining=sum(connections.mapped("due_count")))
        answered = Round(connections).run()
        moment = connections._next_moment()
        if moment:
            now = fields.Datetime.now()
            # Without any progress an immediate return would only turn in circles.
            moment = max(moment, now if answered else now + timedelta(minutes=1))
            self.env.ref("oms_extension.cron_poll_carriers")._trigger(
                moment if moment > now else None
            )
        cron._commit_progress(remaining=0)

    def _next_moment(self):
        """When the first of what is due already may be asked, if the job does not come anyway."""
        now = fields.Datetime.now()
        self.invalidate_recordset()
        moments = [
            max(filter(None, (now, one._rests_until(now), one.next_request_at, one.lease_until)))
            for one in self
            if one.due_count
        ]
        soon = [moment for moment in moments if moment < now + SOON]
        return min(soon, default=None)

    # --- whose turn it is -------------------------------------------------------------------------

    def _lease(self, duration, mine=None):
        """Reserve this connection for a while, unless another process has it or it must rest.

        :param mine: until when it is reserved for whoever calls
        :return: (until when, dict number → ids of shipments that are due; empty if there are none,
            or it is not its time)
        """
        if not self:
            return None, {}
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT lease_until FROM oms_tracking_connection WHERE id = %s AND active "
            "FOR NO KEY UPDATE SKIP LOCKED",
            [self.id],
        )
        row = self.env.cr.fetchone()
        now = fields.Datetime.now()
        if not row or (row[0] and row[0] > now and row[0] != mine):
            return None, {}
        self.invalidate_recordset()
        numbers = {} if self._rests_until(now) else self._due_numbers(self._lot(now))
        until = now + duration if numbers else False
        self.lease_until = until
        self.flush_recordset()
        return until or None, numbers

    def _rests_until(self, now):
        """Until when the carrier is left alone, or None."""
        moments = [self.retry_at]
        if self.next_request_at and self.next_request_at > now + timedelta(seconds=visit.SECONDS):
            moments.append(self.next_request_at)
        if not self._lot(now):
            moments.append(datetime.combine(now.date() + timedelta(days=1), time()))
        return max((one for one in moments if one and one > now), default=None)

    def _lot(self, now):
        """How many numbers to ask about together now."""
        most = polling.lot(self.failures, self.numbers_per_request)
        if self.requests_per_day:
            spent = self.day_count if self.day == now.date() else 0
            most = min(most, max(self.requests_per_day - spent, 0))
        return most

    def _release(self, mine):
        if mine and self.lease_until == mine:
            self.lease_until = False

    def _due_numbers(self, most):
        """Dict number → ids of its shipments, the longest due first."""
        shipments = (
            self.env["oms.shipment"]
            .sudo()
            .search(
                [*self._followed_domain(), ("next_poll_at", "<=", fields.Datetime.now())],
                order="next_poll_at, id",
                limit=most,
            )
        )
        return {key: same.ids for key, same in shipments.grouped("tracking_key").items()}

    # --- what is learned --------------------------------------------------------------------------

    @api.model
    def _learn(self, key, numbers, answer, commit):
        """Store what a carrier said, all of it or nothing.

        :param key: id of the connection. :param numbers: dict number → ids of shipments
        :param answer: of a courier, or the exception that it ended with
        :param commit: called with the number of parcels answered, to end the transaction
        :return: number of parcels answered
        """
        connection = self.browse(key).exists()
        if not connection:
            return 0
        try:
            verdict = connection._judge(numbers, answer)
        except Exception as error:
            # Nothing that a carrier says may keep the others from being heard.
            _logger.exception("the answer to connection %s could not be judged", key)
            verdict = lost(numbers, f"{type(error).__name__}: {error}")
        wait = answer["wait"] if isinstance(answer, dict) else 60 / connection.rate * len(numbers)
        for attempt in range(1, TRIES + 1):
            try:
                answered = connection._keep(numbers, verdict, wait)
                commit(answered)
                return answered
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                if attempt == TRIES:
                    # Nothing is stored, so the same is asked again.
                    _logger.warning("news of connection %s met too much traffic", key)
            except Exception:
                self.env.cr.rollback()
                _logger.exception("news of connection %s could not be stored", key)
                # The parcels wait, so that they do not stand in front of the others for ever.
                for parcel in verdict.parcels.values():
                    parcel.outcome, parcel.events = "stumbled", []
        return 0

    def _judge(self, numbers, answer):
        if isinstance(answer, courier.NotStarted):
            return not_started(numbers, str(answer))
        if isinstance(answer, courier.Lost):
            return lost(numbers, str(answer))
        reader = FORMATS.get(self.connector) if self.connector in connectors.KNOWN else None
        carrier = self.carrier_ids[:1]
        vocabulary = carrier.vocabulary or carrier.code or self.connector
        shipments = self.env["oms.shipment"].sudo().browse(chain.from_iterable(numbers.values()))
        countries = (shipments.exists().country_id | self.company_id.country_id).mapped("code")
        return judge(
            numbers, answer, reader, lambda details: events_of(details, vocabulary, countries)
        )

    def _keep(self, numbers, verdict, wait):
        """Store events, when parcels are asked about next, and how the carrier does."""
        now = fields.Datetime.now()
        stored = self._keep_events(numbers, verdict)
        self._keep_parcels(numbers, verdict, now)
        answered = verdict.count("told", "unknown")
        values = {
            "last_asked_at": now,
            "next_request_at": now + timedelta(seconds=wait),
            "request_count": self.request_count + verdict.requests,
            "day": now.date(),
            "day_count": verdict.requests + (self.day_count if self.day == now.date() else 0),
            "answer_count": self.answer_count + answered,
            "event_count": self.event_count + stored,
            "foreign_count": self.foreign_count + verdict.foreign,
        }
        if verdict.raw:
            values["last_answer"] = verdict.raw
        if answered:
            values["last_answer_at"] = now
        self.write(values | self._condition(verdict, answered, now))
        self.env.flush_all()
        return answered

    def _keep_events(self, numbers, verdict):
        """Hand the events in at the door, by the message that they came with.

        :return: number of new ones
        """
        together = {}
        for number, parcel in verdict.parcels.items():
            if parcel.events:
                together.setdefault(parcel.body, []).append((number, parcel))
        return sum(
            self._keep_message(body, told, numbers) for body, told in sorted(together.items())
        )

    def _keep_message(self, body, told, numbers):
        shipments = self.env["oms.shipment"].sudo()
        events = [
            # The parcel's own carrier: one connection may ask for several.
            (parcel, event | {"carrier": carrier.code})
            for number, parcel in told
            for carrier in shipments.browse(numbers[number]).exists().oms_carrier_id
            for event in parcel.events
        ]
        messages = self.env["oms.tracking.message"].sudo()
        message = messages._keep_polled(self, body)
        taken = self.env["oms.tracking.ingest"]._take(
            [event for _parcel, event in events], "poll", message=message, company=self.company_id
        )
        for refused in taken["errors"]:
            parcel, _event = events[refused["index"]]
            parcel.note = parcel.note or refused["error"]
        message._count_polled(taken)
        return taken["stored"]

    def _keep_parcels(self, numbers, verdict, now):
        for number, parcel in verdict.parcels.items():
            if parcel.outcome == "not_asked":
                continue
            for shipment in self.env["oms.shipment"].sudo().browse(numbers[number]).exists():
                values = {"last_polled_at": now, "poll_note": parcel.note or False}
                if parcel.outcome == "stumbled":
                    failures = shipment.poll_failures + 1
                    spread = polling.spread_of(shipment.id + failures)
                    values["poll_failures"] = failures
                    rest = polling.rest_of_number(failures, spread)
                    values["next_poll_at"] = (now + rest).replace(microsecond=0)
                elif parcel.outcome in ("told", "unknown"):
                    values["poll_failures"] = 0
                    values["next_poll_at"] = shipment._next_poll(now) or False
                shipment.write(values)

    def _condition(self, verdict, answered, now):
        """How the carrier does after this question."""
        if verdict.failure:
            failures = self.failures + 1
            spread = polling.spread_of(self.id + failures)
            rest = polling.rest(failures, spread, verdict.wish, verdict.failure == "refused")
            return {
                "failures": failures,
                "retry_at": (now + rest).replace(microsecond=0),
                "health": verdict.failure
                if verdict.failure in ("throttled", "refused")
                else polling.health(True, failures),
                "error_count": self.error_count + 1,
                "last_error_at": now,
                "last_error": self._sentence(verdict),
            }
        values = {}
        if answered:
            values = {"failures": 0, "retry_at": False, "health": "ok"}
        if verdict.foreign:
            values |= {"last_error_at": now, "last_error": self._foreign_sentence(verdict.foreign)}
        return values

    def _foreign_sentence(self, count):
        return self.env._(
            "It spoke of parcels that it was not asked about: %(count)s events left out.",
            count=count,
        )

    def _sentence(self, verdict):
        """What went wrong, for people, with what the carrier itself said."""
        match verdict.failure:
            case "refused":
                text = self.env._("It does not accept the credentials.")
            case "throttled":
                text = self.env._("It asks for fewer requests.")
            case "timeout":
                text = self.env._("It takes too long to answer.")
            case "not_started":
                text = self.env._("karrio could not be started on this server.")
            case "unreachable":
                text = self.env._("It cannot be reached.")
            case "certificate":
                text = self.env._("Its certificate is not valid: somebody may be listening.")
            case "redirected":
                text = self.env._("It wants to send us to another host.")
            case "too_big":
                text = self.env._("Its answer is far too big.")
            case "cut_off":
                text = self.env._("Its answer breaks off.")
            case "server_error":
                text = self.env._("It reports an error of its own.")
            case _:
                text = (
                    self._foreign_sentence(verdict.foreign)
                    if verdict.foreign
                    else (self.env._("Its answer makes no sense."))
                )
        return f"{text} ({verdict.detail})"[:500] if verdict.detail else text

    # --- by hand ----------------------------------------------------------------------------------

    def action_test(self):
        """Ask the carrier about one parcel now and say what it answers; no event is stored."""
        self.ensure_one()
        self.check_access("write")
        if not self.is_installed:
            raise UserError(self.install_hint)
        shipment = self.env["oms.shipment"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("oms_carrier_id", "in", self.carrier_ids.ids),
                ("tracking_key", "!=", False),
            ],
            order="id desc",
            limit=1,
        )
        number = shipment.tracking_key or TEST_NUMBER
        answer = self._ask_once(number)
        verdict = self._judge({number: shipment.ids}, answer)
        now = fields.Datetime.now()
        self.sudo().write(
            {"last_asked_at": now, "next_request_at": now + timedelta(seconds=60 / self.rate)}
            | self._condition(verdict, verdict.count("told", "unknown"), now)
            | ({"last_answer": verdict.raw} if verdict.raw else {})
        )
        parcel = verdict.parcels[number]
        if verdict.failure:
            message = self._sentence(verdict)
        elif parcel.outcome == "told":
            message = self.env._(
                "It works: %(count)s events about %(number)s.",
                count=len(parcel.events),
                number=number,
            )
        else:
            message = self.env._(
                "It answers, but does not know %(number)s. %(note)s",
                number=number,
                note=parcel.note,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": message,
                "type": "danger" if verdict.failure else "success",
                "sticky": bool(verdict.failure),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _ask_once(self, number):
        opening = self._opening()
        if opening["wait"] > TEST_SECONDS / 2:
            raise UserError(
                self.env._(
                    "The next request is allowed in %(seconds)s s.", seconds=round(opening["wait"])
                )
            )
        try:
            with courier.Courier(opening) as one:
                if not one.hello.get("ready"):
                    return {"exchanges": [], "details": [], "messages": [], "wait": 0.0} | one.hello
                return one.ask([number], TEST_SECONDS)
        except courier.Lost as error:
            return error

    def action_ask_now(self):
        """Ask about all parcels that are due, without waiting for the carrier's rest to end."""
        self.check_access("write")
        self.sudo().retry_at = False
        self.env["oms.tracking.ingest"]._wake("oms_extension.cron_poll_carriers")
        return True
