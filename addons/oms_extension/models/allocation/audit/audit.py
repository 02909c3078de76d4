from collections import defaultdict

from odoo import api, models

from . import checks


class OmsAudit(models.AbstractModel):
    """Checks that allocation = procurement = moves, and that nothing is reserved that is not there.

    It reads and changes nothing. The number of queries does not depend on how much there is; only
    kits, whose moves carry components, are counted line by line.
    """

    _name = "oms.audit"
    _description = "Conservation Audit"

    @api.model
    def run_audit(self):
        """Every breach of conservation in the companies of the user.

        :return: list of dicts: ``check`` (code of the rule), ``record`` ("model,id" of the very
            record that breaks it), ``message`` (a sentence), ``company`` (id or False)
        """
        self.env["oms.allocation"].check_access("read")
        return [
            {
                "check": breach["check"],
                "record": f"{breach['model']},{breach['record']}",
                "message": breach["message"],
                "company": breach["company"] or False,
            }
            for breach in self._breaches()
        ]

    @api.model
    def _breaches(self):
        """The breaches with what their repair needs: dicts as the queries return them, with
        ``check``, ``model`` and ``message`` added."""
        self.env.flush_all()
        rows = []
        for check in (*checks.STOCK_CHECKS, *checks.ALLOCATION_CHECKS):
            rows += [row | {"check": check.code} for row in self._query(check.sql)]
        rows += self._procurement()
        rows += [row | {"check": row["code"]} for row in self._query(checks.SHORTAGES)]
        if not self.env.su:
            allowed = {False, None, *self.env.companies.ids}
            rows = [row for row in rows if row["company"] in allowed]
        for row in rows:
            row["model"] = checks.MODELS[row["check"]]
            row["message"] = self._sentence(row)
        return rows

    @api.model
    def _untold(self):
        """Ids of order lines that wait for goods without anybody having been told."""
        self.env.flush_all()
        rows = self._query(checks.SHORTAGES)
        return [row["record"] for row in rows if row["code"] == "shortage_untold"]

    @api.model
    def _query(self, sql):
        abroad = self.env.ref("stock.stock_location_inter_company", raise_if_not_found=False)
        self.env.cr.execute(
            sql, {"dust": checks.DUST, "inter_company": abroad.id if abroad else None}
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _procurement(self):
        """Order lines of which less, or more, is on its way than is allocated."""
        by_line = defaultdict(list)
        for row in self._query(checks.PROCURED):
            by_line[row["record"]].append(row)
        kits = self._kits(by_line)
        breaches = []
        for line_id, rows in by_line.items():
            less, more = [], []
            for row in kits.get(line_id, rows):
                difference = row["procured"] - row["allocated"]
                if difference < -checks.DUST:
                    less.append(row)
                # What has left beyond the plan is a fact; what is still open can be stopped.
                elif difference > checks.DUST and row["open"] > checks.DUST:
                    more.append(row)
            for code, which in (("procured_less", less), ("procured_more", more)):
                if which:
                    breaches.append(which[0] | {"check": code, "places": which})
        return breaches

    def _kits(self, by_line):
        """What is procured of kits, counted in whole kits by the ORM."""
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .browse(line_id for line_id, rows in by_line.items() if any(row["kit"] for row in rows))
        )
        counted = {}
        for line in lines:
            procured, targets = line._oms_procured(), line._oms_targets() or {}
            common = by_line[line.id][0]
            counted[line.id] = [
                common
                | {
                    "warehouse": warehouse_id,
                    "allocated": targets.get(warehouse_id, 0),
                    "procured": procured.get(warehouse_id, 0),
                    "open": max(row["open"] for row in by_line[line.id]),
                }
                for warehouse_id in {*procured, *targets}
            ]
        return counted

    # --- sentences ----------------------------------------------------------------------------

    def _sentence(self, row):
        words = {
            name: self._number(value)
            for name, value in row.items()
            if isinstance(value, int | float)
        }
        for name, model in (
            ("product", "product.product"),
            ("location", "stock.location"),
            ("order", "sale.order"),
        ):
            if row.get(name):
                words[name] = self.env[model].sudo().browse(row[name]).display_name
        words["places"] = "; ".join(self._place(place) for place in row.get("places", ()))
        return getattr(self, f"_sentence_{row['check']}")(row, words)

    def _place(self, row):
        warehouse = self.env["stock.warehouse"].sudo().browse(row["warehouse"])
        return self.env._(
            "%(warehouse)s: %(allocated)s allocated, %(procured)s on their way or shipped",
            warehouse=warehouse.name or self.env._("no warehouse"),
            allocated=self._number(row["allocated"]),
            procured=self._number(row["procured"]),
        )

    def _number(self, value):
        return f"{float(value):.2f}".rstrip("0").rstrip(".")

    def _sentence_oversold(self, row, words):
        return self.env._(
            "%(product)s in %(location)s: %(reserved)s are reserved, %(on_hand)s exist.", **words
        )

    def _sentence_over_reserved(self, row, words):
        return self.env._(
            "%(product)s in %(location)s: one lot, package or owner has %(on_hand)s and "
            "%(reserved)s of it are reserved.",
            **words,
        )

    def _sentence_split_quant(self, row, words):
        return self.env._(
            "%(product)s in %(location)s: a quant without stock holds a reservation of "
            "%(reserved)s.",
            **words,
        )

    def _sentence_negative_reservation(self, row, words):
        return self.env._(
            "%(product)s in %(location)s: the reservation is below zero (%(reserved)s).", **words
        )

    def _sentence_reservation_drift(self, row, words):
        return self.env._(
            "%(product)s in %(location)s: the shelf says %(reserved)s are reserved, the transfers "
            "say %(promised)s.",
            **words,
        )

    def _sentence_allocation_state(self, row, words):
        texts = {
            "order": self.env._(
                "%(order)s is not confirmed, but has an allocation in force.", **words
            ),
            "superseded": self.env._(
                "%(order)s follows an allocation that is not in force.", **words
            ),
            "unknown": self.env._("%(order)s does not follow the allocation in force.", **words),
            "several": self.env._("%(order)s has more than one allocation in force.", **words),
        }
        return texts[row["what"]]

    def _sentence_allocation_sum(self, row, words):
        return self.env._(
            "%(order)s, %(product)s: %(ordered)s are ordered, %(allocated)s are allocated.", **words
        )

    def _sentence_procured_less(self, row, words):
        return self.env._(
            "%(order)s, %(product)s: fewer are on their way than allocated (%(places)s).", **words
        )

    def _sentence_procured_more(self, row, words):
        return self.env._(
            "%(order)s, %(product)s: more are on their way than allocated (%(places)s).", **words
        )

    def _sentence_parcel_contents(self, row, words):
        return self.env._(
            "%(order)s, parcel %(number)s: it should hold %(units)s units, its lines say "
            "%(inside)s.",
            **words,
        )

    def _sentence_allocation_totals(self, row, words):
        return self.env._(
            "%(order)s: its cost, parcels or missing units are not the sum of its parcels and "
            "lines (%(total)s in all, %(parcels)s in parcels).",
            **words,
        )

    def _sentence_shortage_untold(self, row, words):
        return self.env._(
            "%(order)s, %(product)s: %(units)s are waited for, and no exception says so.", **words
        )

    def _sentence_exception_unfounded(self, row, words):
        return self.env._(
            "%(order)s, %(product)s: an exception is open, but nothing is missing.", **words
        )
