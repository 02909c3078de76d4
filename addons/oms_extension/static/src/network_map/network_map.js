import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

import { coordinatesInView } from "./map_land";
import { fitProjection, isPlaced, layOut, pointsInView } from "./map_layout";
import { loadWorldMap } from "./world_map";

/** Of the labels, see network_map.scss: bold ones, and a little air. */
const LABEL_FONT = "600 12px";
const LABEL_AIR = 6;

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
        this.canvas = useRef("canvas");
        this.state = useState({
            world: null,
            failed: false,
            width: 0,
            active: null,
            wholeNetwork: false,
        });
        this.drawnLand = { key: "" };
        let observer;
        onMounted(() => {
            this.load();
            this.state.width = this.canvas.el.clientWidth;
            observer = new ResizeObserver(() => {
                this.state.width = this.canvas.el?.clientWidth || 0;
            });
            observer.observe(this.canvas.el);
        });
        onWillUnmount(() => observer.disconnect());
    }

    async load() {
        try {
            // Thousands of points are no state to watch.
            this.world = await loadWorldMap();
            this.state.world = true;
        } catch (error) {
            this.state.failed = true;
            throw error;
        }
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
            return { width: this.state.width, height: 160 };
        }
        // A phone held upright has no room for a wide map.
        const height = Math.min(this.props.height, Math.max(240, this.state.width * 0.85));
        return { width: this.state.width, height: Math.round(height) };
    }

    /** Paths and positions of this rendering, or null while there is nothing to draw yet. */
    draw() {
        if (this.isEmpty || !this.state.world || !this.state.width) {
            return null;
        }
        const { d3 } = this.world;
        const network = { ...this.props, parcels: this.props.parcels || [] };
        const { points, canWiden } = pointsInView(d3, network, this.state.wholeNetwork);
        const fitted = fitProjection(d3, points, this.view);
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = `${LABEL_FONT} ${getComputedStyle(document.body).fontFamily}`;
        const textWidth = (text) => Math.ceil(pen.measureText(text).width) + LABEL_AIR;
        return {
            canWiden,
            ...this.drawLand(d3, fitted, points),
            ...layOut(d3, fitted, network, this.view, textWidth),
        };
    }

    drawLand(d3, { projection, isWorld }, points) {
        const key = JSON.stringify([points, this.view]);
        if (this.drawnLand.key !== key) {
            const path = d3.geoPath(projection).digits(1);
            const shape = (type, pieces) => {
                const coordinates = isWorld
                    ? pieces.map((piece) => piece.coordinates)
                    : coordinatesInView(pieces, projection, this.view);
                return path({ type, coordinates }) || "";
            };
            this.drawnLand = {
                key,
                land: shape("MultiPolygon", this.world.land),
                borders: shape("MultiLineString", this.world.borders),
                graticule: path(d3.geoGraticule10()) || "",
            };
        }
        return this.drawnLand;
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
