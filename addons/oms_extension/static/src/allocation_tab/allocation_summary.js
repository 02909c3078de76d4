import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatPercentage } from "@web/views/fields/formatters";
import { day, moment, money, unitCount } from "./format";

/** What the decision comes to: cost, parcels, dates, policy, and how good it is proven to be. */
export class AllocationSummary extends Component {
    static template = "oms_extension.AllocationSummary";
    static props = { view: Object };

    get summary() {
        return this.props.view.summary;
    }

    get cost() {
        return money(this.summary.cost, this.props.view.currency_id);
    }

    get arrives() {
        return day(this.summary.deliver_at) || "–";
    }

    get arrivesAt() {
        return moment(this.summary.deliver_at);
    }

    get missing() {
        return unitCount(this.summary.missing);
    }

    get policy() {
        const { policy, policy_version: version } = this.props.view;
        return version ? _t("%(policy)s, version %(version)s", { policy, version }) : policy;
    }

    /** How far the plan can be from the best one. */
    get proof() {
        const { by_hand: byHand, mode, gap, parcels } = this.summary;
        if (byHand) {
            return { icon: "fa-hand-paper-o", text: _t("Changed by hand"), class: "text-bg-warning" };
        }
        if (!parcels) {
            return { icon: "fa-clock-o", text: _t("Nothing ships now"), class: "text-bg-danger" };
        }
        if (mode === "rules") {
            return { icon: "fa-list-ol", text: _t("Decided by rules"), class: "text-bg-info" };
        }
        if (gap > 0) {
            return {
                icon: "fa-line-chart",
                text: _t("At most %s above the least cost", formatPercentage(gap)),
                class: "text-bg-info",
            };
        }
        const text = this.props.view.by
            ? _t("Proven least cost with what is locked")
            : _t("Proven least cost");
        return { icon: "fa-check", text, class: "text-bg-success" };
    }
}
