import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { integer, money } from "./formats";

/** Groups by reason; the tint tells what stands out against the reasons of all. */
export class ReasonHeat extends Component {
    static template = "oms_extension.ReasonHeat";
    static props = { heat: Object, currencyId: Number, open: Function };

    setup() {
        this.integer = integer;
    }

    /** Twice the usual and more is as dark as it gets; few units tell little. */
    tint(cell) {
        const over = Math.max(0, Math.min(1, (cell.ratio - 1) / 2));
        const sure = Math.min(1, cell.returned / 8);
        return `--share: ${(over * sure).toFixed(3)}`;
    }

    title(row, reason, cell) {
        return _t("%(row)s, %(reason)s: %(count)s units, %(usual)s usual, %(cost)s", {
            row: row.name,
            reason: reason.name,
            count: integer(cell.returned),
            usual: cell.expected,
            cost: money(cell.cost, this.props.currencyId),
        });
    }
}
