/**
 * Keeping markers, badges and labels of a crowded map apart. Boxes are { x, y, width, height } and
 * points [x, y], in pixels.
 */

const LABEL = { height: 18, gap: 4, widest: 160 };

/** The area of `box` under the boxes of `taken`, summed: 0 is free. */
function covered(box, taken) {
    return taken.reduce((sum, other) => {
        const width = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
        const height =
            Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
        return sum + (width > 0 && height > 0 ? width * height : 0);
    }, 0);
}

/**
 * Moves spots ({ point, radius }) that cover each other apart, so that each can be seen and clicked;
 * each pair gives way equally.
 */
export function spread(spots) {
    for (let round = 0; round < 20; round++) {
        let moved = false;
        spots.forEach((one, position) => {
            for (const other of spots.slice(position + 1)) {
                let [dx, dy] = [other.point[0] - one.point[0], other.point[1] - one.point[1]];
                let distance = Math.hypot(dx, dy);
                const wanted = one.radius + other.radius + 1;
                if (distance >= wanted - 0.1) {
                    continue;
                }
                if (distance < 0.01) {
                    [dx, dy, distance] = [1, 0.3, 1.044];
                }
                const step = (wanted - Math.hypot(...[dx, dy])) / 2 / distance;
                one.point = [one.point[0] - dx * step, one.point[1] - dy * step];
                other.point = [other.point[0] + dx * step, other.point[1] + dy * step];
                moved = true;
            }
        });
        if (!moved) {
            return;
        }
    }
}

/**
 * Where a badge goes: on its line near the middle, else beside it, where it covers least.
 *
 * @param {number[][]} line
 * @param {number} radius
 * @param {Object[]} taken boxes that should stay visible
 */
export function placeBadge(line, radius, taken) {
    const at = (share) => line[Math.round(share * (line.length - 1))];
    const middle = at(0.5);
    const beside = [];
    for (const distance of [radius * 2, radius * 3.2]) {
        for (let turn = 0; turn < 8; turn++) {
            const angle = (turn * Math.PI) / 4 - Math.PI / 2;
            beside.push([
                middle[0] + distance * Math.cos(angle),
                middle[1] + distance * Math.sin(angle),
            ]);
        }
    }
    const box = ([x, y], half) => ({ x: x - half, y: y - half, width: 2 * half, height: 2 * half });
    const [start, end] = [line[0], line.at(-1)];
    // On a short line the badge would hide the line.
    const isShort = Math.hypot(end[0] - start[0], end[1] - start[1]) < 5 * radius;
    const onLine = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map(at);
    const options = isShort ? beside : [...onLine, ...beside];
    const busy = isShort ? [...taken, ...line.map((point) => box(point, 2))] : taken;
    const costs = options.map((point) => covered(box(point, radius), busy));
    return options[costs.indexOf(Math.min(...costs))];
}

/**
 * The box of a label beside its spot ({ point, radius }) where it covers nothing, with the `side` it
 * is on. Where there is no such place, an important label goes where it covers least, another is
 * left out (undefined).
 */
export function placeLabel({ point: [x, y], radius }, textWidth, view, taken, isImportant) {
    const width = Math.min(textWidth, LABEL.widest);
    const { height, gap } = LABEL;
    const [right, left] = [x + radius + gap, x - radius - gap - width];
    const [above, below] = [y - radius - gap / 2 - height, y + radius + gap / 2];
    const options = [
        { x: right, y: y - height / 2, side: "right" },
        { x: left, y: y - height / 2, side: "left" },
        { x: x - width / 2, y: below, side: "below" },
        { x: x - width / 2, y: above, side: "above" },
        { x: right - radius, y: below - radius / 2, side: "right" },
        { x: right - radius, y: above + radius / 2, side: "right" },
        { x: left + radius, y: below - radius / 2, side: "left" },
        { x: left + radius, y: above + radius / 2, side: "left" },
    ]
        .map((option) => ({ ...option, width, height }))
        .filter(
            (box) =>
                box.x >= 2 &&
                box.y >= 2 &&
                box.x + width <= view.width - 2 &&
                box.y + height <= view.height - 2
        );
    const costs = options.map((box) => covered(box, taken));
    const least = Math.min(...costs);
    if (!options.length || (least > 0 && !isImportant)) {
        return undefined;
    }
    const best = options[costs.indexOf(least)];
    taken.push(best);
    return best;
}
