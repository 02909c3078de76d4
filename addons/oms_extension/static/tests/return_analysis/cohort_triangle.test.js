import { expect, test } from "@odoo/hoot";
import { click, queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { CohortTriangle } from "@oms_extension/return_analysis/cohort_triangle";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

const TRIANGLE = {
    step: 7,
    rows: [
        { month: "2026-03", name: "Mar 2026", delivered: 40, shares: [0.05, false] },
        { month: "2026-02", name: "Feb 2026", delivered: 50, shares: [0, 0.1] },
    ],
};

test("a cell opens what had come back by that age; where nothing is known there is nothing", async () => {
    await mountWithCleanup(CohortTriangle, {
        props: {
            triangle: TRIANGLE,
            open: (row, returned, name, within) =>
                expect.step([row.month, returned, name, within].join("|")),
        },
    });
    const told = queryAllTexts("tbody .o_oms_tinted").map((text) => text.replace(/\s/, " "));
    expect(told).toEqual(["5.0 %", "", "0.0 %", "10.0 %"]);
    expect(queryAll("tbody .o_oms_tinted button")).toHaveLength(2);
    for (const button of queryAll("tbody tr:last-child button")) {
        await click(button);
    }
    expect.verifySteps([
        "2026-02|true|Feb 2026|",
        "2026-02|false|Feb 2026|",
        "2026-02|true|Feb 2026, within 2 weeks|13",
    ]);
});
