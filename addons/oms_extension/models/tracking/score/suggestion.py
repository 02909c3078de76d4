from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ....engine.tracking.compare import Sample, compare, pooled

DAYS = 120
RIPE = 14
"""Parcels handed over in the last days are left out: only the fast ones among them have arrived."""
MONTH = 30.4
KEY = ("warehouse_id", "country_id", "from_carrier_id", "to_carrier_id")

# What parcels of one service took and cost, by what makes them alike.
STRATA = """
    SELECT company_id, warehouse_id, country_id, carrier_id, zip_group, weight_band,
           count(*), sum(days), sum(days * days),
           count(cost), COALESCE(sum(cost), 0), COALESCE(sum(cost * cost), 0)
    FROM (
        SELECT company_id, warehouse_id, country_id, carrier_id, upper(left(zip, 2)) AS zip_group,
               width_bucket(COALESCE(weight, 0)::float8, ARRAY[1, 2, 5, 10, 20]::float8[])
                   AS weight_band,
               EXTRACT(EPOCH FROM delivered_at - shipped_at)::float8 / 86400 AS days,
               CASE WHEN cost > 0 THEN cost::float8 END AS cost
        FROM oms_shipment
        WHERE COALESCE(shipped_at, first_scan_at)
                  >= (now() AT TIME ZONE 'UTC') - %(days)s * interval '1 day'
            AND shipped_at < (now() AT TIME ZONE 'UTC') - %(ripe)s * interval '1 day'
            AND delivered_at >= shipped_at AND direction = 'outbound'
            AND warehouse_id IS NOT NULL AND carrier_id IS NOT NULL AND country_id IS NOT NULL
            AND length(zip) >= 2
    ) parcel
    GROUP BY 1, 2, 3, 4, 5, 6
"""


