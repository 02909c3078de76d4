import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDate } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { integer } from "./formats";

/** Returned units to be expected per warehouse and week, and what of them will be fit for sale. */
export class ReturnOutlook extends Component {
    static template = "oms_extension.ReturnOutlook";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.integer = integer;
        this.state = useState({ outlook: null });
        onWillStart(() => {
            this.load();
        });
    }

    async load() {
        this.state.outlook = (await this.orm.call("oms.return", "analysis_outlook", [])) || {
            rows: [],
        };
    }

    day(text) {
        return deserializeDate(text).toLocaleString({ day: "numeric", month: "short" });
    }

    units(value) {
        return formatFloat(value, { digits: [16, value < 10 ? 1 : 0] });
    }

    supply(row) {
        return row.supply.reduce((sum, one) => sum + one, 0);
    }
}
