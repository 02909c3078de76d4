import { Component } from "@odoo/owl";
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

    tint(share) {
        return `--share: ${(share / this.most).toFixed(3)}`;
    }
}
