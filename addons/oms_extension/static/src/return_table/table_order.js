import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { newKey } from "./table_unit";

/** What is in a parcel that nobody announced: count it by scanning or tapping. */
export class TableOrder extends Component {
    static template = "oms_extension.TableOrder";
    static props = { order: Object, busy: Boolean, makeReturn: Function, giveUp: Function };

    setup() {
        this.key = newKey();
        this.state = useState({ counts: {}, problem: "" });
        onWillUpdateProps((next) => {
            if (next.order.turn && next.order.turn !== this.props.order.turn) {
                this.scan(next.order.scanned, next.order.lines);
            }
        });
    }

    scan(code, lines) {
        const fits = (line) => [line.barcode, line.sku, ...line.lots].includes(code);
        const line =
            lines.find((one) => fits(one) && (this.state.counts[one.id] || 0) < one.most) ||
            lines.find(fits);
        if (line) {
            this.count(line, 1);
        } else {
            this.state.problem = _t("%s is not in this order, or has come back already.", code);
        }
    }

    count(line, step) {
        this.state.problem = "";
        const units = (this.state.counts[line.id] || 0) + step;
        if (units > line.most) {
            this.state.problem = _t("The customer has %s of it, not more.", line.most);
            return;
        }
        this.state.counts[line.id] = Math.max(0, units);
    }

    get total() {
        return Object.values(this.state.counts).reduce((sum, one) => sum + one, 0);
    }

    make() {
        this.props.makeReturn({ ...this.state.counts }, this.key);
    }
}
