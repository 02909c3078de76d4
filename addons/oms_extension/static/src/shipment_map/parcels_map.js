import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { fitProjection } from "../network_map/map_layout";
import { useWorldMap } from "../network_map/use_world_map";
import { cluster } from "./clusters";
import { lonLat } from "./route_layout";

/** Beyond so many places at once the outermost ones do not widen the view. */
const NAMED = 4;

/** Destinations of many parcels as circles, coloured by the worst of them. */
export class ParcelsMap extends Component {
    static template = "oms_extension.ParcelsMap";
    static props = {
        places: Array,
        warehouses: Array,
        unplaced: Number,
        height: { type: Number, optional: true },
        onOpen: Function,
    };
    static defaultProps = { height: 560 };

    setup() {
        this.canvas = useWorldMap();
        this.state = useState({ active: null });
    }

    /** Words for the tones, in the order of the legend. */
    get tones() {
        return [
            { key: "danger", name: _t("In trouble") },
            { key: "warning", name: _t("Late or off the plan") },
            { key: "info", name: _t("On their way") },
            { key: "muted", name: _t("Not on their way yet") },
            { key: "success", name: _t("Delivered") },
        ].filter(({ key }) => this.props.places.some((place) => place.tones[key]));
    }

    get view() {
        const { width } = this.canvas.state;
        return { width, height: Math.round(Math.min(this.props.height, Math.max(300, width * 1.1))) };
    }

    draw() {
        if (!this.canvas.state.ready || !this.canvas.state.width) {
            return null;
        }
        const points = this.props.places.map(lonLat);
        const fitted = fitProjection(this.canvas.d3, points, this.view);
        const project = (place) => fitted.projection(lonLat(place));
        return {
            ...this.canvas.drawLand(fitted, points, this.view),
            clusters: cluster(this.props.places, project, this.view),
            depots: this.props.warehouses
                .map((warehouse) => ({ warehouse, point: project(warehouse) }))
                .filter(({ point }) => point),
        };
    }

    title(one) {
        const names = one.places.slice(0, NAMED).map((place) => place.label);
        const rest = one.places.length - names.length;
        return rest > 0 ? _t("%(names)s and %(rest)s more", { names: names.join(", "), rest }) : names.join(", ");
    }

    lines(one) {
        return this.tones
            .filter(({ key }) => one.tones[key])
            .map(({ key, name }) => `${name}: ${one.tones[key]}`);
    }

    get summary() {
        const count = this.props.places.reduce((sum, place) => sum + place.count, 0);
        return _t("Map of %(count)s parcels in %(places)s places", {
            count,
            places: this.props.places.length,
        });
    }

    show(title, lines, [x, y]) {
        this.state.active = {
            title,
            lines,
            x: Math.min(Math.max(x, 110), Math.max(110, this.view.width - 110)),
            y,
            isBelow: y < 140,
        };
    }

    hide() {
        this.state.active = null;
    }
}
