import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Minutes as people say them: days and hours, hours and minutes, or minutes. */
export function duration(minutes) {
    const hours = Math.floor(minutes / 60);
    if (hours >= 24) {
        const rest = hours % 24;
        const days = Math.floor(hours / 24);
        return rest ? _t("%(days)s d %(hours)s h", { days, hours: rest }) : _t("%s d", days);
    }
    const rest = minutes % 60;
    if (!hours) {
        return _t("%s min", rest);
    }
    return rest ? _t("%(hours)s h %(minutes)s min", { hours, minutes: rest }) : _t("%s h", hours);
}

/** By how much a parcel is late, and whom that is charged to. */
export class LateLedger extends Component {
    static template = "oms_extension.LateLedger";
    static props = { ...standardFieldProps };

    get ledger() {
        return this.props.record.data[this.props.name] || { minutes: 0, causes: [] };
    }

    get total() {
        const late = duration(this.ledger.minutes);
        return this.ledger.open ? _t("%s late until now", late) : _t("%s late", late);
    }

    get causes() {
        return this.ledger.causes.map((one) => ({
            ...one,
            share: Math.round((100 * one.minutes) / this.ledger.minutes),
            text: duration(one.minutes),
        }));
    }
}

registry.category("fields").add("oms_late_ledger", {
    component: LateLedger,
    supportedTypes: ["json"],
});
