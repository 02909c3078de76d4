import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { integer, known, percent } from "./formats";

/** Months of delivery (rows) by age in weeks: shares that had come back by then. */
export class CohortTriangle extends Component {
    static template = "oms_extension.CohortTriangle";
    static props = { triangle: Object, open: Function };

    setup() {
        Object.assign(this, { integer, known, percent });
    }

    get weeks() {
        const count = this.props.triangle.rows[0]?.shares.length || 0;
        return Array.from({ length: count }, (_one, at) => at + 1);
    }

    get most() {
        const shares = this.props.triangle.rows.flatMap((row) => row.shares.filter(known));
        return Math.max(...shares, 0.001);
    }

    title(row, at) {
        return _t("%(month)s, within %(weeks)s weeks", { month: row.name, weeks: at + 1 });
    }

    /** What of a month came back until the last day of the column. */
    openCell(row, at) {
        const within = (at + 1) * this.props.triangle.step - 1;
        return this.props.open(row, true, this.title(row, at), within);
    }

    tint(share) {
        return `--share: ${(share / this.most).toFixed(3)}`;
    }
}
