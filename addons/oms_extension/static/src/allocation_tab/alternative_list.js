import { Component } from "@odoo/owl";
import { day, difference, money, parcelCount } from "./format";

/** The best plans that were not taken, and what they would have cost more. */
export class AlternativeList extends Component {
    static template = "oms_extension.AlternativeList";
    static props = { alternatives: Array, currencyId: Number };

    setup() {
        Object.assign(this, { day, parcelCount });
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    difference(amount) {
        return difference(amount, this.props.currencyId);
    }
}
