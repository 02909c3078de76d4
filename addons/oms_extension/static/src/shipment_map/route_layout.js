/**
 * Where the stops of a parcel's way go on a map, in pixels. Pure functions, as in `map_layout.js`.
 */

import { placeLabel, spread } from "../network_map/map_labels";
import { arcPoints, arrow, trimEnds } from "../network_map/map_layout";

const RADIUS = { origin: 9, seen: 5, here: 10, destination: 13 };

export const lonLat = (place) => [place.longitude, place.latitude];

/** What a stop looks like: where the parcel is now differs from where it only passed. */
function look(stop, number, reached) {
    const isHere = number === reached - 1 && stop.kind !== "destination";
    return isHere ? "here" : stop.kind;
}

/**
 * @param {Object} d3
 * @param {{ projection: Function, isWorld: boolean }} fitted
 * @param {{ stops: Object[], reached: number }} route the first `reached` stops are behind
 * @param {{ width: number, height: number }} view
 * @param {(text: string) => number} textWidth
 */
export function layOutRoute(d3, fitted, { stops, reached }, view, textWidth) {
    const markers = stops.map((stop, number) => {
        const kind = look(stop, number, reached);
        const point = fitted.projection(lonLat(stop));
        return { stop, number, kind, radius: RADIUS[kind], point };
    });
    spread(markers);
    const legs = markers.slice(1).map((marker, number) => {
        const before = markers[number];
        const line = arcPoints(d3, fitted, lonLat(before.stop), lonLat(marker.stop));
        const visible = trimEnds(
            [before.point, ...line.slice(1, -1), marker.point],
            before.radius + 1,
            marker.radius + 2
        );
        return {
            number,
            isAhead: marker.number >= reached,
            ...(visible.length ? arrow(visible) : { path: "", head: "" }),
        };
    });
    const taken = markers.map(({ point: [x, y], radius }) => ({
        x: x - radius,
        y: y - radius,
        width: 2 * radius,
        height: 2 * radius,
    }));
    const isImportant = (marker) => marker.kind !== "seen";
    for (const marker of [...markers].sort((a, b) => isImportant(b) - isImportant(a))) {
        marker.labelBox = placeLabel(
            marker,
            textWidth(marker.stop.label),
            view,
            taken,
            isImportant(marker)
        );
    }
    return { markers, legs };
}
