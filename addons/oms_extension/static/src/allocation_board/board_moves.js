/**
 * What a person does on the board, as pure functions: each takes the board of `oms.allocation.change`
 * and gives the new value of its field `cells`.
 *
 * A cell that is touched is locked: it stays as the person wants it, whatever is decided later.
 */

/** The board as it is: list of `{ line, warehouse, quantity, locked }`. */
export function cellsOf(board) {
    return board.rows.flatMap((row) =>
        row.cells.map(({ warehouse, quantity, locked }) => ({
            line: row.line,
            warehouse,
            quantity,
            locked,
        }))
    );
}

/** Units that may leave a cell: what a warehouse has begun stays. */
export function movable(cell) {
    return Math.max(cell.quantity - cell.begun, 0);
}

/**
 * Set the quantity of one cell. What it takes comes from the units that wait, then from the cells
 * that are not locked, the fullest first; what it gives up waits.
 */
export function setQuantity(board, line, warehouse, quantity) {
    const row = board.rows.find((one) => one.line === line);
    const target = row.cells.find((one) => one.warehouse === warehouse);
    let wanted = quantity - target.quantity - row.waiting;
    const taken = new Map();
    const givers = row.cells
        .filter((one) => one !== target && !one.locked)
        .sort((one, other) => movable(other) - movable(one));
    for (const giver of givers) {
        const units = Math.max(Math.min(wanted, movable(giver)), 0);
        taken.set(giver.warehouse, units);
        wanted -= units;
    }
    return cellsOf(board).map((cell) => {
        if (cell.line !== line) {
            return cell;
        }
        if (cell.warehouse === warehouse) {
            return { ...cell, quantity, locked: quantity > 0 };
        }
        return { ...cell, quantity: cell.quantity - (taken.get(cell.warehouse) || 0) };
    });
}

/** Move units of a line from one warehouse to another; `from` is null for units that wait. */
export function moveUnits(board, line, from, to, units) {
    return cellsOf(board).map((cell) => {
        if (cell.line !== line) {
            return cell;
        }
        if (cell.warehouse === to) {
            return { ...cell, quantity: cell.quantity + units, locked: true };
        }
        if (cell.warehouse === from) {
            const quantity = cell.quantity - units;
            return { ...cell, quantity, locked: cell.locked && quantity > 0 };
        }
        return cell;
    });
}

/** Lock or unlock one cell, or with `warehouse` null every cell of the line that has units. */
export function setLock(board, line, warehouse, locked) {
    return cellsOf(board).map((cell) =>
        cell.line === line && cell.quantity && (warehouse === null || cell.warehouse === warehouse)
            ? { ...cell, locked }
            : cell
    );
}
