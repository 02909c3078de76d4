import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { day, kilograms, kilometres, learnedFrom, moment, money } from "./format";

const COST_PARTS = ["freight", "handling", "delay", "extra_parcel", "bid_price"];

/** The parcels with their contents, dates and what each of them costs. */
export class ParcelTable extends Component {
    static template = "oms_extension.ParcelTable";
    static props = { parcels: Array, currencyId: Number };

    setup() {
        Object.assign(this, { day, kilograms, kilometres, learnedFrom, moment });
    }

    /** The kinds of cost that this plan has at all. */
    get costParts() {
        const names = {
            freight: _t("Freight"),
            handling: _t("Handling"),
            delay: _t("Delay"),
            extra_parcel: _t("Extra parcel"),
            bid_price: _t("Scarce stock"),
        };
        return COST_PARTS.filter((part) => this.props.parcels.some((one) => one.cost[part])).map(
            (part) => ({ part, name: names[part] })
        );
    }

    /** Heads of the columns, which a narrow screen shows beside each value. */
    get labels() {
        return {
            contents: _t("Contents"),
            leaves: _t("Leaves"),
            arrives: _t("Arrives"),
            cost: _t("Cost"),
        };
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    sum(part) {
        return this.money(this.props.parcels.reduce((total, one) => total + one.cost[part], 0));
    }
}
