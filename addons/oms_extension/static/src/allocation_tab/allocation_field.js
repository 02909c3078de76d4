import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { AllocationSummary } from "./allocation_summary";
import { AlternativeList } from "./alternative_list";
import { DecisionCard } from "./decision_card";
import { DecisionHistory } from "./decision_history";
import { ParcelTable } from "./parcel_table";

/** The *Allocation* tab of an order. Its value comes whole from `oms_allocation_view`. */
export class AllocationField extends Component {
    static template = "oms_extension.AllocationField";
    static components = {
        AllocationSummary,
        AlternativeList,
        DecisionCard,
        DecisionHistory,
        ParcelTable,
    };
    static props = { ...standardFieldProps };

    get view() {
        return this.props.record.data[this.props.name] || { state: "empty" };
    }

    get isDecided() {
        return this.view.state === "proposed" || this.view.state === "committed";
    }
}

registry.category("fields").add("oms_allocation", {
    component: AllocationField,
    supportedTypes: ["json"],
    additionalClasses: ["o_oms_allocation_field"],
});
