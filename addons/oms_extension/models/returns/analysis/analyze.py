from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from . import packed, question
from .dimensions import DIMENSIONS
from .numeric import INSTALLED, np

if INSTALLED:
    from . import measure

MOST_ROWS = 200
MOST_REASONS = 3
ORDERS = ("cost", "sold", "returned", "rate", "margin", "key")
KEPT = {}
"""Maturity of late, by database, companies, version of the figures and day."""


class OmsReturn(models.Model):
    _inherit = "oms.return"

    @api.model
    @api.readonly
    def analyze(self, group_by, domain=None, period=None, limit=MOST_ROWS, order="cost"):
        """Why goods come back: figures of groups of delivered units.

        :param group_by: name of a dimension or list of up to three: ``product``, ``variant``,
            ``category``, ``vendor``, ``lot``, ``warehouse``, ``carrier``, ``service``, ``lane``,
            ``region``, ``country``, ``channel``, ``pricelist``, ``promotion``, ``lateness``,
            ``cohort`` (month of the customer's first order), ``month``, ``week`` (of delivery);
            of what came back ``reason``, ``cause``, ``fault``, ``outcome``
        :param list domain: conditions ``[dimension, operator, value]`` that all hold; operators
            ``=``, ``!=``, ``in``, ``not in``; values are ids, codes or names, false is unknown
        :param dict period: ``from`` and ``to``, dates of delivery (ISO 8601), both included
        :param int limit: groups at most; 0 is all
        :param order: by which the first come first: ``cost``, ``sold``, ``returned``, ``rate``,
            ``margin``; or ``key``
        :return: dict ``as_of`` (of the figures), ``waiting`` (changes that are not in them yet),
            ``building`` (they are being prepared), ``currency``, ``groups``, ``total`` and
            ``more`` (groups left out). A group: ``key`` (dict dimension → id, code or date),
            ``name``, ``sold``, ``returned`` (units), ``rate`` (of the returns to come, all
            counted; of products drawn towards their category's), ``interval`` ([low, high],
            95 %), ``corrected_rate`` (not drawn towards anything), ``raw_rate``, ``maturity``
            (share of the returns to come that has come), ``sample`` (delivered lines), ``cost``,
            ``cost_per_return``, ``costs``, ``margin``, ``margin_after_returns``, ``reasons``,
            ``flags`` (open findings). Rates are false where the maturity is below 30 %.
        :raise UserError: what is to be asked otherwise
        :raise AccessError: the user may not see returns
        """
        self.env["oms.return.fact"].check_access("read")
        asked = question.read(self.env, group_by, domain, period)
        if order not in ORDERS:
            raise UserError(self.env._("Order by one of %s.", ", ".join(ORDERS)))
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            raise UserError(self.env._("limit is a number of groups, 0 for all."))
        return Analysis(self.env).answer(asked, limit, order)


