import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { EventTimeline } from "../shipment_timeline/event_timeline";
import { ago, shortMoment } from "../shipment_timeline/local_time";

/** Contents beyond which a card counts the rest. */
const NAMED = 3;

/** One parcel: how it stands, when it comes, what to do, and its timeline on demand. */
export class ParcelCard extends Component {
    static template = "oms_extension.ParcelCard";
    static components = { EventTimeline };
    static props = {
        parcel: Object,
        isOpen: { type: Boolean, optional: true },
        isMeant: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.state = useState({ isOpen: Boolean(this.props.isOpen) });
        Object.assign(this, { ago });
    }

    get lastAt() {
        return shortMoment(this.props.parcel.last_at, this.props.parcel.clock);
    }

    get contents() {
        const lines = this.props.parcel.contents;
        const named = lines.slice(0, NAMED).map((line) => {
            const quantity = formatFloat(line.quantity, { digits: [16, 2], trailingZeros: false });
            return `${quantity} × ${line.product}`;
        });
        if (lines.length > NAMED) {
            named.push(_t("%s more", lines.length - NAMED));
        }
        return named;
    }

    get finished() {
        return ["delivered", "returned", "cancelled", "lost"].includes(this.props.parcel.state);
    }

    openShipment() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "oms.shipment",
            res_id: this.props.parcel.id,
            views: [[false, "form"]],
        });
    }
}
