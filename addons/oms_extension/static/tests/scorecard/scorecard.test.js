import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { duration } from "@oms_extension/scorecard/late_ledger";
import { interval, missedCount, trendLine, MEASURES } from "@oms_extension/scorecard/measures";
import { getService, makeMockEnv, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

defineMailModels();

const NOTHING = { value: false, low: false, high: false, count: 0, few: true };
const share = (hits, count, judgement = "same") => ({
    value: hits / count,
    low: 0.5,
    high: 0.9,
    count,
    few: count < 30,
    hits,
    judgement,
});
const row = (name, values) => ({
    key: [1],
    name,
    domain: [
        ["direction", "=", "outbound"],
        ["oms_carrier_id", "=", 1],
    ],
    trend: [],
    parcels: 100,
    on_the_way: 0,
    early: false,
    measures: Object.fromEntries(MEASURES.map(({ key }) => [key, NOTHING])),
    ...values,
});

function card(values) {
    return {
        as_of: "2026-11-25T10:00:00Z",
        since: "2026-08-31",
        by: "carrier",
        currency: { id: 1, name: "EUR" },
        few: 30,
        rows: [],
        total: row("Together", { key: [], domain: [] }),
        more: 0,
        ...values,
    };
}

const withShare = (measure) => ({
    measures: { ...row("").measures, on_time: measure },
});

async function open(answer, asked = []) {
    onRpc("oms.carrier.score", "scorecard", ({ kwargs }) => {
        asked.push(kwargs);
        return answer;
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "oms_carrier_scorecard",
        name: "Carrier Scorecard",
    });
    await animationFrame();
    return asked;
}

test("a number shows its interval, its sample and what may be said of it", async () => {
    await open(
        card({
            rows: [row("UPS", withShare(share(60, 100, "worse"))), row("GLS", withShare(share(9, 10)))],
            total: row("Together", withShare(share(69, 110))),
        })
    );
    expect(queryAllTexts(".o_oms_scorecard thead th")).toEqual([
        "Carrier",
        "Parcels",
        "Trend",
        "On time",
    ]);
    expect(queryAllTexts(".o_oms_score_value button")).toEqual([
        "100", "60.0 %", "100", "90.0 %", "100", "62.7 %",
    ]);
    expect("tbody .fa-caret-down").toHaveCount(1);
    expect(queryAllTexts(".o_oms_score_sample")).toEqual([
        "40 late of 100",
        "1 late only 10",
        "41 late of 110",
    ]);
    expect(".o_oms_few").toHaveCount(1);
});

test("a number opens the parcels behind it, and those that make it worse", async () => {
    const opened = [];
    await open(
        card({
            rows: [row("UPS", withShare(share(60, 100)))],
            total: row("Together", withShare(share(60, 100))),
        })
    );
    onRpc("oms.carrier.score", "open_parcels", ({ kwargs }) => {
        opened.push(kwargs);
        return { type: "ir.actions.act_window_close" };
    });
    await click(".o_oms_score_value button:contains(60.0)");
    await click(".o_oms_score_sample button");
    await animationFrame();
    const base = [
        ["direction", "=", "outbound"],
        ["oms_carrier_id", "=", 1],
    ];
    expect(opened[0].domain).toEqual([...base, ["on_time", "!=", false]]);
    expect(opened[1].domain).toEqual([...base, ["on_time", "=", 0]]);
});

test("a row opens by the next grouping, and can be left again", async () => {
    const answer = card({
        rows: [row("UPS", withShare(share(60, 100)))],
        total: row("Together", withShare(share(60, 100))),
    });
    const asked = await open(answer);
    await click(".o_oms_scorecard tbody th button");
    await animationFrame();
    expect(asked.at(-1)).toMatchObject({ by: "lane", domain: [["oms_carrier_id", "=", 1]] });
    expect(queryOne(".o_oms_score_filters")).toHaveText("Carrier: UPS");
    await click(".o_oms_score_filters button");
    await animationFrame();
    expect(asked.at(-1)).toMatchObject({ by: "lane", domain: [] });
});

test("without parcels it says what to do", async () => {
    await open(card({ total: row("Together", { parcels: 0, key: [] }) }));
    expect(".o_oms_score_empty").toHaveCount(1);
});

test("an end that few parcels leave open is said to be open", async () => {
    await makeMockEnv();
    const definition = MEASURES.find((one) => one.key === "transit_most");
    expect(String(interval({ low: 2, high: false }, definition))).toBe("2.0 d or more");
    expect(String(interval({ low: false, high: 5 }, definition))).toBe("5.0 d or less");
    expect(String(interval({ low: 2, high: 5 }, definition))).toBe("2.0 – 5.0 d");
    expect(String(interval({ low: false, high: false }, definition))).toBe("");
});

test("what makes a share worse is what missed it, or what it counts", () => {
    expect(missedCount({ hits: 90, count: 100 }, "more")).toBe(10);
    expect(missedCount({ hits: 3, count: 100 }, "less")).toBe(3);
});

test("a trend needs two weeks of which something is known", () => {
    expect(trendLine([{ value: 1 }, { value: false }], 100, 20)).toBe(null);
    const { dots } = trendLine([{ value: 0.5 }, { value: false }, { value: 1 }], 100, 20);
    expect(dots.map(({ x, y }) => [x, y])).toEqual([
        [0, 20],
        [100, 0],
    ]);
});

test("lateness is told in days, hours and minutes", async () => {
    await makeMockEnv();
    expect(String(duration(45))).toBe("45 min");
    expect(String(duration(60))).toBe("1 h");
    expect(String(duration(90))).toBe("1 h 30 min");
    expect(String(duration(24 * 60))).toBe("1 d");
    expect(String(duration(42 * 60 + 10))).toBe("1 d 18 h");
});
