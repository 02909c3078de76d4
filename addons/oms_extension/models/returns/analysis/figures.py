"""Keeping the figures: what changed since the last time, or all anew, month by month."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tracking.timeline import iso
from . import fact_sql, packed
from .numeric import INSTALLED

BATCH = 2000


class OmsReturnColumn(models.Model):
    """One column of numbers of one month (``packed.py``)."""

    _name = "oms.return.column"
    _description = "Column of the Return Figures"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    month = fields.Date(required=True)
    name = fields.Char(required=True)
    kind = fields.Char(required=True)
    size = fields.Integer(required=True)
    data = fields.Binary(required=True, attachment=False)

    _place_unique = models.UniqueIndex("(company_id, month, name)")

    def init(self):
        # Numbers are small already; packing them again costs more than it saves.
        self.env.cr.execute("ALTER TABLE oms_return_column ALTER data SET STORAGE EXTERNAL")


class OmsReturnFigures(models.Model):
    """How far a company's figures of returns are prepared. One record per company."""

    _name = "oms.return.figures"
    _description = "Return Figures"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    as_of = fields.Datetime("Figures as of", readonly=True)
    version = fields.Integer(readonly=True, help="Counts what changed the figures.")
    rebuild_month = fields.Date(
        readonly=True, help="The next month to prepare anew, backwards; empty: nothing to do."
    )
    months_done = fields.Integer(readonly=True)
    months_all = fields.Integer(readonly=True)

    _company_unique = models.UniqueIndex("(company_id)")

    # --- asking -------------------------------------------------------------------------------

    @api.model
    def _told(self, companies):
        """How fresh the figures of these companies are, as plain JSON."""
        found = self.sudo().search([("company_id", "in", companies.ids)])
        waiting = (
            self.env["oms.return.change"]
            .sudo()
            ._read_group(
                [("company_id", "in", companies.ids)],
                [],
                ["picking_id:count_distinct", "return_id:count_distinct"],
            )[0]
        )
        building = found.filtered("rebuild_month")
        known = found.filtered("as_of")
        return {
            "as_of": iso(min(known.mapped("as_of"))) if known else False,
            "waiting": sum(waiting),
            "building": bool(building),
            "months_done": sum(building.mapped("months_done")),
            "months_all": sum(building.mapped("months_all")),
            "numpy": INSTALLED,
            "version": [[one.company_id.id, one.version] for one in found],
        }

    # --- keeping ------------------------------------------------------------------------------

    @api.model
    def _cron_keep(self):
        """Prepare what is due: months to be made anew first, then what changed."""
        self._start()
        while True:
            left = self._step()
            if self.env.context.get("cron_id") and not self.env["ir.cron"]._commit_progress(
                1, remaining=left
            ):
                return
            if not left:
                return

    @api.model
    def _start(self):
        """Prepare companies that have delivered something and have no figures yet."""
        self.env.cr.execute(
            """
            SELECT company.id FROM res_company company
            LEFT JOIN oms_return_figures figures ON figures.company_id = company.id
            WHERE figures.id IS NULL AND (
                EXISTS (SELECT FROM oms_return_change WHERE company_id = company.id)
                OR EXISTS (
                    SELECT FROM stock_picking picking
                    JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
                    WHERE picking.company_id = company.id AND picking.state = 'done'
                        AND kind.code = 'outgoing'
                )
            )
            """
        )
        new = self.sudo().create([{"company_id": one} for (one,) in self.env.cr.fetchall()])
        new._rebuild()

    def _rebuild(self):
        """Have everything prepared anew, the latest month first; figures stay usable meanwhile."""
        for one in self:
            self.env.cr.execute(
                """
                SELECT min(picking.date_done), max(picking.date_done) FROM stock_picking picking
                JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
                WHERE picking.company_id = %s AND picking.state = 'done' AND kind.code = 'outgoing'
                """,
                [one.company_id.id],
            )
            first, last = self.env.cr.fetchone()
            one.write(
                {
                    "rebuild_month": last.date().replace(day=1) if last else "1970-01-01",
                    "months_done": 0,
                    "months_all": 1 + (_number(last) - _number(first) if last else 0),
                }
            )

    @api.model
    def _step(self):
        """One month, or one batch of changes. Returns how many steps are left, about."""
        due = self.sudo().search([("rebuild_month", "!=", False)], limit=1)
        if due:
            due._hold()
            due._rebuild_month()
            return due.months_all - due.months_done + 1
        self.env.cr.execute(
            """
            DELETE FROM oms_return_change WHERE id IN (
                SELECT id FROM oms_return_change ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING company_id, picking_id, return_id
            """,
            [BATCH],
        )
        rows = self.env.cr.fetchall()
        touched = self._refresh(
            sorted({one for _company, one, _back in rows if one}),
            sorted({back for _company, _one, back in rows if back}),
        )
        self._pack(touched)
        companies = sorted({company for company, *_rest in rows})
        known = self.sudo().search([("company_id", "!=", False)])
        known.as_of = fields.Datetime.now()
        for one in known.filtered(lambda one: one.company_id.id in companies):
            one.version += 1
        return self.env["oms.return.change"].sudo().search_count([]) // BATCH + 1 if rows else 0

    def _hold(self):
        """Let nobody else prepare the same figures. Whoever comes second is told so."""
        rows = self.env.execute_query(
            SQL("SELECT id FROM oms_return_figures WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED",
                self.ids)
        )  # fmt: skip
        if len(rows) < len(self):
            raise UserError(
                self.env._("The figures are being prepared right now. Look again in a minute.")
            )

    def _rebuild_month(self):
        """Prepare the deliveries of the month that is due, and go on to the one before."""
        self.ensure_one()
        month = self.rebuild_month
        after = (month + timedelta(days=32)).replace(day=1)
        self.env.cr.execute(
            """
            SELECT picking.id FROM stock_picking picking
            JOIN stock_picking_type kind ON kind.id = picking.picking_type_id
            WHERE picking.company_id = %s AND picking.state = 'done' AND kind.code = 'outgoing'
                AND picking.date_done >= %s AND picking.date_done < %s
            """,
            [self.company_id.id, month, after],
        )
        ids = [one for (one,) in self.env.cr.fetchall()]
        touched = self._refresh(ids, [])
        done = self.months_done + 1
        if done >= self.months_all:
            touched |= self._refresh([], self._returns_left())
        self._pack(touched)
        if done.bit_count() == 1:
            # What was just written is many times what was known of the tables.
            self.env.cr.execute("ANALYZE oms_delivery_fact, oms_return_fact")
        self.write(
            {
                "rebuild_month": (month - timedelta(days=1)).replace(day=1)
                if done < self.months_all
                else False,
                "months_done": done,
                "as_of": fields.Datetime.now(),
                "version": self.version + 1,
            }
        )

    def _returns_left(self):
        """Returns that no delivery of the figures has brought in."""
        self.env.cr.execute(
            """
            SELECT DISTINCT line.return_id FROM oms_return_line line
            JOIN oms_return back ON back.id = line.return_id
            LEFT JOIN oms_return_fact fact ON fact.return_line_id = line.id
            WHERE back.company_id = %s AND back.state NOT IN ('rejected', 'cancelled')
                AND fact.delivery_id IS NULL
            """,
            [self.company_id.id],
        )
        return [one for (one,) in self.env.cr.fetchall()]

    @api.model
    def _refresh(self, pickings, returns):
        """Write the rows of these transfers and returns anew.

        :return: set of (company id, month) whose rows changed
        """
        if not pickings and not returns:
            return set()
        self.env.flush_all()
        cr = self.env.cr
        touched, lines = set(), set()
        seen = (
            "SELECT company_id, COALESCE(month, date '1970-01-01'), array_agg(order_line_id) "
            "FROM {table} WHERE {column} = ANY(%s) GROUP BY 1, 2"
        )

        def note(table, column, ids):
            cr.execute(seen.format(table=table, column=column), [ids])
            for company, month, found in cr.fetchall():
                touched.add((company, month))
                lines.update(one for one in found if one)

        if returns:
            cr.execute(fact_sql.UNSEEN, {"ids": returns})
            pickings = sorted({*pickings, *(one for (one,) in cr.fetchall())})
        if pickings:
            note("oms_delivery_fact", "picking_id", pickings)
            cr.execute(fact_sql.DELETE_DELIVERIES, {"ids": pickings})
            cr.execute(fact_sql.DELIVERIES, {"ids": pickings})
            note("oms_delivery_fact", "picking_id", pickings)
            # Returns belong to the rows of their deliveries, which are new.
            cr.execute(
                "SELECT DISTINCT return_id FROM oms_return_line WHERE order_line_id = ANY(%s)",
                [sorted(lines)],
            )
            returns = sorted({*returns, *(one for (one,) in cr.fetchall())})
        if returns:
            note("oms_return_fact", "return_id", returns)
            cr.execute(fact_sql.DELETE_RETURNS, {"ids": returns})
            cr.execute(fact_sql.RETURNS, {"ids": returns})
            note("oms_return_fact", "return_id", returns)
            cr.execute(fact_sql.COUNT_RETURNED, {"ids": sorted(lines)})
        self.env.invalidate_all(flush=False)
        return touched

    @api.model
    def _pack(self, touched):
        if INSTALLED:
            for company, month in sorted(touched):
                packed.pack(self.env.cr, company, month)

    # --- people -------------------------------------------------------------------------------

    @api.model
    def refresh(self):
        """Bring the figures up to date now, as far as it goes in a moment.

        :return: how fresh they are
        :raise AccessError: the user may not work on returns
        """
        self.env["oms.return"].check_access("write")
        system = self.sudo()
        system._start()
        for _batch in range(5):
            if not system._step():
                break
        left = system._told(self.env.companies)
        if left["building"] or left["waiting"]:
            self.env.ref("oms_extension.cron_return_figures").sudo()._trigger()
        return left

    @api.model
    def rebuild(self):
        """Have all figures prepared anew, in the background.

        :raise AccessError: the user may not write reasons of returns (managers may)
        """
        self.env["oms.return.reason"].check_access("write")
        system = self.sudo()
        system._start()
        system.search([("company_id", "in", self.env.companies.ids)])._rebuild()
        self.env.ref("oms_extension.cron_return_figures").sudo()._trigger()
        return system._told(self.env.companies)


def _number(moment):
    return moment.year * 12 + moment.month
