/**
 * Where everything on the map goes, in pixels. Pure functions: `d3` is handed in, nothing is drawn.
 */

import { placeBadge, placeLabel, spread } from "./map_labels";

const EARTH_RADIUS_KM = 6371;
/** A single place is shown with this much country around it. */
const LEAST_RADIUS_KM = 250;
/** A view that reaches further from its centre distorts too much: the whole world is shown. */
const WIDEST_REGION_KM = 8000;
/** The order's own places fill the map if the whole network is so many times wider. */
const NETWORK_TOO_WIDE = 2.5;

/** Radius of the markers in pixels. */
export const RADIUS = { used: 10, idle: 6, badge: 11, destination: 13 };

/** Coordinates of a record that has none are zero or missing in Odoo. */
export function isPlaced(place) {
    return (
        Boolean(place) &&
        Number.isFinite(place.latitude) &&
        Number.isFinite(place.longitude) &&
        (place.latitude !== 0 || place.longitude !== 0)
    );
}

const lonLat = (place) => [place.longitude, place.latitude];

// --- which part of the world ---------------------------------------------------------------------

/** Centre (longitude, latitude) and radius in km of the circle that holds `points`. */
function extent(d3, points) {
    const geometry = { type: "MultiPoint", coordinates: points };
    const centre = points.length === 1 ? points[0] : d3.geoCentroid(geometry);
    const radians = Math.max(...points.map((point) => d3.geoDistance(centre, point)));
    return { centre, radius: radians * EARTH_RADIUS_KM };
}

/**
 * The places the map must show: all of the network, unless the order's own part of it would be lost
 * in it.
 *
 * @returns {{ points: number[][], canWiden: boolean }} points as [longitude, latitude]; whether the
 *  whole network is that much wider than the order.
 */
export function pointsInView(d3, { warehouses, destination, parcels }, wholeNetwork) {
    const shipping = new Set(parcels.map((parcel) => parcel.warehouse_id));
    const all = [...warehouses, destination].filter(isPlaced).map(lonLat);
    const own = [...warehouses.filter((one) => shipping.has(one.id) || one.used), destination]
        .filter(isPlaced)
        .map(lonLat);
    if (!isPlaced(destination) || own.length === all.length) {
        return { points: all, canWiden: false };
    }
    const ownRadius = Math.max(extent(d3, own).radius, LEAST_RADIUS_KM);
    const canWiden = extent(d3, all).radius > NETWORK_TOO_WIDE * ownRadius;
    return { points: canWiden && !wholeNetwork ? own : all, canWiden };
}

/** The meridian opposite to the widest gap between `points`: there a world map is best cut. */
function middleMeridian(points) {
    const longitudes = points.map(([longitude]) => longitude).sort((a, b) => a - b);
    let widest = { gap: -1 };
    longitudes.forEach((longitude, position) => {
        const next = longitudes[position + 1] ?? longitudes[0] + 360;
        if (next - longitude > widest.gap) {
            widest = { gap: next - longitude, seam: (longitude + next) / 2 };
        }
    });
    return widest.seam + 180;
}

/**
 * A projection that shows `points` ([longitude, latitude]) with room around them.
 *
 * Equal-area and centred on the points for a region, so that a great circle looks straight; the
 * whole world (Equal Earth) for a network that spans it.
 *
 * @returns {{ projection: Function, isWorld: boolean }}
 */
export function fitProjection(d3, points, { width, height }) {
    const { centre, radius } = extent(d3, points);
    const shown = { type: "MultiPoint", coordinates: points };
    if (radius < LEAST_RADIUS_KM) {
        const degrees = (LEAST_RADIUS_KM / EARTH_RADIUS_KM) * (180 / Math.PI);
        shown.coordinates = d3.geoCircle().center(centre).radius(degrees)().coordinates[0];
    }
    const side = Math.min(100, width * 0.14);
    const above = Math.min(48, height * 0.16);
    const box = [
        [side, above],
        [width - side, height - above],
    ];
    let projection = d3
        .geoAzimuthalEqualArea()
        .rotate([-centre[0], -centre[1]])
        .fitExtent(box, shown);
    const corner = Math.hypot(width, height) / 2 / (2 * projection.scale());
    const isWorld = corner > Math.sin(WIDEST_REGION_KM / EARTH_RADIUS_KM / 2);
    if (isWorld) {
        projection = d3
            .geoEqualEarth()
            .rotate([-middleMeridian(points), 0])
            .fitExtent(box, shown);
    }
    projection
        .clipExtent([
            [-20, -20],
            [width + 20, height + 20],
        ])
        .precision(0.5);
    return { projection, isWorld };
}

// --- the way of a parcel -------------------------------------------------------------------------

const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The point at `distance` from `from` on the line to `to`. */
function towards(from, to, distance) {
    const length = apart(from, to) || 1;
    return [
        from[0] + ((to[0] - from[0]) * distance) / length,
        from[1] + ((to[1] - from[1]) * distance) / length,
    ];
}

/**
 * The line of one parcel: the great circle, bent a little so that two parcels on the same way stay
 * apart. On a map of the world, where great circles leave over the pole, a plain bow.
 *
 * @param {number} rank how many parcels go the same way before this one
 * @returns {number[][]} points [x, y]
 */
