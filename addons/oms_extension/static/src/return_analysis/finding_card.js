import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";

/** One finding: what, with which evidence, for how much, and what to do. */
export class FindingCard extends Component {
    static template = "oms_extension.ReturnFindingCard";
    static props = { finding: Object, open: Function };

    get doneOn() {
        return formatDate(deserializeDate(this.props.finding.done_on));
    }

    show(method) {
        return this.props.open(this.props.finding.id, method);
    }
}
