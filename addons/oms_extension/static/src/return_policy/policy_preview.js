import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Tries the policy as it stands in the form, saved or not, on the requests of the last months. */
export class PolicyPreview extends Component {
    static template = "oms_extension.PolicyPreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ months: 6, busy: false });
        this.choices = [
            { months: 1, label: _t("last month") },
            { months: 3, label: _t("last 3 months") },
            { months: 6, label: _t("last 6 months") },
            { months: 12, label: _t("last 12 months") },
        ];
    }

    onMonths(ev) {
        this.state.months = Number(ev.target.value);
    }

    async tryOut() {
        const record = this.props.record;
        const changes = await record.getChanges();
        this.state.busy = true;
        try {
            const ids = record.resId ? [record.resId] : [];
            const { months } = this.state;
            const action = await this.orm.call("oms.return.policy", "try_out", [ids], {
                changes,
                months,
            });
            await this.action.doAction(action);
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("view_widgets").add("oms_return_policy_preview", { component: PolicyPreview });
