import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

import { fitProjection, isPlaced, layOut, pointsInView } from "./map_layout";
import { useWorldMap } from "./use_world_map";

/**
 * The network of warehouses, and the parcels of one order as arcs to their destination.
 *
 * `label` is a second line of text in a tooltip, `index` the number shown on a parcel's badge,
 * `used` a warehouse that takes part without a parcel of its own. A place without coordinates is
 * named below the map.
 */
export class NetworkMap extends Component {
    static template = "oms_extension.NetworkMap";
    static props = {
        warehouses: {
            type: Array,
            element: {
                type: Object,
                shape: {
                    id: Number,
                    name: String,
                    latitude: { type: [Number, Boolean, { value: null }], optional: true },
                    longitude: { type: [Number, Boolean, { value: null }], optional: true },
                    used: { type: Boolean, optional: true },
                    label: { type: [String, Boolean, { value: null }], optional: true },
                    "*": true,
                },
            },
        },
        destination: { type: [Object, Boolean, { value: null }], optional: true },
        parcels: {
            type: Array,
            optional: true,
            element: {
                type: Object,
                shape: {
                    warehouse_id: Number,
                    label: { type: [String, Boolean, { value: null }], optional: true },
                    quantity: { type: Number, optional: true },
                    cost_label: { type: [String, Boolean, { value: null }], optional: true },
                    date_label: { type: [String, Boolean, { value: null }], optional: true },
                    index: { type: Number, optional: true },
                    "*": true,
                },
            },
        },
        height: { type: Number, optional: true },
        onWarehouseClick: { type: Function, optional: true },
    };
    static defaultProps = { destination: null, parcels: [], height: 360 };

    setup() {
        this.canvas = useWorldMap();
        this.state = useState({ active: null, wholeNetwork: false });
    }

    // --- what the template asks ------------------------------------------------------------------

    get isEmpty() {
        return ![...this.props.warehouses, this.props.destination].some(isPlaced);
    }

    get hasDestination() {
        return isPlaced(this.props.destination);
    }

    get view() {
        if (this.isEmpty) {
            return { width: this.canvas.state.width, height: 160 };
        }
        // A phone held upright has no room for a wide map.
        const { width } = this.canvas.state;
        const height = Math.min(this.props.height, Math.max(240, width * 0.85));
        return { width, height: Math.round(height) };
    }

    /** Paths and positions of this rendering, or null while there is nothing to draw yet. */
    draw() {
        if (this.isEmpty || !this.canvas.state.ready || !this.canvas.state.width) {
            return null;
        }
        const { d3 } = this.canvas;
        const network = { ...this.props, parcels: this.props.parcels || [] };
        const { points, canWiden } = pointsInView(d3, network, this.state.wholeNetwork);
        const fitted = fitProjection(d3, points, this.view);
        return {
            canWiden,
            ...this.canvas.drawLand(fitted, points, this.view),
            ...layOut(d3, fitted, network, this.view, this.canvas.textMeasure()),
        };
    }

    get summary() {
        const { parcels, warehouses, destination } = this.props;
        if (!parcels?.length) {
            return _t("Map of %(count)s warehouses", { count: warehouses.length });
        }
        const names = warehouses
            .filter((one) => parcels.some((parcel) => parcel.warehouse_id === one.id))
            .map((one) => one.name)
            .join(", ");
        if (!destination?.label) {
            return _t("Map: %(count)s parcels from %(names)s", { count: parcels.length, names });
        }
        return _t("Map: %(count)s parcels from %(names)s to %(destination)s", {
            count: parcels.length,
            names,
            destination: destination.label,
        });
    }

    /** Sentences about what could not be placed. */
    get notes() {
        const missing = this.props.warehouses.filter((one) => !isPlaced(one));
        const notes = [];
        if (missing.length) {
            notes.push(
                _t("Not on the map, without coordinates: %s", missing.map((one) => one.name).join(", "))
            );
        }
        if (this.props.destination && !isPlaced(this.props.destination)) {
            notes.push(_t("The delivery address has no known country or postcode."));
        }
        return notes;
    }

    warehouseLines(marker) {
        const count = marker.parcels.length;
        const { label, name } = marker.warehouse;
        const lines = label && label !== name ? [label] : [];
        if (count) {
            lines.push(count === 1 ? _t("Ships 1 parcel") : _t("Ships %s parcels", count));
        } else if (!lines.length) {
            lines.push(_t("Ships nothing of this order"));
        }
        return lines;
    }

    parcelTitle(arc) {
        return _t("Parcel %(number)s from %(warehouse)s", {
            number: arc.number,
            warehouse: arc.warehouse.name,
        });
    }

    parcelLines({ parcel, warehouse }) {
        const label = parcel.label !== warehouse.name && parcel.label;
        const units =
            parcel.quantity &&
            _t("%s units", formatFloat(parcel.quantity, { digits: [16, 2], trailingZeros: false }));
        return [label, units, parcel.cost_label, parcel.date_label].filter(Boolean);
    }

    // --- tooltip ---------------------------------------------------------------------------------

    show(key, title, lines, [x, y]) {
        const beside = Math.min(Math.max(x, 110), Math.max(110, this.view.width - 110));
        this.state.active = { key, title, lines, x: beside, y, isBelow: y < 110 };
    }

    showWarehouse(marker) {
        const { id, name } = marker.warehouse;
        this.show(`warehouse-${id}`, name, this.warehouseLines(marker), marker.point);
    }

    showParcel(arc) {
        this.show(`parcel-${arc.number}`, this.parcelTitle(arc), this.parcelLines(arc), arc.badge);
    }

    showDestination(pin) {
        this.show("destination", this.props.destination.label || _t("Destination"), [], pin.point);
    }

    hide() {
        this.state.active = null;
    }

    isDimmed(arc) {
        const key = this.state.active?.key;
        if (!key || key === "destination") {
            return false;
        }
        return key !== `parcel-${arc.number}` && key !== `warehouse-${arc.warehouse.id}`;
    }

    onKeydown(ev) {
        if (ev.key === "Escape" && this.state.active) {
            ev.stopPropagation();
            this.hide();
        }
    }

    onWarehouseClick(marker) {
        this.showWarehouse(marker); // a finger neither hovers nor, everywhere, focuses
        this.props.onWarehouseClick?.(marker.warehouse.id);
    }
}