class OmsLaneSuggestion(models.Model):
    """Another service would serve some postcodes better than the one in use."""

    _name = "oms.lane.suggestion"
    _description = "Lane Suggestion"
    _inherit = ["mail.thread"]
    _order = "state desc, money_month, days, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("open", "Open"), ("gone", "No Longer So"), ("done", "Done"), ("dismissed", "Dismissed")],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    kind = fields.Selection(
        [("faster", "Faster"), ("cheaper", "Cheaper")], required=True, readonly=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", check_company=True
    )
    country_id = fields.Many2one("res.country", required=True, readonly=True, ondelete="cascade")
    prefixes = fields.Char("Postcodes", required=True, readonly=True)
    from_carrier_id = fields.Many2one(
        "delivery.carrier", "In Use", required=True, readonly=True, ondelete="cascade"
    )
    to_carrier_id = fields.Many2one(
        "delivery.carrier", "Suggested", required=True, readonly=True, ondelete="cascade"
    )
    parcels_from = fields.Integer("Parcels in Use", readonly=True)
    parcels_to = fields.Integer("Parcels of the Suggested", readonly=True)
    days = fields.Float("Days per Parcel", readonly=True, aggregator="avg")
    days_low = fields.Float(readonly=True, aggregator=None)
    days_high = fields.Float(readonly=True, aggregator=None)
    money_known = fields.Boolean(readonly=True)
    money = fields.Monetary("Cost per Parcel", readonly=True, aggregator="avg")
    money_low = fields.Monetary(readonly=True, aggregator=None)
    money_high = fields.Monetary(readonly=True, aggregator=None)
    parcels_month = fields.Integer("Parcels a Month", readonly=True)
    money_month = fields.Monetary("Cost a Month", readonly=True)
    found_at = fields.Datetime("As of", readonly=True)
    lane_id = fields.Many2one("oms.lane", readonly=True, ondelete="set null")
    note = fields.Char(help="Why it is not followed.")

    _one_open = models.UniqueIndex(
        "(warehouse_id, country_id, from_carrier_id, to_carrier_id) WHERE state = 'open'"
    )

    @api.depends("prefixes", "to_carrier_id", "days", "money", "money_known", "warehouse_id")
    def _compute_name(self):
        for one in self.sudo():
            names = {
                "prefixes": one.prefixes,
                "country": one.country_id.code,
                "warehouse": one.warehouse_id.name,
                "service": one.to_carrier_id.name,
                "days": _signed(formatLang(self.env, abs(one.days), digits=1), one.days, 0.05),
                "money": _signed(
                    formatLang(self.env, abs(one.money), currency_obj=one.currency_id), one.money
                ),
            }
            one.name = (
                self.env._(
                    "From %(warehouse)s, move %(country)s %(prefixes)s to %(service)s: "
                    "%(days)s days, %(money)s a parcel",
                    **names,
                )
                if one.money_known
                else self.env._(
                    "From %(warehouse)s, move %(country)s %(prefixes)s to %(service)s: "
                    "%(days)s days a parcel",
                    **names,
                )
            )

    # --- finding ------------------------------------------------------------------------------

    @api.model
    def _suggest(self):
        """Compare services lane by lane; open what is new, bring up to date what stands.

        What a person dismissed is not suggested again for the same lane and services; nor, as long
        as parcels of before count, what one followed.
        """
        self.env["oms.shipment"].flush_model()
        followed = fields.Datetime.now() - timedelta(days=DAYS)
        known = {}
        for one in self.sudo().search([("state", "!=", False)], order="id"):
            if one.state != "done" or one.write_date > followed:
                known.setdefault(one._key(), one)
        stands = self.browse()
        for values in self._found():
            one = known.get(tuple(values[name] for name in KEY))
            if one is None:
                stands |= self.sudo().create(values)
            elif one.state in ("open", "gone"):
                one.write(values | {"state": "open"})
                stands |= one
        (self.sudo().search([("state", "=", "open")]) - stands).write({"state": "gone"})

    def _key(self):
        self.ensure_one()
        return tuple(self[name].id for name in KEY)

    @api.model
    def _found(self):
        """Values of the suggestions that the parcels of late make."""
        self.env.cr.execute(STRATA, {"days": DAYS, "ripe": RIPE})
        lanes = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
        for company, warehouse, country, service, prefix, band, *sums in self.env.cr.fetchall():
            lanes[company, warehouse, country][prefix][service][prefix, band] = Sample(*sums)
        tries = [
            (lane, prefix, used, other, services)
            for lane, groups in lanes.items()
            for prefix, services in groups.items()
            for used in [_most_used(services)]
            for other in services
            if other != used
        ]
        better = defaultdict(list)
        for lane, prefix, used, other, services in tries:
            comparison = compare(services[used], services[other], len(tries))
            if comparison and comparison.kind():
                better[lane, used, other].append((prefix, comparison.kind()))
        found = {}
        for (lane, used, other), prefixes in better.items():
            groups = lanes[lane]
            chosen = sorted(prefix for prefix, _kind in prefixes)
            comparison = compare(
                pooled(groups[prefix][used] for prefix in chosen),
                pooled(groups[prefix][other] for prefix in chosen),
            )
            kind = comparison and comparison.kind()
            best = found.get((lane, used))
            if kind and (best is None or comparison.days.value < best["days"]):
                parcels = sum(
                    sample.parcels for prefix in chosen for sample in groups[prefix][used].values()
                )
                found[lane, used] = self._values(
                    lane, used, other, chosen, kind, comparison, parcels
                )
        return list(found.values())

    def _values(self, lane, used, other, prefixes, kind, comparison, parcels):
        company, warehouse, country = lane
        money = comparison.money
        month = round(parcels * MONTH / (DAYS - RIPE))
        return {
            "company_id": company,
            "warehouse_id": warehouse,
            "country_id": country,
            "from_carrier_id": used,
            "to_carrier_id": other,
            "prefixes": ", ".join(prefixes),
            "kind": kind,
            "parcels_from": comparison.used,
            "parcels_to": comparison.other,
            "days": comparison.days.value,
            "days_low": comparison.days.low,
            "days_high": comparison.days.high,
            "money_known": bool(money),
            "money": money.value if money else 0.0,
            "money_low": money.low if money else 0.0,
            "money_high": money.high if money else 0.0,
            "parcels_month": month,
            "money_month": money.value * month if money else 0.0,
            "found_at": fields.Datetime.now(),
        }

    # --- following ----------------------------------------------------------------------------

    def action_apply(self):
        """Make the service the preferred one for these postcodes, and show its lane."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "open":
            raise UserError(self.env._("This suggestion is no longer open."))
        self.env["oms.lane"].check_access("create")
        zone = self._zone()
        lane = self._lane(zone)
        self.lane_id = lane
        self.state = "done"
        self.message_post(
            body=self.env._(
                "%(user)s made %(service)s the preferred service of %(lane)s.",
                user=self.env.user.name,
                service=self.to_carrier_id.name,
                lane=lane.display_name,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "oms.lane",
            "res_id": lane.id,
            "view_mode": "form",
            "name": lane.display_name,
        }

    def _zone(self):
        """The zone of exactly these postcodes, made where there is none."""
        wanted = sorted(self.prefixes.split(", "))
        for zone in self.env["oms.zone"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("country_ids", "=", self.country_id.id),
                ("state_ids", "=", False),
            ]
        ):
            if sorted(zone._prefixes()) == wanted and zone.country_ids == self.country_id:
                return zone
        return self.env["oms.zone"].create(
            {
                "name": f"{self.country_id.code} {self.prefixes}",
                "company_id": self.company_id.id,
                "country_ids": [fields.Command.set(self.country_id.ids)],
                "zip_prefixes": self.prefixes,
            }
        )

    def _lane(self, zone):
        """The lane of the suggested service to the zone, with the prices it has there already."""
        note = self.env._(
            "%(day)s, %(user)s: %(name)s (%(parcels_to)s parcels against %(parcels_from)s of "
            "%(former)s).",
            day=fields.Date.context_today(self).isoformat(),
            user=self.env.user.name,
            name=self.name,
            parcels_to=self.parcels_to,
            parcels_from=self.parcels_from,
            former=self.from_carrier_id.name,
        )
        lanes = self.env["oms.lane"].with_context(active_test=False)
        lane = lanes.search(
            [
                ("warehouse_id", "=", self.warehouse_id.id),
                ("zone_id", "=", zone.id),
                ("carrier_id", "=", self.to_carrier_id.id),
            ]
        )
        if lane:
            lane.write(
                {
                    "active": True,
                    "preferred": True,
                    "note": "\n".join(filter(None, (lane.note, note))),
                }
            )
            return lane
        values = {"zone_id": zone.id, "preferred": True, "note": note}
        way = (
            self.warehouse_id.id,
            self.to_carrier_id.id,
            self.country_id.id,
            False,
            self.prefixes.split(", ")[0],
        )
        pattern = lanes.browse(lanes._lanes_taken([way])[way] or [])
        if pattern.carrier_id == self.to_carrier_id:
            return pattern.copy(values)
        days, price = self._observed()
        return lanes.create(
            values
            | {
                "warehouse_id": self.warehouse_id.id,
                "carrier_id": self.to_carrier_id.id,
                "transit_days": days,
                "base_cost": price,
            }
        )

    def _observed(self):
        """(working days, cost) of the suggested service there, where no lane of it tells."""
        score = self.env["oms.carrier.score"].sudo()
        ((days, price),) = score._read_group(
            [
                ("warehouse_id", "=", self.warehouse_id.id),
                ("carrier_id", "=", self.to_carrier_id.id),
                ("country_id", "=", self.country_id.id),
                ("zip_group", "in", self.prefixes.split(", ")),
            ],
            [],
            ["transit_median:avg", "cost:avg"],
        )
        return max(1, round((days or 2) * 5 / 7)), price or 0.0

    def action_dismiss(self):
        """Not wanted: it is not suggested again."""
        self.check_access("write")
        self.filtered(lambda one: one.state in ("open", "gone")).state = "dismissed"

    def action_reopen(self):
        self.check_access("write")
        self.filtered(lambda one: one.state == "dismissed").state = "open"

    def action_parcels(self):
        """The parcels of both services that were compared."""
        self.ensure_one()
        return self.env["oms.carrier.score"].open_parcels(
            [
                ["warehouse_id", "=", self.warehouse_id.id],
                ["country_id", "=", self.country_id.id],
                ["carrier_id", "in", (self.from_carrier_id | self.to_carrier_id).ids],
                ["zip_group", "in", self.prefixes.split(", ")],
            ],
            self.name,
        )


def _most_used(services):
    return max(
        services,
        key=lambda one: (sum(sample.parcels for sample in services[one].values()), -one),
    )


def _signed(text, amount, least=0.005):
    """An amount that something takes more (+) or less (−)."""
    sign = "+" if amount >= least else "−" if amount <= -least else "±"
    return f"{sign}{text}"
