import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useSetupAction } from "@web/search/action_hook";
import { AnswerView } from "./answer_view";

const { DateTime } = luxon;

/** The agent's screen: one field, one answer. */
export class WhereIsMyOrder extends Component {
    static template = "oms_extension.WhereIsMyOrder";
    static components = { AnswerView };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Where Is My Order?");
    /** As in the action of the menu, so that the address brings its `q` along. */
    static path = "where-is-my-order";

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.input = useRef("input");
        // What one left for a moment, else what the address asks: `?q=S00042`.
        const kept = this.props.state || {};
        this.state = useState({
            query: kept.query || String(this.props.action.params?.q || ""),
            chosen: kept.chosen || null,
            answer: null,
            choices: null,
            isBusy: false,
        });
        useSetupAction({
            getLocalState: () => ({ query: this.state.query, chosen: this.state.chosen }),
        });
        onWillStart(() => this.restore());
        onMounted(() => this.input.el.focus());
    }

    /** What was on the screen before one left it. */
    async restore() {
        const { query, chosen } = this.state;
        if (query.trim()) {
            await this.ask(query);
        }
        if (chosen) {
            await this.choose(chosen);
        }
    }

    async search() {
        this.state.chosen = null;
        await this.ask(this.state.query);
    }

    async ask(query) {
        this.keep(query.trim());
        if (!query.trim()) {
            Object.assign(this.state, { answer: null, choices: null });
            return;
        }
        const answer = await this.call([query.trim()]);
        this.state.choices = answer.kind === "choice" ? answer : null;
        this.state.answer = answer.kind === "choice" ? null : answer;
    }

    /** Put the question into the address, so that it can be reloaded and handed on. */
    keep(q) {
        this.props.updateActionState?.({ q: q || undefined });
    }

    async choose({ order_id, shipment_id, title }) {
        this.keep(title);
        this.state.chosen = { order_id, shipment_id, title };
        this.state.answer = await this.call(["", order_id, shipment_id]);
    }

    back() {
        this.keep(this.state.query.trim());
        Object.assign(this.state, { chosen: null, answer: null });
        this.input.el.focus();
    }

    async call(args) {
        this.state.isBusy = true;
        try {
            return await this.keepLast.add(this.orm.call("oms.shipment", "agent_answer", args));
        } finally {
            this.state.isBusy = false;
        }
    }

    clear() {
        this.keep("");
        Object.assign(this.state, { query: "", chosen: null, answer: null, choices: null });
        this.input.el.focus();
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            return this.search();
        }
        if (ev.key === "Escape" && this.state.query) {
            ev.stopPropagation();
            this.clear();
        }
    }

    date(value) {
        return value ? DateTime.fromISO(value).toLocaleString(DateTime.DATE_MED) : "";
    }
}

registry.category("actions").add("oms_where_is_my_order", WhereIsMyOrder);
