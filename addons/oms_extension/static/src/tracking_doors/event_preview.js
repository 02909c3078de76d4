import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The first events of a file as they would be stored. */
export class EventPreview extends Component {
    static template = "oms_extension.EventPreview";
    static props = { ...standardFieldProps };

    get events() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("oms_event_preview", {
    component: EventPreview,
    supportedTypes: ["json"],
});
