import { Component } from "@odoo/owl";
import { day, difference, money, parcelCount, unitCount } from "../allocation_tab/format";

/** What the change costs, before it is saved. */
export class BoardCosts extends Component {
    static template = "oms_extension.BoardCosts";
    static props = { board: Object };

    setup() {
        Object.assign(this, { day, parcelCount, unitCount });
    }

    get change() {
        const { before, after } = this.props.board;
        return after ? after.cost - before.cost : 0;
    }

    money(amount) {
        return money(amount, this.props.board.currency_id);
    }

    difference(amount) {
        return difference(amount, this.props.board.currency_id);
    }
}
