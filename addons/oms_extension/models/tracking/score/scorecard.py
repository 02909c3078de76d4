from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ....engine.tracking import scorecard as engine
from ..timeline import iso

GROUPS = {
    "carrier": ("oms_carrier_id",),
    "service": ("carrier_id",),
    "lane": ("warehouse_id", "country_id"),
    "zone": ("lane_id",),
    "postcodes": ("country_id", "zip_group"),
    "warehouse": ("warehouse_id",),
    "week": ("week",),
}
SHARES = {
    "on_time": True,
    "carrier_on_time": True,
    "first_attempt": True,
    "damaged": False,
    "lost": False,
    "came_back": False,
}
"""Shares of parcels, and whether more of them is better."""
RIPE = ("on_time", "carrier_on_time")
"""Shares that count a parcel only once its time has come: they are not distorted by those that are
still on their way."""
TIMES = ("transit_days", "longest_gap")
QUANTILES = {
    "transit_median": ("transit_days", 0.5),
    "transit_most": ("transit_days", 0.9),
    "longest_gap": ("longest_gap", 0.9),
}
MOST_WEEKS = 520
MOST_ROWS = 200


class OmsCarrierScore(models.Model):
    """The scorecard: numbers per carrier, lane, week …, each with its interval and sample size."""

    _inherit = "oms.carrier.score"

    @api.model
    @api.readonly
    def scorecard(self, by="carrier", weeks=13, domain=None, limit=MOST_ROWS):
        """How carriers did, as of now.

        :param str by: ``carrier``, ``service``, ``lane`` (warehouse and country), ``zone`` (the
            lane table's lanes), ``postcodes`` (country and first two characters), ``warehouse`` or
            ``week``
        :param int weeks: parcels handed over in so many weeks, this one included; 0 is all
        :param list domain: narrows the parcels down, on the fields of ``oms.carrier.score``;
            without a direction in it only parcels to customers count
        :param int limit: rows at most, those with the most parcels first
        :return: dict ``as_of``, ``since``, ``by``, ``currency``, ``few`` (a smaller sample is
            judged by nobody), ``rows``, ``total`` and ``more`` (rows left out). A row: ``name``,
            ``domain`` (its parcels), ``parcels``, ``on_the_way``, ``early`` (so many are on their
            way that what counts those which arrived is not judged yet), ``measures``, ``trend``
            (per week: parcels and share on time). A measure: ``value``, ``low``, ``high`` (95 %
            interval; false where open), ``count`` (parcels behind it), ``few``, and of shares
            ``hits`` and ``judgement`` against all others: ``better``, ``worse``, ``same``,
            ``few``, ``early``
        :raise UserError: no such grouping, or no such number of weeks
        :raise AccessError: the user may not see scores
        """
        if by not in GROUPS:
            raise UserError(
                self.env._(
                    "'%(by)s' is no grouping: use one of %(known)s.",
                    by=str(by)[:40],
                    known=", ".join(GROUPS),
                )
            )
        if not isinstance(weeks, int) or not 0 <= weeks <= MOST_WEEKS:
            raise UserError(
                self.env._("weeks is a number from 0 (all) to %(most)s.", most=MOST_WEEKS)
            )
        return _Scorecard(self, by, weeks, domain or []).run(limit)

    @api.model
    @api.readonly
    def open_parcels(self, domain, name=""):
        """The action that lists the shipments behind a number.

        :param list domain: on the fields of ``oms.carrier.score``
        """
        action = self.env["oms.shipment"]._open(name or self.env._("Shipments"))
        action |= {
            "view_mode": "list,form",
            "views": [[False, "list"], [False, "form"]],
            "domain": [("score_ids", "any", list(domain))],
            "context": {"active_test": False},
        }
        return action


