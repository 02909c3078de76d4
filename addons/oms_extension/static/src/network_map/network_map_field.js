import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { NetworkMap } from "./network_map";

/**
 * Shows a JSON field that holds the props of `NetworkMap`: warehouses, destination and parcels.
 *
 *     <field name="oms_map_data" widget="oms_network_map" nolabel="1" options="{'height': 320}"/>
 */
export class NetworkMapField extends Component {
    static template = "oms_extension.NetworkMapField";
    static components = { NetworkMap };
    static props = {
        ...standardFieldProps,
        height: { type: Number, optional: true },
    };

    get mapProps() {
        const value = this.props.record.data[this.props.name] || {};
        return {
            warehouses: value.warehouses || [],
            destination: value.destination || null,
            parcels: value.parcels || [],
            ...(this.props.height && { height: this.props.height }),
        };
    }
}

export const networkMapField = {
    component: NetworkMapField,
    displayName: _t("Network Map"),
    supportedTypes: ["json"],
    supportedOptions: [{ label: _t("Height"), name: "height", type: "number" }],
    extractProps: ({ options }) => ({ height: options.height }),
};

registry.category("fields").add("oms_network_map", networkMapField);
