import { onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";

import { coordinatesInView } from "./map_land";
import { loadWorldMap } from "./world_map";

/** Of the labels, see network_map.scss: bold ones, and a little air. */
const LABEL_FONT = "600 12px";
const LABEL_AIR = 6;

/** A canvas with the world on it: what every map of the addon begins with. */
class WorldCanvas {
    /** @param {{ ready: boolean, failed: boolean, width: number }} state what a rendering asks for */
    constructor(state) {
        this.state = state;
        this.world = null;
        this.drawn = { key: "" };
    }

    get d3() {
        return this.world.d3;
    }

    async load() {
        try {
            // Thousands of points are no state to watch.
            this.world = await loadWorldMap();
            this.state.ready = true;
        } catch (error) {
            this.state.failed = true;
            throw error;
        }
    }

    /**
     * Paths of land, borders and graticule; drawn anew only when the view has changed.
     *
     * @param {{ projection: Function, isWorld: boolean }} fitted
     * @param {number[][]} points in view, as [longitude, latitude]
     * @param {{ width: number, height: number }} view
     */
    drawLand({ projection, isWorld }, points, view) {
        const key = JSON.stringify([points, view]);
        if (this.drawn.key !== key) {
            const path = this.d3.geoPath(projection).digits(1);
            const shape = (type, pieces) => {
                const coordinates = isWorld
                    ? pieces.map((piece) => piece.coordinates)
                    : coordinatesInView(pieces, projection, view);
                return path({ type, coordinates }) || "";
            };
            this.drawn = {
                key,
                land: shape("MultiPolygon", this.world.land),
                borders: shape("MultiLineString", this.world.borders),
                graticule: path(this.d3.geoGraticule10()) || "",
            };
        }
        return this.drawn;
    }

    /** A function that measures texts as labels show them, in pixels. */
    textMeasure() {
        const pen = document.createElement("canvas").getContext("2d");
        pen.font = `${LABEL_FONT} ${getComputedStyle(document.body).fontFamily}`;
        return (text) => Math.ceil(pen.measureText(text).width) + LABEL_AIR;
    }
}

/**
 * Loads the world and follows the width of the element with `t-ref="canvas"`.
 *
 * @returns {WorldCanvas}
 */
export function useWorldMap() {
    const element = useRef("canvas");
    const canvas = new WorldCanvas(useState({ ready: false, failed: false, width: 0 }));
    let observer;
    onMounted(() => {
        canvas.load();
        canvas.state.width = element.el.clientWidth;
        observer = new ResizeObserver(() => {
            canvas.state.width = element.el?.clientWidth || 0;
        });
        observer.observe(element.el);
    });
    onWillUnmount(() => observer.disconnect());
    return canvas;
}
