import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { mockDate } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";

import { EventTimeline } from "@oms_extension/shipment_timeline/event_timeline";
import { byDay } from "@oms_extension/shipment_timeline/local_time";

const event = (occurred_at, values) => ({
    occurred_at,
    time_zone: "Europe/Rome",
    state: "in_transit",
    label: "In Transit",
    tone: "info",
    reason: false,
    reason_label: false,
    party: false,
    party_label: false,
    code: "I",
    text: false,
    place: "Milano, IT",
    door: "webhook",
    door_label: "Carrier's Message",
    signed_by: false,
    ...values,
});
const EVENTS = [
    event("2026-03-03T11:00:00Z", {
        label: "Delivery Failed",
        tone: "danger",
        text: "Receiver not home",
        code: "48",
        reason_label: "nobody at home",
        party_label: "Recipient",
    }),
    event("2026-03-02T23:30:00Z"),
    event("2026-03-02T22:30:00Z"),
];

class Shipment extends models.Model {
    timeline_view = fields.Json();
    _records = [
        { id: 1, timeline_view: { clock: "Europe/Rome", events: EVENTS } },
        { id: 2, timeline_view: false },
    ];
}

defineMailModels();
defineModels([Shipment]);

test("a day is that of the place where it happened", () => {
    const days = byDay(EVENTS, "UTC");
    // 23:30 in Greenwich is half past midnight in Rome.
    expect(days.map((day) => [day.key, day.events.length])).toEqual([
        ["2026-03-03", 2],
        ["2026-03-02", 1],
    ]);
    const far = byDay([event("2026-03-03T02:00:00Z", { time_zone: "America/Sao_Paulo" })], "UTC");
    expect(far[0].key).toBe("2026-03-02");
});

test("an event without a zone is shown on the recipient's clock, an unknown zone on the reader's", () => {
    const [day] = byDay([event("2026-03-02T23:30:00Z", { time_zone: false })], "Asia/Tokyo");
    expect(day.key).toBe("2026-03-03");
    expect(byDay([event("2026-03-02T12:00:00Z", { time_zone: "Mars/Base" })], "").length).toBe(1);
});

test("shows days, places, and who is responsible; the raw message on demand", async () => {
    mockDate("2026-03-03 15:00:00", 0);
    await mountWithCleanup(EventTimeline, { props: { events: EVENTS, clock: "Europe/Rome" } });
    expect(queryAllTexts(".o_oms_timeline h4")).toEqual([
        "Today, Tuesday, March 3",
        "Yesterday, Monday, March 2",
    ]);
    expect(queryAllTexts("time")).toEqual(["12:00 PM", "12:30 AM", "11:30 PM"]);
    expect(queryAllAttributes("time", "title")[0]).toBe("2026-03-03 11:00 UTC");
    expect(".o_oms_event_reason").toHaveText("Nobody at home · responsible: Recipient");
    expect(".o_oms_latest .o_oms_tone_danger").toHaveCount(1);
    expect(".o_oms_event_raw").toHaveCount(0);

    await contains(".o_oms_event_toggle:first").click();
    expect(".o_oms_event_raw code").toHaveText("48");
    expect(".o_oms_event_raw").toHaveText(/= 2026-03-03 11:00 UTC/);
    expect(".o_oms_event_raw").toHaveText(/Carrier's Message/);
    expect(".o_oms_event_toggle:first").toHaveAttribute("aria-expanded", "true");
    await contains(".o_oms_event_toggle:first").click();
    expect(".o_oms_event_raw").toHaveCount(0);
});

test("a long way is shown in part, and whole on demand", async () => {
    const events = Array.from({ length: 30 }, (_, number) =>
        event(`2026-03-02T10:${59 - number}:00Z`)
    );
    await mountWithCleanup(EventTimeline, { props: { events, shown: 8 } });
    expect(".o_oms_timeline li").toHaveCount(8);
    await contains("button:contains(Show 22 earlier ones)").click();
    expect(".o_oms_timeline li").toHaveCount(30);
});

test("the field shows a timeline, and says when there is none", async () => {
    const arch = `<form><field name="timeline_view" widget="oms_timeline"/></form>`;
    await mountView({ type: "form", resModel: "shipment", resId: 1, arch });
    expect(".o_oms_timeline li").toHaveCount(3);
    await mountView({ type: "form", resModel: "shipment", resId: 2, arch });
    expect(".o_oms_timeline:contains(No news from the carrier yet.)").toHaveCount(1);
});
