/** Places near each other on the screen as one circle, so that many parcels stay readable. */

const GRAVITY = ["danger", "warning", "info", "muted", "success"];
const LARGEST = 24;
const GAP = 2;

export const radiusOf = (count) => Math.min(LARGEST, 8 + 2.2 * Math.sqrt(count));

/** The gravest tone among counts by tone. */
export function gravest(tones) {
    return GRAVITY.find((tone) => tones[tone]) || "muted";
}

/**
 * @param {{ count: number, tones: Object, label: string, domain: any[] }[]} places largest first
 * @param {(place: Object) => number[] | null} project pixels of a place
 * @param {{ width: number, height: number }} view
 * @returns {{ point: number[], radius: number, count: number, tones: Object, places: Object[] }[]}
 */
export function cluster(places, project, view) {
    const clusters = [];
    for (const place of places) {
        const point = project(place);
        if (!point || point[0] < 0 || point[1] < 0 || point[0] > view.width || point[1] > view.height) {
            continue;
        }
        const radius = radiusOf(place.count);
        const near = clusters.find(
            (one) =>
                Math.hypot(one.point[0] - point[0], one.point[1] - point[1]) <
                one.radius + radius + GAP
        );
        const into = near || { point, radius, count: 0, tones: {}, places: [] };
        if (!near) {
            clusters.push(into);
        }
        into.places.push(place);
        into.count += place.count;
        into.radius = radiusOf(into.count);
        for (const [tone, count] of Object.entries(place.tones)) {
            into.tones[tone] = (into.tones[tone] || 0) + count;
        }
    }
    return clusters.map((one, number) => ({ ...one, number, tone: gravest(one.tones) }));
}
