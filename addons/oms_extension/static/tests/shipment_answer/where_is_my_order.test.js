import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { animationFrame, expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

import { WhereIsMyOrder } from "@oms_extension/shipment_answer/where_is_my_order";

const PARCEL = {
    id: 7,
    name: "OUT/1",
    direction: "outbound",
    tracking_number: "1Z1",
    carrier: "UPS",
    carrier_page: "https://example.com/1Z1",
    state: "in_transit",
    label: "In Transit",
    tone: "warning",
    late: "2 days late",
    reason_label: "bad weather",
    party_label: "Weather",
    promised: "Mon, Mar 2",
    expected: "Wed, Mar 4 – Fri, Mar 6",
    expected_by_carrier: false,
    explanation: "Rome, 420 km: 2 days",
    delivered: "",
    shipped: "Fri, Feb 27",
    clock: "Europe/Rome",
    todo: "Tell the customer the new date.",
    needs_action: false,
    link: "https://example.com/track/x",
    warehouse: "Milano",
    place: "Bologna, IT",
    last_at: "2026-03-02T10:00:00Z",
    last_text: "Arrived",
    destination: "Roma, Italy",
    signed_by: false,
    contents: [
        { product: "Chair", sku: "C", quantity: 2 },
        { product: "Table", sku: "T", quantity: 1 },
        { product: "Lamp", sku: "L", quantity: 1 },
        { product: "Rug", sku: "R", quantity: 1 },
    ],
    events: [],
};
const ANSWER = {
    kind: "answer",
    order: {
        id: 3,
        name: "S00003",
        readable: true,
        customer_reference: "WEB-3",
        date: "2026-02-27T09:00:00Z",
    },
    customer: { id: 5, name: "Mario Rossi", email: "m@example.com", phone: "02 1", city: "Roma" },
    title: "S00003",
    state: "in_transit",
    label: "In Transit",
    tone: "info",
    summary: "0 of 2 delivered",
    parcels: [PARCEL, { ...PARCEL, id: 8, tracking_number: "1Z2", late: false }],
    focus: false,
    waiting: [],
    exceptions: [],
    reply: {
        subject: "Your order",
        text: "Ciao Mario",
        language: "Italian",
        code: "it_IT",
        rtl: false,
    },
};
const CHOICE = {
    kind: "choice",
    more: true,
    choices: [
        {
            order_id: 3,
            shipment_id: false,
            title: "S00003",
            customer: "Mario Rossi",
            city: "Roma",
            date: "2026-02-27T09:00:00Z",
            state: "in_transit",
            label: "In Transit",
            tone: "info",
            summary: "0 of 2 delivered",
        },
        {
            order_id: false,
            shipment_id: 9,
            title: "JD2",
            customer: false,
            city: false,
            date: false,
            state: "delivered",
            label: "Delivered",
            tone: "success",
            summary: false,
        },
    ],
};

class SaleOrder extends models.Model {
    _name = "sale.order";
    name = fields.Char();
    _records = [{ id: 3, name: "S00003" }];
}

defineMailModels();
defineModels([SaleOrder]);

function answering(answers) {
    onRpc("oms.shipment", "agent_answer", ({ args }) => {
        expect.step(JSON.stringify(args));
        return answers(args);
    });
}

async function mountScreen() {
    await mountWithCleanup(WhereIsMyOrder, { props: { action: {} } });
}

async function ask(text) {
    await contains(".o_oms_where_search input").edit(text, { confirm: false });
    await press("Enter");
    await animationFrame();
}

test("one match is answered at once", async () => {
    answering(() => ANSWER);
    await mountScreen();
    expect(".o_oms_where_search input").toBeFocused();
    await ask("  S00003 ");
    expect.verifySteps(['["S00003"]']);
    expect(".o_oms_answer_title h2").toHaveText("S00003");
    expect(".o_oms_parcel_card").toHaveCount(2);
    expect(".o_oms_parcel_card:first .badge").toHaveText("2 days late");
    expect(".o_oms_parcel_card:first .o_oms_todo").toHaveText("Tell the customer the new date.");
    expect(".o_oms_parcel_card:first").toHaveText(/2 × Chair, 1 × Table, 1 × Lamp, 1 more/);
    expect(".o_oms_reply textarea").toHaveValue("Ciao Mario");
});

test("several matches make a list, from which one goes back and forth", async () => {
    answering(([query]) => (query ? CHOICE : ANSWER));
    await mountScreen();
    await ask("rossi");
    expect(queryAllTexts(".o_oms_choice .o_oms_pill")).toEqual(["In Transit", "Delivered"]);
    expect(".o_oms_choices").toHaveText(/There are more/);
    await contains(".o_oms_choice:first").click();
    expect(".o_oms_answer").toHaveCount(1);
    await contains("button:contains(All matches)").click();
    expect(".o_oms_choice").toHaveCount(2);
    expect.verifySteps(['["rossi"]', '["",3,false]']);
});

test("nothing found says what else to ask for, and Escape begins anew", async () => {
    answering(() => ({ kind: "none" }));
    await mountScreen();
    await ask("x");
    expect(".o_oms_nothing h2").toHaveText("Nothing was found");
    await press("Escape");
    await animationFrame();
    expect(".o_oms_nothing h2").toHaveCount(0);
    expect(".o_oms_where_search input").toHaveValue("");
    expect.verifySteps(['["x"]']);
});

test("the question stands in the address, and is asked again from there", async () => {
    answering(() => ANSWER);
    const updateActionState = ({ q }) => expect.step(`q=${q}`);
    await mountWithCleanup(WhereIsMyOrder, {
        props: { action: { params: { q: "S00003" } }, updateActionState },
    });
    expect(".o_oms_where_search input").toHaveValue("S00003");
    expect(".o_oms_answer").toHaveCount(1);
    await press("Escape");
    expect.verifySteps(["q=S00003", '["S00003"]', "q=undefined"]);
});

test("the parcel that was asked for comes first", async () => {
    answering(() => ({ ...ANSWER, focus: 8 }));
    await mountScreen();
    await ask("1Z2");
    expect(".o_oms_parcel_card:first").toHaveAttribute("data-id", "8");
    expect(".o_oms_parcel_card.o_oms_meant").toHaveCount(1);
    expect.verifySteps(['["1Z2"]']);
});

test("the reply is copied and sent as the agent has changed it", async () => {
    answering(() => ANSWER);
    onRpc("oms.shipment", "agent_mail", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window" };
    });
    mockService("action", {
        doAction(action) {
            expect.step(action.type);
        },
    });
    patchWithCleanup(browser.navigator.clipboard, {
        writeText(text) {
            expect.step(text);
        },
    });
    await mountScreen();
    await ask("S00003");
    await contains(".o_oms_reply textarea").edit("Ciao caro Mario", { confirm: false });
    await contains(".o_oms_reply button:contains(Copy)").click();
    await contains(".o_oms_reply button:contains(Send as E-mail)").click();
    expect.verifySteps([
        '["S00003"]',
        "Ciao caro Mario",
        '["Your order","Ciao caro Mario",3,7]',
        "ir.actions.act_window",
    ]);
    await contains("button:contains(Undo my changes)").click();
    expect(".o_oms_reply textarea").toHaveValue("Ciao Mario");
});

test("a reply in a language from right to left is written so", async () => {
    const reply = { ...ANSWER.reply, code: "ar_001", rtl: true };
    answering(() => ({ ...ANSWER, reply }));
    await mountScreen();
    await ask("S00003");
    expect(".o_oms_reply textarea").toHaveAttribute("dir", "rtl");
    expect(".o_oms_reply textarea").toHaveAttribute("lang", "ar-001");
    expect.verifySteps(['["S00003"]']);
});

test("an order's tab shows the same answer", async () => {
    answering(() => ANSWER);
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 3,
        arch: `<form><widget name="oms_order_parcels"/></form>`,
    });
    expect(".o_oms_parcel_card").toHaveCount(2);
    expect(".o_oms_answer_head").toHaveCount(0);
    expect.verifySteps(['["",3]']);
});
