import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { integer } from "./formats";

/** Comments grouped by what they speak of. */
export class ReturnTopics extends Component {
    static template = "oms_extension.ReturnTopics";
    static props = { domain: Array, period: { optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.integer = integer;
        this.state = useState({ topics: null });
        this.asked = "";
        onWillStart(() => {
            this.load(this.props);
        });
        onWillUpdateProps((props) => {
            this.load(props);
        });
    }

    /** Not awaited: the page does not wait for it. */
    async load({ domain, period }) {
        const asked = JSON.stringify([domain, period]);
        if (asked === this.asked) {
            return;
        }
        this.asked = asked;
        const topics = await this.orm.call("oms.return", "analysis_topics", [], { domain, period });
        if (asked === this.asked) {
            this.state.topics = topics;
        }
    }

    open(topic) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: topic.label,
            res_model: "oms.return.fact",
            views: [
                [false, "list"],
                [false, "pivot"],
            ],
            domain: [["id", "in", topic.ids]],
        });
    }
}
