import { describe, expect, test } from "@odoo/hoot";

import { moveUnits, setLock, setQuantity } from "@oms_extension/allocation_board/board_moves";

describe.current.tags("headless");

const MILANO = 1;
const LEIPZIG = 2;
const LYON = 3;

/** One line of `ordered` units; cells as { warehouse: [quantity, locked, begun] }. */
function board(ordered, cells) {
    const list = [MILANO, LEIPZIG, LYON].map((warehouse) => {
        const [quantity = 0, locked = false, begun = 0] = cells[warehouse] || [];
        return { warehouse, quantity, locked, begun };
    });
    const placed = list.reduce((sum, cell) => sum + cell.quantity, 0);
    return { rows: [{ line: 7, waiting: ordered - placed, cells: list }] };
}

/** Quantities by warehouse, locked ones with an asterisk. */
function units(cells) {
    return cells.map(({ quantity, locked }) => `${quantity}${locked ? "*" : ""}`).join(" ");
}

test("a number that rises takes from the fullest cell that is not locked", () => {
    const before = board(5, { [MILANO]: [2], [LEIPZIG]: [3] });
    expect(units(setQuantity(before, 7, LYON, 2))).toBe("2 1 2*");
});

test("a number that rises takes units that wait before it takes from a warehouse", () => {
    const before = board(5, { [MILANO]: [3] });
    expect(units(setQuantity(before, 7, LYON, 3))).toBe("2 0 3*");
});

test("locked units and units that were begun are not taken", () => {
    const before = board(5, { [MILANO]: [3, false, 2], [LEIPZIG]: [2, true] });
    expect(units(setQuantity(before, 7, LYON, 2))).toBe("2 2* 2*");
});

test("a number that falls leaves units waiting", () => {
    const before = board(5, { [MILANO]: [5] });
    expect(units(setQuantity(before, 7, MILANO, 4))).toBe("4* 0 0");
});

test("an emptied cell is not locked", () => {
    const before = board(5, { [MILANO]: [3, true], [LEIPZIG]: [2] });
    expect(units(setQuantity(before, 7, MILANO, 0))).toBe("0 2 0");
});

test("moved units are locked where they arrive", () => {
    const before = board(5, { [MILANO]: [3], [LEIPZIG]: [2] });
    expect(units(moveUnits(before, 7, MILANO, LEIPZIG, 3))).toBe("0 5* 0");
    expect(units(moveUnits(before, 7, MILANO, LYON, 1))).toBe("2 2 1*");
});

test("units that wait can be moved to a warehouse", () => {
    const before = board(5, { [MILANO]: [3] });
    expect(units(moveUnits(before, 7, null, LYON, 2))).toBe("3 0 2*");
});

test("what is left of a locked cell stays locked", () => {
    const before = board(5, { [MILANO]: [3, true], [LEIPZIG]: [2] });
    expect(units(moveUnits(before, 7, MILANO, LYON, 1))).toBe("2* 2 1*");
});

test("a lock is for one cell or for all of a line that have units", () => {
    const before = board(5, { [MILANO]: [3], [LEIPZIG]: [2] });
    expect(units(setLock(before, 7, LEIPZIG, true))).toBe("3 2* 0");
    expect(units(setLock(before, 7, null, true))).toBe("3* 2* 0");
});