export function arcPoints(d3, { projection, isWorld }, from, to, rank = 0) {
    const along = d3.geoInterpolate(from, to);
    const [start, end] = [projection(from), projection(to)];
    const chord = apart(start, end);
    const side = (end[0] >= start[0] ? 1 : -1) * (rank % 2 ? -1 : 1);
    const bend = side * Math.min(chord * 0.16, 60) * (1 + 0.9 * Math.floor(rank / 2));
    const normal = chord ? [(end[1] - start[1]) / chord, (start[0] - end[0]) / chord] : [0, 0];
    const steps = 48;
    return Array.from({ length: steps + 1 }, (_, step) => {
        const share = step / steps;
        const shift = bend * 4 * share * (1 - share);
        const [x, y] = isWorld ? towards(start, end, share * chord) : projection(along(share));
        return [x + normal[0] * shift, y + normal[1] * shift];
    });
}

/** `points` without what the markers at both ends cover; ends exactly at their rims. */
export function trimEnds(points, atStart, atEnd) {
    const [first, last] = [points[0], points.at(-1)];
    const middle = points.filter(
        (point) => apart(point, first) > atStart && apart(point, last) > atEnd
    );
    if (middle.length < 4) {
        return [];
    }
    return [towards(first, middle[0], atStart), ...middle, towards(last, middle.at(-1), atEnd)];
}

function toPath(points) {
    return "M" + points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L");
}

const HEAD = { length: 10, half: 5 };

/** The line up to the arrow head, and the head: a triangle at the end, pointing along it. */
export function arrow(points) {
    const tip = points.at(-1);
    const shaft = points.filter((point) => apart(point, tip) > HEAD.length);
    const base = towards(tip, shaft.at(-1) || points[0], HEAD.length - 1);
    const across = [(tip[1] - base[1]) / HEAD.length, (base[0] - tip[0]) / HEAD.length];
    const corner = (side) => [
        base[0] + across[0] * HEAD.half * side,
        base[1] + across[1] * HEAD.half * side,
    ];
    return {
        path: toPath([...(shaft.length ? shaft : [points[0]]), base]),
        head: `${toPath([tip, corner(1), corner(-1)])}Z`,
    };
}

// --- everything over the land --------------------------------------------------------------------

const boxAround = ([x, y], radius) => ({
    x: x - radius,
    y: y - radius,
    width: 2 * radius,
    height: 2 * radius,
});

/**
 * Markers, arcs, badges and labels.
 *
 * @param {Object} d3
 * @param {{ projection: Function, isWorld: boolean }} fitted
 * @param {{ warehouses: Object[], destination: Object | null, parcels: Object[] }} network
 * @param {{ width: number, height: number }} view
 * @param {(text: string) => number} textWidth
 */
export function layOut(d3, fitted, { warehouses, destination, parcels }, view, textWidth) {
    const { projection } = fitted;
    const isInView = ([x, y]) => x >= 0 && y >= 0 && x <= view.width && y <= view.height;
    const markers = warehouses
        .filter(isPlaced)
        .map((warehouse) => {
            const sent = parcels.filter((parcel) => parcel.warehouse_id === warehouse.id);
            const isUsed = Boolean(sent.length || warehouse.used);
            return {
                warehouse,
                parcels: sent,
                isUsed,
                radius: isUsed ? RADIUS.used : RADIUS.idle,
                point: projection(lonLat(warehouse)),
            };
        })
        .filter((marker) => marker.point && isInView(marker.point))
        .sort((one, other) => other.isUsed - one.isUsed);
    const pin = isPlaced(destination)
        ? { point: projection(lonLat(destination)), radius: RADIUS.destination }
        : null;
    const spots = pin ? [pin, ...markers] : markers;
    spread(spots);

    const taken = spots.map((spot) => boxAround(spot.point, spot.radius));
    const arcs = pin ? layOutArcs(d3, fitted, markers, pin, destination, parcels, taken) : [];

    const label = (spot, text, isImportant) => {
        spot.labelBox = placeLabel(spot, textWidth(text), view, taken, isImportant);
    };
    if (pin && destination.label) {
        label(pin, destination.label, true);
    }
    for (const marker of markers) {
        label(marker, marker.warehouse.name, marker.isUsed);
    }
    return { markers, pin, arcs };
}

function layOutArcs(d3, fitted, markers, pin, destination, parcels, taken) {
    const largest = Math.max(...parcels.map((parcel) => parcel.quantity || 1));
    const ranks = new Map();
    const arcs = [];
    parcels.forEach((parcel, position) => {
        const marker = markers.find((one) => one.warehouse.id === parcel.warehouse_id);
        if (!marker) {
            return;
        }
        const rank = ranks.get(parcel.warehouse_id) || 0;
        ranks.set(parcel.warehouse_id, rank + 1);
        const ends = [lonLat(marker.warehouse), lonLat(destination)];
        const line = arcPoints(d3, fitted, ...ends, rank);
        const visible = trimEnds(
            [marker.point, ...line.slice(1, -1), pin.point],
            marker.radius + 1,
            pin.radius + 3
        );
        arcs.push({
            parcel,
            warehouse: marker.warehouse,
            number: parcel.index ?? position + 1,
            points: visible,
            ...(visible.length ? arrow(visible) : { path: "", head: "" }),
            width: 1.75 + 2.25 * Math.sqrt((parcel.quantity || 1) / largest),
            start: marker.point,
        });
    });
    const lines = arcs.map(({ points }) => points.map((point) => boxAround(point, 3)));
    arcs.forEach((arc, position) => {
        const way = arc.points.length ? arc.points : [arc.start, pin.point];
        const others = lines.filter((_, other) => other !== position).flat();
        arc.badge = placeBadge(way, RADIUS.badge, [...taken, ...others]);
        taken.push(boxAround(arc.badge, RADIUS.badge));
    });
    taken.push(...lines.flat());
    return arcs;
}
