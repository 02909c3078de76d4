import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { RouteMap } from "./route_map";

/** Shows the JSON field `route` of a shipment. */
export class RouteField extends Component {
    static template = "oms_extension.RouteField";
    static components = { RouteMap };
    static props = { ...standardFieldProps };

    get route() {
        return this.props.record.data[this.props.name];
    }

    get clock() {
        return this.route.clock;
    }
}

registry.category("fields").add("oms_route", {
    component: RouteField,
    supportedTypes: ["json"],
});
