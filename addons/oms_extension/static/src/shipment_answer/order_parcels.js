import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { AnswerView } from "./answer_view";

/** The parcels of an order on its form, read when the tab is opened. */
export class OrderParcels extends Component {
    static template = "oms_extension.OrderParcels";
    static components = { AnswerView };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ answer: null });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ record }) {
        this.state.answer = record.resId
            ? await this.keepLast.add(
                  this.orm.call("oms.shipment", "agent_answer", ["", record.resId])
              )
            : null;
    }
}

registry.category("view_widgets").add("oms_order_parcels", { component: OrderParcels });
