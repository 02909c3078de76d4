import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

const COST = { freight: 5, handling: 1, delay: 0, extra_parcel: 0, bid_price: 0, total: 6 };
const item = (product, quantity, locked = false) => ({
    line: 1,
    product,
    product_id: 1,
    uom: "Units",
    quantity,
    locked,
});
const candidate = (warehouse_id, warehouse, values) => ({
    warehouse_id,
    warehouse,
    chosen: 0,
    locked: false,
    available: 5,
    on_hand: 5,
    safety: 0,
    cost: 6,
    distance: 126.4,
    ship_at: "2026-11-24 14:00:00",
    deliver_at: "2026-11-25 17:00:00",
    capacity: null,
    rank: 1,
    places: [],
    ruled_out: false,
    ...values,
});

const PROPOSAL = {
    state: "proposed",
    currency_id: 1,
    policy: "Least cost",
    by: false,
    summary: {
        parcels: 1,
        units: 2,
        cost: 6,
        deliver_at: "2026-11-25 17:00:00",
        missing: 1,
        mode: "cost",
        gap: 0,
        by_hand: false,
    },
    parcels: [
        {
            index: 1,
            warehouse_id: 1,
            warehouse: "Milano",
            service: "",
            estimated: true,
            ship_at: "2026-11-24 14:00:00",
            deliver_at: "2026-11-25 17:00:00",
            distance: 126.4,
            weight: 3.6,
            units: 2,
            cost: COST,
            contents: [item("Lamp", 2, true)],
        },
    ],
    shortages: [
        { ...item("Lamp", 1), warehouse: "Milano", cause: "None left.", next: "Back-ordered." },
    ],
    cards: [
        {
            ...item("Lamp", 3),
            conclusion: "Milano is the cheapest place for it.",
            candidates: [
                candidate(1, "Milano", { chosen: 2 }),
                candidate(2, "Lyon", {
                    available: 0,
                    cost: null,
                    rank: null,
                    ruled_out: "Has none in stock.",
                }),
            ],
        },
    ],
    rules: [],
    alternatives: [
        {
            label: "Without Milano",
            cheapest: false,
            difference: 4.5,
            cost: 10.5,
            parcels: 1,
            deliver_at: "2026-11-27 17:00:00",
            places: [{ warehouse: "Leipzig", units: 2 }],
        },
    ],
    left: [{ product: "Set-up", reason: "A route was chosen for it." }],
    history: [],
};

class Order extends models.Model {
    oms_allocation_view = fields.Json();
    _records = [
        { id: 1, oms_allocation_view: PROPOSAL },
        { id: 2, oms_allocation_view: { state: "empty", message: "Add a product.", left: [] } },
        {
            id: 3,
            oms_allocation_view: {
                ...PROPOSAL,
                rules: ["Nearest", "Cheapest"],
                summary: { ...PROPOSAL.summary, mode: "rules" },
                cards: [
                    {
                        ...PROPOSAL.cards[0],
                        candidates: [candidate(1, "Milano", { chosen: 2, places: [1, 2] })],
                    },
                ],
            },
        },
    ];
}

defineMailModels();
defineModels([Order]);

const mountTab = (resId) =>
    mountView({
        resModel: "order",
        resId,
        type: "form",
        arch: `<form><div class="o_oms_allocation_tab"><field name="oms_allocation_view" widget="oms_allocation" readonly="1"/></div></form>`,
    });

test("says in one glance what the decision comes to", async () => {
    await mountTab(1);
    expect(queryAllTexts(".o_oms_figure dt")).toEqual(["Cost", "Parcels", "Arrives by", "Missing"]);
    expect(".o_oms_cost").toHaveText("$ 6.00");
    expect(".o_oms_figure.text-danger dd").toHaveText("1 unit");
    expect(queryAllTexts(".o_oms_summary .badge")).toEqual(["Proposal", "Proven least cost"]);
});

test("lists parcels with contents, and only the kinds of cost there are", async () => {
    await mountTab(1);
    expect(".o_oms_parcels tbody tr").toHaveCount(1);
    expect(".o_oms_parcels .o_oms_contents").toHaveText("2 × Lamp");
    expect(".o_oms_parcels .o_oms_contents .fa-lock").toHaveCount(1);
    expect(".o_oms_parcels tbody .o_oms_amount").toHaveCount(3);
    expect(".o_oms_parcels tfoot").toHaveCount(0);
});

test("says why, with what ruled a warehouse out", async () => {
    await mountTab(1);
    expect(".o_oms_card_conclusion").toHaveText("Milano is the cheapest place for it.");
    await contains(".o_oms_card summary").click();
    expect(".o_oms_card table").toBeVisible();
    expect(".o_oms_chosen th").toHaveText("Milano");
    expect(".o_oms_out .o_oms_reason").toHaveText("Has none in stock.");
});

test("names what is missing, what was left to Odoo and what else there was", async () => {
    await mountTab(1);
    expect(".o_oms_shortages").toHaveText(/Back-ordered/);
    expect(".o_oms_alternatives .o_oms_difference").toHaveText("+$ 4.50");
    expect(".o_oms_details").toHaveText(/Set-up – A route was chosen for it/);
});

test("shows the place that each rule gives a warehouse", async () => {
    await mountTab(3);
    await contains(".o_oms_card summary").click();
    expect(queryAllTexts(".o_oms_place")).toEqual(["1", "2"]);
    expect(".o_oms_place.o_oms_first").toHaveCount(1);
});

test("an order without anything to allocate gets a helpful sentence", async () => {
    await mountTab(2);
    expect(".o_oms_empty").toHaveText("Add a product.");
    expect(".o_oms_parcels").toHaveCount(0);
});