class Analysis:
    """What is needed to answer questions about the returns of the user's companies."""

    NAMES = frozenset(
        (
            *("units", "category", "revenue", "margin", "r_day", "r_units", "reason"),
            *("cost", "freight", "handling", "write_down", "lost_margin", "fee"),
        )
    )

    def __init__(self, env):
        self.env = env
        self.companies = env.companies
        self.currency = env.company.currency_id
        self.today = fields.Date.context_today(env["oms.return"])
        self.fresh = env["oms.return.figures"]._told(self.companies)
        if not INSTALLED:
            raise UserError(
                env._("The return analysis needs numpy. Ask your administrator to install it.")
            )

    def figures(self, names, first=None, last=None):
        """Columns of the deliveries between two days."""
        rates = {
            company.id: company.currency_id._get_conversion_rate(
                company.currency_id, self.currency, company
            )
            if company.currency_id != self.currency
            else 1.0
            for company in self.companies
        }
        columns = {DIMENSIONS[name].column for name in names if name in DIMENSIONS}
        held, size = packed.read(
            self.env.cr, self.companies.ids, self.NAMES | columns, first, last, rates
        )
        return measure.Figures(held, size, measure.number(self.today))

    def grown(self):
        """Maturity, of all deliveries, whatever is asked."""
        key = (
            self.env.cr.dbname,
            str(self.fresh["version"]),
            tuple(self.companies.ids),
            self.today,
        )
        if key not in KEPT:
            while len(KEPT) > 16:
                KEPT.pop(next(iter(KEPT)))
            first = self.today - timedelta(days=730)
            KEPT[key] = self.figures([], first).grown()
        return KEPT[key]

    def named(self, asked):
        return [*asked.groups, *(one.name for one in asked.conditions)]

    def answer(self, asked, limit=MOST_ROWS, order="cost", figures=None):
        """The figures of the groups that are asked for."""
        figures = figures or self.figures(self.named(asked), asked.first, asked.last)
        grown = self.grown()
        groups = measure.Groups(figures, asked, grown)
        whole = question.Question([], asked.conditions, asked.first, asked.last)
        together = measure.Groups(figures, whole, grown)
        rows = self.sorted(groups, order)
        shown = rows[:limit] if limit else rows
        groups.bound(shown)
        together.bound([0])
        names = self.names(asked.groups, groups.keys[shown])
        flags = self.env["oms.return.fact"]._flags_of(asked.groups, groups.keys[shown])
        reasons = self.reasons(groups)
        fresh = {name: self.fresh[name] for name in ("as_of", "waiting", "building")}
        return fresh | {
            "group_by": asked.groups,
            "period": {
                "from": asked.first.isoformat() if asked.first else False,
                "to": asked.last.isoformat() if asked.last else False,
            },
            "currency": {"id": self.currency.id, "name": self.currency.name},
            "groups": [
                {
                    "key": {
                        name: self.plain(name, value)
                        for name, value in zip(asked.groups, groups.keys[row], strict=True)
                    },
                    "name": " · ".join(names[spot]),
                    "names": names[spot],
                    "flags": flags[spot],
                }
                | self.told(groups, row, reasons)
                for spot, row in enumerate(shown)
            ],
            "total": {"key": {}, "name": self.env._("Together"), "names": [], "flags": []}
            | self.told(together, 0, self.reasons(together)),
            "more": len(rows) - len(shown),
        }

    def sorted(self, groups, order):
        """Positions of the groups, those first that matter most."""
        if order == "key" or not groups.size:
            return list(range(groups.size))
        values = np.nan_to_num(getattr(groups, order), nan=-1.0)
        return [int(one) for one in np.lexsort((-groups.sold, -values))]

    def told(self, groups, row, reasons):
        """One group as plain JSON."""
        returned = float(groups.returned[row])
        cost, margin = float(groups.cost[row]), float(groups.margin[row])
        split = groups.by_reason[row]
        most = [one for one in np.argsort(-split)[:MOST_REASONS] if split[one] > 0]
        low, high = _told(groups.low[row]), _told(groups.high[row])
        return {
            "sold": int(groups.sold[row]),
            "returned": int(returned),
            "rate": _told(groups.rate[row]),
            "interval": [low, high] if low is not False else False,
            "corrected_rate": _told(groups.corrected[row]),
            "category_rate": _told(groups.prior[row]),
            "raw_rate": _told(groups.raw[row]),
            "maturity": _told(groups.maturity[row]),
            "sample": int(groups.lines[row]),
            "cost": round(cost, 2),
            "cost_per_return": round(cost / returned, 2) if returned else False,
            "costs": {name: round(float(sums[row]), 2) for name, sums in groups.costs.items()},
            "revenue": round(float(groups.revenue[row]), 2),
            "margin": round(margin, 2),
            "margin_after_returns": round(margin - cost, 2),
            "reasons": [
                reasons[one]
                | {
                    "returned": int(split[one]),
                    "share": round(float(split[one]) / returned, 4),
                    "cost": round(float(groups.reason_cost[row][one]), 2),
                }
                for one in most
            ],
        }

    def reasons(self, groups):
        """What to call the reasons of these groups, by their position."""
        found = self.env["oms.return.reason"].sudo()
        ids = [int(one) for one in groups.reasons]
        records = {one.id: one for one in found.browse([one for one in ids if one]).exists()}
        return [
            {
                "id": one if one in records else False,
                "code": records[one].code if one in records else False,
                "name": records[one].name if one in records else self.env._("No reason given"),
            }
            for one in ids
        ]

    # --- names --------------------------------------------------------------------------------

    def plain(self, name, value):
        """A column's number as other programs know it."""
        dimension, value = DIMENSIONS[name], int(value)
        if dimension.choices:
            keys = list(question.choices_of(self.env, dimension))
            return keys[value - 1] if value else False
        if not dimension.time:
            return value or False
        return self.day(name, value).isoformat() if value else False

    def day(self, name, value):
        """First day of a month or week."""
        if DIMENSIONS[name].time == "week":
            return date.fromordinal(value + measure.EPOCH)
        return date((value - 1) // 12, (value - 1) % 12 + 1, 1)

    def names(self, groups, keys):
        """What to call groups: a list of names each."""
        columns = [self.column_names(name, keys[:, at]) for at, name in enumerate(groups)]
        return [[columns[at][int(value)] for at, value in enumerate(key)] for key in keys] or [
            [] for _key in keys
        ]

    def column_names(self, name, values):
        """Dict number → what to call it."""
        env, dimension = self.env, DIMENSIONS[name]
        numbers = sorted({int(one) for one in values})
        named = {0: env._("Unknown")}
        if dimension.model:
            records = env[dimension.model].sudo().with_context(active_test=False)
            found = records.browse([one for one in numbers if one]).exists()
            named |= {one.id: one.display_name for one in found}
        elif dimension.choices:
            labels = question.choices_of(env, dimension).values()
            named |= dict(enumerate(labels, start=1))
        else:
            style = "'W'w · d MMM y" if dimension.time == "week" else "MMM y"
            for one in numbers:
                if one:
                    named[one] = format_date(env, self.day(name, one), date_format=style)
        return {one: named.get(one, env._("Deleted")) for one in numbers}


def _told(value):
    return round(float(value), 5) if np.isfinite(value) else False