class _Scorecard:
    def __init__(self, model, by, weeks, domain):
        self.env = model.env
        self.model = model.with_context(active_test=False)
        self.by = by
        self.keys = GROUPS[by]
        self.since = None
        plain = [*domain]
        if not any(one.field_expr == "direction" for one in Domain(plain).iter_conditions()):
            plain.append(["direction", "=", "outbound"])
        plain.append(["company_id", "in", self.env.companies.ids])
        if weeks:
            today = fields.Date.today()
            self.since = today - timedelta(days=today.weekday(), weeks=weeks - 1)
            plain.append(["handed_at", ">=", f"{self.since} 00:00:00"])
        self.domain = plain

    def run(self, limit):
        # Sorts of a million numbers do not fit into what PostgreSQL takes by default.
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")
        query = self.model._search(self.domain)
        groups = self.rows_of(query)
        total = groups.pop(None)
        rows = sorted(groups.items(), key=lambda one: -one[1]["parcels"])
        if self.by == "week":
            rows.sort(key=lambda one: one[0][0], reverse=True)
        shown = rows[:limit]
        names = self.names([key for key, _row in shown])
        trends = self.trends(query, {key for key, _row in shown}) if self.by != "week" else {}
        currency = self.env.company.currency_id
        return {
            "as_of": iso(fields.Datetime.now()),
            "since": self.since.isoformat() if self.since else False,
            "by": self.by,
            "currency": {"id": currency.id, "name": currency.name},
            "few": engine.FEW,
            "rows": [
                {
                    "key": [_plain(part) for part in key],
                    "name": names[key],
                    "domain": self.row_domain(key),
                    "trend": trends.get(key, []),
                }
                | self.told(row, total)
                for key, row in shown
            ],
            "total": {
                "key": [],
                "name": self.env._("Together"),
                "domain": self.domain,
                "trend": trends.get(None, []),
            }
            | self.told(total, None),
            "more": len(rows) - len(shown),
        }

    # --- reading ------------------------------------------------------------------------------

    def rows_of(self, query):
        """Dict key → counts, sums and quantiles; None is all together."""
        keys = [self.column(name, query) for name in self.keys]
        cost = self.cost(query)
        numbers = {
            "parcels": SQL("count(*)"),
            "on_the_way": SQL("sum(%s)", self.column("on_the_way", query)),
        }
        for share in SHARES:
            numbers[f"{share}_count"] = SQL("count(%s)", self.column(share, query))
            numbers[f"{share}_hits"] = SQL("sum(%s)", self.column(share, query))
        for time in TIMES:
            numbers[f"{time}_count"] = SQL("count(%s)", self.column(time, query))
            numbers[f"{time}_known"] = SQL(
                "percentile_cont(%s::float8[]) WITHIN GROUP (ORDER BY %s)",
                list(engine.FRACTIONS),
                self.column(time, query),
            )
        numbers["cost_count"] = SQL("count(%s)", cost)
        numbers["cost_sum"] = SQL("sum(%s)", cost)
        numbers["cost_squares"] = SQL("sum(%(cost)s * %(cost)s)", cost=cost)
        names = [f"key{at}" for at in range(len(keys))]
        groups = SQL(
            "SELECT GROUPING(%(first)s) AS together, %(keys)s, %(numbers)s FROM %(table)s "
            "WHERE %(where)s GROUP BY GROUPING SETS ((%(group)s), ())",
            first=keys[0],
            keys=SQL(", ").join(
                SQL("%s AS %s", key, SQL.identifier(name))
                for key, name in zip(keys, names, strict=True)
            ),
            numbers=SQL(", ").join(
                SQL("%s AS %s", number, SQL.identifier(name)) for name, number in numbers.items()
            ),
            table=query.from_clause,
            where=query.where_clause or SQL("TRUE"),
            group=SQL(", ").join(keys),
        )
        # Of the many quantiles that a sort gives, only those that the sample's size asks for leave
        # the database.
        told = [name for name in numbers if not name.endswith("_known")]
        picked = {
            f"{name}_{end}": pick
            for name, (time, share) in QUANTILES.items()
            for end, pick in _picks(time, share).items()
        }
        found = self.env.execute_query(
            SQL(
                "SELECT together, %(keys)s, %(told)s, %(picked)s FROM (%(groups)s) AS known",
                keys=SQL(", ").join(map(SQL.identifier, names)),
                told=SQL(", ").join(map(SQL.identifier, told)),
                picked=SQL(", ").join(picked.values()),
                groups=groups,
            )
        )
        width = 1 + len(keys)
        return {
            None if row[0] else row[1:width]: dict(zip([*told, *picked], row[width:], strict=True))
            for row in found
        }

    def trends(self, query, shown):
        """Dict key → weeks with their parcels and share on time; None is all together."""
        keys = [self.column(name, query) for name in self.keys]
        on_time = self.column("on_time", query)
        found = self.env.execute_query(
            SQL(
                "SELECT %(keys)s, %(week)s, count(*), count(%(on_time)s), sum(%(on_time)s) "
                "FROM %(table)s WHERE %(where)s GROUP BY %(keys)s, %(week)s ORDER BY %(week)s",
                keys=SQL(", ").join(keys),
                week=self.column("week", query),
                on_time=on_time,
                table=query.from_clause,
                where=query.where_clause or SQL("TRUE"),
            )
        )
        weeks, together = {}, {}
        for *key, week, parcels, count, hits in found:
            entry = together.setdefault(week, [0, 0, 0])
            for at, number in enumerate((parcels, count, int(hits or 0))):
                entry[at] += number
            if tuple(key) in shown:
                weeks.setdefault(tuple(key), []).append(_week(week, parcels, count, hits))
        weeks[None] = [_week(week, *entry) for week, entry in together.items()]
        return weeks

    def column(self, name, query):
        return self.model._field_to_sql(self.model._table, name, query)

    def cost(self, query):
        """The cost in the currency of the user's company, at today's rate."""
        column = self.column("cost", query)
        own = self.env.company.currency_id
        rates = [
            SQL(
                "WHEN %s = %s THEN %s::float8",
                self.column("company_id", query),
                company.id,
                company.currency_id._get_conversion_rate(company.currency_id, own, company),
            )
            for company in self.env.companies
            if company.currency_id != own
        ]
        if not rates:
            return column
        return SQL("%s * CASE %s ELSE 1 END", column, SQL(" ").join(rates))

    # --- telling ------------------------------------------------------------------------------

    def told(self, row, total):
        parcels, on_the_way = row["parcels"], int(row["on_the_way"] or 0)
        early = bool(parcels and on_the_way > engine.TOO_EARLY * parcels)
        measures = {}
        for share, more_is_better in SHARES.items():
            hits, count = int(row[f"{share}_hits"] or 0), row[f"{share}_count"]
            measures[share] = engine.plain(engine.wilson(hits, count)) | {"hits": hits}
            if total and early and share not in RIPE:
                measures[share]["judgement"] = "early"
            elif total:
                measures[share]["judgement"] = engine.judge(
                    hits,
                    count,
                    int(total[f"{share}_hits"] or 0) - hits,
                    total[f"{share}_count"] - count,
                    more_is_better,
                )
        for name, (time, _share) in QUANTILES.items():
            ends = (row[f"{name}_{end}"] for end in ("value", "low", "high"))
            measures[name] = engine.plain(engine.Estimate(*ends, row[f"{time}_count"]))
        measures["cost"] = engine.plain(
            engine.mean(row["cost_sum"] or 0.0, row["cost_squares"] or 0.0, row["cost_count"])
        )
        return {
            "parcels": parcels,
            "on_the_way": on_the_way,
            "early": early,
            "measures": measures,
        }

    def row_domain(self, key):
        """The parcels of a row, as plain JSON."""
        return [
            *self.domain,
            *([name, "=", _plain(part)] for name, part in zip(self.keys, key, strict=True)),
        ]

    def names(self, keys):
        """Dict key → what to call it."""
        records = {}
        for at, name in enumerate(self.keys):
            field = self.model._fields[name]
            if field.type == "many2one":
                found = self.env[field.comodel_name].sudo()
                ids = sorted({key[at] for key in keys if key[at]})
                records[name] = {one.id: one.display_name for one in found.browse(ids)}
        named = {}
        for key in keys:
            parts = [
                self.name(name, part, records) for name, part in zip(self.keys, key, strict=True)
            ]
            named[key] = (" → " if self.by == "lane" else " ").join(parts)
        return named

    def name(self, field, part, records):
        if not part:
            return self.env._("Unknown")
        if isinstance(part, date):
            return format_date(self.env, part, date_format="'W'w · d MMM y")
        return records[field][part] if field in records else f"{part}…"


def _picks(time, share):
    """Value and ends of a quantile, out of those that are known of a group."""
    counts, lows, value, highs = engine.picks(share)
    known = SQL.identifier(f"{time}_known")
    row = SQL("width_bucket(%s::int, %s::int[])", SQL.identifier(f"{time}_count"), counts)
    return {
        "value": SQL("%s[%s]", known, value),
        "low": SQL("%s[(%s::int[])[%s]]", known, lows, row),
        "high": SQL("%s[(%s::int[])[%s]]", known, highs, row),
    }


def _plain(part):
    return part.isoformat() if isinstance(part, date) else part or False


def _week(week, parcels, count, hits):
    return {
        "week": week.isoformat(),
        "parcels": parcels,
        "count": count,
        "value": round(int(hits or 0) / count, 4) if count else False,
    }
