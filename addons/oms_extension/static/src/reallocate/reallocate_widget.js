import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { money } from "../allocation_tab/format";

/** Seconds between two refreshes of the list while orders move. */
const REFRESH_SECONDS = 2;

/**
 * Drives a re-allocation: looks at the orders as soon as it is opened, then moves the accepted ones.
 * Each step is one call, so that what is done is kept; leaving the page only pauses.
 */
export class ReallocateWidget extends Component {
    static template = "oms_extension.ReallocateWidget";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ stage: "idle", done: 0, total: 0 });
        this.stopped = this.destroyed = false;
        onMounted(() => {
            if (this.data.waiting_count) {
                return this.look();
            }
        });
        onWillUnmount(() => {
            this.stopped = this.destroyed = true;
        });
    }

    get data() {
        return this.props.record.data;
    }

    get isBusy() {
        return this.state.stage !== "idle";
    }

    get percent() {
        const { done, total } = this.state;
        return total ? Math.round((100 * done) / total) : 0;
    }

    get progressLabel() {
        const { stage, done, total } = this.state;
        return stage === "look"
            ? _t("%(done)s of %(total)s orders looked at", { done, total })
            : _t("%(done)s of %(total)s orders moved", { done, total });
    }

    money(amount) {
        return money(amount, this.data.currency_id?.id);
    }

    get headline() {
        const { better_count: better, moved_count: moved, waiting_count: waiting } = this.data;
        if (moved && this.data.moved_gain <= 0) {
            // They cost more than before, because units ship that had waited.
            return moved === 1 ? _t("One order moved.") : _t("%s orders moved.", moved);
        }
        if (moved) {
            const saved = this.money(this.data.moved_gain);
            return moved === 1
                ? _t("One order moved; it saves %s.", saved)
                : _t("%(moved)s orders moved; they save %(saved)s.", { moved, saved });
        }
        if (waiting) {
            return _t("%s orders have not been looked at yet.", waiting);
        }
        if (!better) {
            return _t("Every order is allocated as well as it can be.");
        }
        return better === 1
            ? _t("One order can be allocated better.")
            : _t("%s orders can be allocated better.", better);
    }

    get moveLabel() {
        const { accepted_count: count, accepted_gain: gain } = this.data;
        if (gain <= 0) {
            return count === 1 ? _t("Move one order") : _t("Move %s orders", count);
        }
        const saved = this.money(gain);
        return count === 1
            ? _t("Move one order, save %s", saved)
            : _t("Move %(count)s orders, save %(saved)s", { count, saved });
    }

    call(method) {
        return this.orm.call("oms.reallocate", method, [[this.props.record.resId]]);
    }

    /** Runs `step` until it says that it is finished, somebody stops it, or a call fails. */
    async run(stage, step) {
        this.stopped = false;
        Object.assign(this.state, { stage, done: 0, total: 0 });
        let refreshed = Date.now();
        try {
            while (!this.stopped && !(await step())) {
                if (stage === "move" && Date.now() - refreshed > REFRESH_SECONDS * 1000) {
                    await this.props.record.load();
                    refreshed = Date.now();
                }
            }
        } finally {
            this.state.stage = "idle";
            if (!this.destroyed) {
                await this.props.record.load();
            }
        }
    }

    look() {
        return this.run("look", async () => {
            const { done, total } = await this.call("preview_step");
            Object.assign(this.state, { done, total });
            return done >= total;
        });
    }

    async lookAgain() {
        await this.props.record.save();
        await this.call("preview_again");
        return this.look();
    }

    async move() {
        if (!(await this.props.record.save())) {
            return;
        }
        const total = this.data.accepted_count;
        return this.run("move", async () => {
            this.state.total = total;
            const { left } = await this.call("run_step");
            this.state.done = total - left;
            return !left;
        });
    }

    stop() {
        this.stopped = true;
    }
}

registry.category("view_widgets").add("oms_reallocate", {
    component: ReallocateWidget,
    fieldDependencies: [
        { name: "currency_id", type: "many2one", relation: "res.currency", readonly: true },
        { name: "order_count", type: "integer", readonly: true },
        { name: "waiting_count", type: "integer", readonly: true },
        { name: "better_count", type: "integer", readonly: true },
        { name: "accepted_count", type: "integer", readonly: true },
        { name: "accepted_gain", type: "monetary", readonly: true },
        { name: "moved_count", type: "integer", readonly: true },
        { name: "moved_gain", type: "monetary", readonly: true },
        { name: "failed_count", type: "integer", readonly: true },
    ],
});
