import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { day, kilometres, learnedFrom, moment, money } from "./format";

/** Why one line ships from where it does: every warehouse, best first, and what ruled it out. */
export class DecisionCard extends Component {
    static template = "oms_extension.DecisionCard";
    static props = { card: Object, rules: Array, currencyId: Number };

    setup() {
        Object.assign(this, { day, kilometres, learnedFrom, moment });
    }

    /** Heads of the columns, which a narrow screen shows beside each value. */
    get labels() {
        return {
            ships: _t("Ships"),
            free: _t("Free"),
            onHand: _t("On hand"),
            buffer: _t("Buffer"),
            distance: _t("Distance"),
            leaves: _t("Leaves"),
            arrives: _t("Arrives"),
            alone: _t("Line alone"),
        };
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    isNumber(value) {
        return typeof value === "number";
    }
}
