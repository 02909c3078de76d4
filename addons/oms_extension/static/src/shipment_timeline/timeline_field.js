import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { EventTimeline } from "./event_timeline";

/** The timeline of a shipment's form; its value comes whole from `timeline_view`. */
export class TimelineField extends Component {
    static template = "oms_extension.TimelineField";
    static components = { EventTimeline };
    static props = { ...standardFieldProps };

    get view() {
        return this.props.record.data[this.props.name] || {};
    }
}

registry.category("fields").add("oms_timeline", {
    component: TimelineField,
    supportedTypes: ["json"],
});
