import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { BoardCell } from "./board_cell";
import { BoardCosts } from "./board_costs";
import { movable, moveUnits, setLock, setQuantity } from "./board_moves";

/**
 * Order lines as rows, warehouses as columns. What a person does goes into the field; the server
 * answers in the record's `board` with names, stock, the cost, and what is impossible about it.
 */
export class AllocationBoard extends Component {
    static template = "oms_extension.AllocationBoard";
    static components = { BoardCell, BoardCosts };
    static props = { ...standardFieldProps };

    setup() {
        /** The units being dragged: `{ line, warehouse, units }`, warehouse null for those that wait. */
        this.drag = useState({ line: null, warehouse: null, units: 0 });
    }

    get board() {
        return this.props.record.data.board;
    }

    get hasWaiting() {
        return this.board.rows.some((row) => row.waiting);
    }

    isLocked(row) {
        const filled = row.cells.filter((cell) => cell.quantity);
        return filled.length > 0 && filled.every((cell) => cell.locked);
    }

    isTarget(row, cell) {
        return this.drag.line === row.line && this.drag.warehouse !== cell.warehouse;
    }

    update(cells) {
        return this.props.record.update({ [this.props.name]: cells });
    }

    onQuantity(row, cell, quantity) {
        return this.update(setQuantity(this.board, row.line, cell.warehouse, quantity));
    }

    onLock(row, warehouse, locked) {
        return this.update(setLock(this.board, row.line, warehouse, locked));
    }

    onDragStart(row, cell, ev) {
        const all = cell ? movable(cell) : row.waiting;
        Object.assign(this.drag, {
            line: row.line,
            warehouse: cell ? cell.warehouse : null,
            units: ev.shiftKey ? 1 : all,
        });
        ev.dataTransfer.effectAllowed = "move";
        ev.dataTransfer.setData("text/plain", String(this.drag.units));
    }

    onDragEnd() {
        Object.assign(this.drag, { line: null, warehouse: null, units: 0 });
    }

    onDrop(row, cell) {
        const { line, warehouse, units } = this.drag;
        this.onDragEnd();
        if (line === row.line && warehouse !== cell.warehouse && units) {
            return this.update(moveUnits(this.board, line, warehouse, cell.warehouse, units));
        }
    }
}

registry.category("fields").add("oms_allocation_board", {
    component: AllocationBoard,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "board", type: "json", readonly: true }],
});
