import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const REFRESH_MILLISECONDS = 2000;

/** How far a file has been stored, looked at again every two seconds until it is done. */
export class MessageProgress extends Component {
    static template = "oms_extension.MessageProgress";
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), REFRESH_MILLISECONDS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get data() {
        return this.props.record.data;
    }

    get isWaiting() {
        return this.data.state === "new";
    }

    get percent() {
        return Math.floor(this.data.progress);
    }

    get label() {
        const { rows_done: done, rows_total: total } = this.data;
        return done && total
            ? _t("%(done)s of %(total)s rows", { done, total })
            : _t("Waiting for its turn");
    }

    async refresh() {
        if (this.isWaiting && !document.hidden && !this.isLoading) {
            this.isLoading = true;
            try {
                await this.props.record.load();
            } finally {
                this.isLoading = false;
            }
        }
    }
}

registry.category("view_widgets").add("oms_message_progress", {
    component: MessageProgress,
    fieldDependencies: [
        { name: "state", type: "selection", readonly: true },
        { name: "progress", type: "float", readonly: true },
        { name: "rows_done", type: "integer", readonly: true },
        { name: "rows_total", type: "integer", readonly: true },
    ],
});
