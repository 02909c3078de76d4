import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { fitProjection } from "../network_map/map_layout";
import { useWorldMap } from "../network_map/use_world_map";
import { shortMoment } from "../shipment_timeline/local_time";
import { layOutRoute, lonLat } from "./route_layout";

/** The way of one parcel: what is behind it as a line, what is ahead as a dashed one. */
export class RouteMap extends Component {
    static template = "oms_extension.RouteMap";
    static props = {
        route: Object,
        clock: { type: [String, Boolean], optional: true },
        height: { type: Number, optional: true },
    };
    static defaultProps = { height: 320 };

    setup() {
        this.canvas = useWorldMap();
        this.state = useState({ active: null });
    }

    get view() {
        const { width } = this.canvas.state;
        return { width, height: Math.round(Math.min(this.props.height, Math.max(220, width * 0.8))) };
    }

    draw() {
        if (!this.canvas.state.ready || !this.canvas.state.width) {
            return null;
        }
        const { d3 } = this.canvas;
        const points = this.props.route.stops.map(lonLat);
        const fitted = fitProjection(d3, points, this.view);
        return {
            ...this.canvas.drawLand(fitted, points, this.view),
            ...layOutRoute(d3, fitted, this.props.route, this.view, this.canvas.textMeasure()),
        };
    }

    get summary() {
        const places = this.props.route.stops.map((stop) => stop.label).join(" – ");
        return _t("Way of the parcel: %s", places);
    }

    lines({ kind, stop }) {
        const what = {
            origin: _t("Sent from here"),
            here: _t("Last seen here"),
            destination: _t("Destination"),
        }[kind];
        return [what, stop.text, stop.at && shortMoment(stop.at, this.props.clock)].filter(Boolean);
    }

    show(marker) {
        const [x, y] = marker.point;
        this.state.active = {
            title: marker.stop.label,
            lines: this.lines(marker),
            x: Math.min(Math.max(x, 110), Math.max(110, this.view.width - 110)),
            y,
            isBelow: y < 110,
        };
    }

    hide() {
        this.state.active = null;
    }
}
