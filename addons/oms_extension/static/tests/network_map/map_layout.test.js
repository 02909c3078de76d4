import { before, describe, expect, test } from "@odoo/hoot";
import { preloadBundle } from "@web/../tests/web_test_helpers";

import { coordinatesInView, linePieces } from "@oms_extension/network_map/map_land";
import { placeLabel, spread } from "@oms_extension/network_map/map_labels";
import {
    arcPoints,
    fitProjection,
    isPlaced,
    layOut,
    pointsInView,
} from "@oms_extension/network_map/map_layout";

describe.current.tags("headless");

const VIEW = { width: 800, height: 400 };
const MILANO = { id: 1, name: "Milano", latitude: 45.46, longitude: 9.19 };
const LODZ = { id: 2, name: "Łódź", latitude: 51.76, longitude: 19.46 };
const SHANGHAI = { id: 3, name: "Shanghai", latitude: 31.2, longitude: 121.5 };
const MARSEILLE = { label: "Marseille", latitude: 43.3, longitude: 5.37 };
const SYDNEY = { label: "Sydney", latitude: -33.87, longitude: 151.2 };
const NEW_YORK = { label: "New York", latitude: 40.7, longitude: -74.1 };
const LOS_ANGELES = { label: "Los Angeles", latitude: 34.05, longitude: -118.24 };

const textWidth = (text) => text.length * 7;
const lonLat = (place) => [place.longitude, place.latitude];
const parcel = (warehouse_id, quantity = 1) => ({ warehouse_id, quantity });

let d3;
preloadBundle("oms_extension.network_map_lib");
before(() => (d3 = window.d3));

function draw(network) {
    const { points } = pointsInView(d3, network, false);
    return layOut(d3, fitProjection(d3, points, VIEW), network, VIEW, textWidth);
}

test("a place without coordinates is not placed", () => {
    expect(isPlaced(MILANO)).toBe(true);
    expect(isPlaced({ latitude: 0, longitude: 9.19 })).toBe(true);
    expect(isPlaced({ latitude: 0, longitude: 0 })).toBe(false);
    expect(isPlaced({ latitude: false, longitude: false })).toBe(false);
    expect(isPlaced(null)).toBe(false);
});

test("every place lies inside the view, with room around it", () => {
    const places = [MILANO, LODZ, MARSEILLE].map(lonLat);
    const { projection, isWorld } = fitProjection(d3, places, VIEW);
    expect(isWorld).toBe(false);
    for (const [x, y] of places.map((place) => projection(place))) {
        expect(x).toBeWithin(60, VIEW.width - 60);
        expect(y).toBeWithin(40, VIEW.height - 40);
    }
});

test("a single place is shown with its surroundings", () => {
    const { projection } = fitProjection(d3, [lonLat(MILANO)], VIEW);
    expect(projection(lonLat(MILANO)).map(Math.round)).toEqual([400, 200]);
    const [x, y] = projection(lonLat(MARSEILLE));
    expect(x).toBeWithin(0, VIEW.width);
    expect(y).toBeWithin(0, VIEW.height);
});

test("only the land in view is drawn", () => {
    const [alps, patagonia] = [[[8, 45], [12, 47]], [[-70, -45], [-68, -50]]];
    const around = [[-170, 10], [-60, 30], [60, 30], [170, 10]];
    const pieces = linePieces({ coordinates: [alps, patagonia, around] });
    const { projection } = fitProjection(d3, [lonLat(MILANO)], VIEW);
    expect(coordinatesInView(pieces, projection, VIEW)).toEqual([alps, around]);
});

test("a network around the world is cut where nobody is", () => {
    const fromWestToEast = [SHANGHAI, SYDNEY, LOS_ANGELES, NEW_YORK, MILANO].map(lonLat);
    const { projection, isWorld } = fitProjection(d3, fromWestToEast, VIEW);
    expect(isWorld).toBe(true);
    const xs = fromWestToEast.map((point) => projection(point)[0]);
    expect(xs).toEqual(xs.toSorted((a, b) => a - b));
});

test("a far warehouse that ships nothing does not shrink the order", () => {
    const network = {
        warehouses: [MILANO, SHANGHAI],
        destination: MARSEILLE,
        parcels: [parcel(MILANO.id)],
    };
    expect(pointsInView(d3, network, false)).toEqual({
        points: [lonLat(MILANO), lonLat(MARSEILLE)],
        canWiden: true,
    });
    expect(pointsInView(d3, network, true).points).toHaveLength(3);
    expect(draw(network).markers.map((marker) => marker.warehouse.name)).toEqual(["Milano"]);
});

test("an arc runs from the warehouse to the destination", () => {
    const ends = [lonLat(LODZ), lonLat(MARSEILLE)];
    const fitted = fitProjection(d3, ends, VIEW);
    const line = arcPoints(d3, fitted, ...ends);
    const rounded = (point) => point.map(Math.round);
    expect(rounded(line[0])).toEqual(rounded(fitted.projection(ends[0])));
    expect(rounded(line.at(-1))).toEqual(rounded(fitted.projection(ends[1])));
});

test("two parcels on the same way have arcs of their own", () => {
    const { arcs } = draw({
        warehouses: [LODZ],
        destination: MARSEILLE,
        parcels: [parcel(LODZ.id), parcel(LODZ.id, 4), parcel(LODZ.id)],
    });
    expect(new Set(arcs.map((arc) => arc.path)).size).toBe(3);
    expect(arcs.map((arc) => arc.number)).toEqual([1, 2, 3]);
    expect(arcs[1].width > arcs[0].width).toBe(true);
    for (const [one, other] of [[0, 1], [1, 2], [0, 2]]) {
        const [a, b] = [arcs[one].badge, arcs[other].badge];
        expect(Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])) >= 22).toBe(true);
    }
});

test("a customer in the warehouse's own town gets a badge instead of an arc", () => {
    const { arcs, markers, pin } = draw({
        warehouses: [MILANO],
        destination: { ...MILANO, label: "Milano Centro" },
        parcels: [parcel(MILANO.id)],
    });
    expect(arcs[0].path).toBe("");
    const [dx, dy] = [0, 1].map((axis) => markers[0].point[axis] - pin.point[axis]);
    expect(Math.hypot(dx, dy) > 20).toBe(true);
});

test("a parcel of a warehouse that is not on the map has no arc", () => {
    const { arcs } = draw({
        warehouses: [LODZ, { id: 9, name: "Nowhere", latitude: 0, longitude: 0 }],
        destination: MARSEILLE,
        parcels: [parcel(9), parcel(LODZ.id)],
    });
    expect(arcs.map((arc) => arc.number)).toEqual([2]);
});

test("spots that cover each other move apart", () => {
    const spots = [0, 1, 2].map(() => ({ point: [100, 100], radius: 10 }));
    spread(spots);
    for (const [one, other] of [[0, 1], [1, 2], [0, 2]]) {
        const [a, b] = [spots[one].point, spots[other].point];
        expect(Math.hypot(a[0] - b[0], a[1] - b[1]) > 15).toBe(true);
    }
});

test("a label stays in view and off others; an important one is never dropped", () => {
    const spot = { point: [795, 200], radius: 6 };
    expect(placeLabel(spot, 60, VIEW, []).side).toBe("left");
    const crowded = [{ x: 0, y: 0, width: 800, height: 400 }];
    expect(placeLabel(spot, 60, VIEW, [...crowded])).toBe(undefined);
    expect(placeLabel(spot, 60, VIEW, [...crowded], true).width).toBe(60);
});
