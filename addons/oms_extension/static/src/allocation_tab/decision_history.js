import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { difference, moment, parcelCount, unitCount } from "./format";

/** Every decision about the order: who, when, why, and what it saved or cost. */
export class DecisionHistory extends Component {
    static template = "oms_extension.DecisionHistory";
    static props = { history: Array, currencyId: Number };

    setup() {
        Object.assign(this, { moment, parcelCount, unitCount });
        this.action = useService("action");
    }

    difference(gain) {
        return difference(-gain, this.props.currencyId);
    }

    open(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "oms.allocation",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
