import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** The ready reply: read it, change it, copy it or send it. */
export class ReplyBox extends Component {
    static template = "oms_extension.ReplyBox";
    static props = {
        reply: Object,
        orderId: [Number, Boolean],
        shipmentId: { type: [Number, Boolean], optional: true },
        canMail: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.state = useState({ text: this.props.reply.text });
        onWillUpdateProps(({ reply }) => {
            if (reply !== this.props.reply) {
                this.state.text = reply.text;
            }
        });
    }

    get rows() {
        return Math.min(22, this.state.text.split("\n").length + 4);
    }

    async copy(ev) {
        try {
            await browser.navigator.clipboard.writeText(this.state.text);
        } catch {
            // Without a safe connection browsers refuse: the text is marked for Ctrl+C.
            ev.target.closest(".o_oms_reply").querySelector("textarea").select();
            return this.notification.add(_t("Press Ctrl+C to copy the text."), { type: "warning" });
        }
        this.notification.add(_t("The reply is copied."), { type: "success" });
    }

    async mail() {
        const action = await this.orm.call("oms.shipment", "agent_mail", [
            this.props.reply.subject,
            this.state.text,
            this.props.orderId,
            this.props.shipmentId || false,
        ]);
        return this.action.doAction(action);
    }
}
