import { Component } from "@odoo/owl";
import { integer, money, percent } from "./formats";

/** Reasons by what they cost, the dearest first, with the running share. */
export class ReasonPareto extends Component {
    static template = "oms_extension.ReasonPareto";
    static props = { rows: Array, currencyId: Number, open: Function };

    setup() {
        Object.assign(this, { integer, money, percent });
    }

    get most() {
        return Math.max(...this.props.rows.map((row) => row.cost), 0.01);
    }

    width(row) {
        return Math.max(0, (100 * row.cost) / this.most).toFixed(1);
    }
}
