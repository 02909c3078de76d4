import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { integer, interval, known, money, percent } from "./formats";

const WIDTH = 260;
const HEIGHT = 56;

/** On a product: its rate beside its category's, reasons, cost, and the trend by month. */
export class ReturnSummaryField extends Component {
    static template = "oms_extension.ReturnSummaryField";
    static props = { ...standardFieldProps };

    setup() {
        Object.assign(this, { WIDTH, HEIGHT, integer, interval, known, money, percent });
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** One bar per month; months that are too young have none. */
    get bars() {
        const { trend } = this.value;
        const most = Math.max(...trend.map((one) => one.rate || 0), 0.01);
        const step = WIDTH / Math.max(trend.length, 1);
        return trend.map((one, at) => ({
            x: at * step + 2,
            width: Math.max(step - 4, 2),
            height: known(one.rate) ? Math.max(1, (one.rate / most) * HEIGHT) : 0,
            title: `${one.name}: ${known(one.rate) ? percent(one.rate) : "…"} (${one.returned} / ${one.sold})`,
        }));
    }
}

registry.category("fields").add("oms_return_summary", {
    component: ReturnSummaryField,
    supportedTypes: ["json"],
});
