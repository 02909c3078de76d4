import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { ParcelCard } from "./parcel_card";
import { ReplyBox } from "./reply_box";

const { DateTime } = luxon;

/** One order's parcels, what to do about them, and what to write: the answer of `agent_answer`. */
export class AnswerView extends Component {
    static template = "oms_extension.AnswerView";
    static components = { ParcelCard, ReplyBox };
    static props = {
        answer: Object,
        isInOrder: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get parcels() {
        const { parcels, focus } = this.props.answer;
        return focus ? [...parcels].sort((a, b) => (b.id === focus) - (a.id === focus)) : parcels;
    }

    get orderedOn() {
        const { date } = this.props.answer.order;
        return date && DateTime.fromISO(date).toLocaleString(DateTime.DATE_MED);
    }

    promised(transfer) {
        return DateTime.fromISO(transfer.promised).toLocaleString({
            weekday: "short",
            day: "numeric",
            month: "short",
        });
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
