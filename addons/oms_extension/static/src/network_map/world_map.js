import { loadBundle } from "@web/core/assets";

import { linePieces, polygonPieces } from "./map_land";

export const OUTLINES = "/oms_extension/static/lib/world-atlas/countries-50m.json";

/**
 * What is needed to draw a map: the `d3` library, and the world's land and borders.
 *
 * @typedef {import("./map_land").Piece} Piece
 * @typedef {{ d3: Object, land: Piece[], borders: Piece[] }} WorldMap
 */

/** @type {Promise<WorldMap> | undefined} */
let loading;

/**
 * Loads libraries and outlines from this server, once per page, when the first map is shown.
 *
 * @returns {Promise<WorldMap>}
 */
export function loadWorldMap() {
    loading ??= fetchWorldMap().catch((error) => {
        loading = undefined; // the next map tries again
        throw error;
    });
    return loading;
}

async function fetchWorldMap() {
    const [topology] = await Promise.all([
        fetch(OUTLINES).then((response) => {
            if (!response.ok) {
                throw new Error(`The outlines of the map could not be loaded: ${response.status}`);
            }
            return response.json();
        }),
        loadBundle("oms_extension.network_map_lib"),
    ]);
    const { d3, topojson } = window;
    const countries = topology.objects.countries;
    return {
        d3,
        land: polygonPieces(topojson.feature(topology, countries)),
        borders: linePieces(topojson.mesh(topology, countries, (one, other) => one !== other)),
    };
}
