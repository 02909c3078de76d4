import { Component } from "@odoo/owl";
import { DIMENSIONS, integer, interval, known, money, percent } from "./formats";

/** Groups with their rate and its range, cost and reasons. */
export class ReturnTable extends Component {
    static template = "oms_extension.ReturnTable";
    static props = {
        table: Object,
        by: String,
        choose: Function,
        into: Function,
        open: Function,
        openFinding: Function,
        export: Function,
    };

    setup() {
        Object.assign(this, { DIMENSIONS, integer, interval, known, money, percent });
    }

    get rows() {
        const { groups, total } = this.props.table;
        return groups.length > 1 ? [...groups, { ...total, isTotal: true }] : groups;
    }

    get name() {
        return DIMENSIONS.find((one) => one.by === this.props.by).name;
    }

    get currencyId() {
        return this.props.table.currency.id;
    }

    get most() {
        const ends = this.props.table.groups.map((row) => (row.interval ? row.interval[1] : 0));
        return Math.max(Math.min(Math.max(...ends, 0.01), 1), 0.01);
    }

    at(value) {
        return `${Math.min(100, (100 * value) / this.most).toFixed(1)}%`;
    }

    range(row) {
        const [low, high] = row.interval;
        const width = Math.max(1, (100 * (Math.min(high, this.most) - low)) / this.most);
        return `inset-inline-start: ${this.at(low)}; width: ${width.toFixed(1)}%`;
    }

    reasons(row) {
        return row.reasons.map((one) => `${one.name} ${percent(one.share)}`).join(", ");
    }
}
