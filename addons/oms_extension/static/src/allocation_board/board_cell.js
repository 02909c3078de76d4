import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { movable } from "./board_moves";

/** Units of one line at one warehouse: a number, a handle to drag them, and a lock. */
export class BoardCell extends Component {
    static template = "oms_extension.BoardCell";
    static props = {
        row: Object,
        cell: Object,
        warehouse: Object,
        isTarget: Boolean,
        onQuantity: Function,
        onLock: Function,
        onDragStart: Function,
        onDragEnd: Function,
        onDrop: Function,
    };

    setup() {
        this.state = useState({ over: false });
    }

    get canDrag() {
        return movable(this.props.cell) > 0;
    }

    /** Whether there is anything to ship from here, or a number that has to be corrected. */
    get isPossible() {
        return this.props.cell.available !== 0 || this.props.cell.quantity > 0;
    }

    /** Whether the policy would ship nothing from here, for a reason that a person may overrule. */
    get isUnusual() {
        return Boolean(this.props.cell.ruled_out) && this.props.cell.available !== 0;
    }

    get free() {
        const { available } = this.props.cell;
        return available === null ? _t("no limit") : _t("%s free", available);
    }

    get label() {
        return _t("%(product)s from %(warehouse)s", {
            product: this.props.row.product,
            warehouse: this.props.warehouse.name,
        });
    }

    onChange(ev) {
        const quantity = Math.floor(Number(ev.target.value));
        if (!Number.isFinite(quantity) || quantity < 0) {
            ev.target.value = this.props.cell.quantity || "";
            return;
        }
        ev.target.value = quantity || "";
        if (quantity !== this.props.cell.quantity) {
            this.props.onQuantity(quantity);
        }
    }

    onDragOver(ev) {
        if (this.props.isTarget && this.isPossible) {
            ev.preventDefault();
            this.state.over = true;
        }
    }

    onDrop(ev) {
        ev.preventDefault();
        this.state.over = false;
        this.props.onDrop(ev);
    }
}
