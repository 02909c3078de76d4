import { Component, useState } from "@odoo/owl";
import { byDay, utcMoment } from "./local_time";

/** Days beyond which one asks for more. */
const SHOWN = 12;

/**
 * What happened to a parcel, newest first, by day, each event on the clock of its place. The raw
 * message is shown on demand.
 */
export class EventTimeline extends Component {
    static template = "oms_extension.EventTimeline";
    static props = {
        events: Array,
        clock: { type: [String, Boolean], optional: true },
        shown: { type: Number, optional: true },
    };
    static defaultProps = { shown: SHOWN };

    setup() {
        this.utcMoment = utcMoment;
        this.state = useState({ all: false, open: {} });
    }

    get hidden() {
        return this.state.all ? 0 : Math.max(this.props.events.length - this.props.shown, 0);
    }

    get days() {
        const { events, clock, shown } = this.props;
        const numbered = events.map((event, number) => ({ ...event, number }));
        return byDay(this.state.all ? numbered : numbered.slice(0, shown), clock);
    }

    /** The carrier's words, unless the label says them already. */
    said(event) {
        return event.text && event.text !== event.label ? event.text : "";
    }

    toggle(event) {
        this.state.open[event.number] = !this.state.open[event.number];
    }
}
