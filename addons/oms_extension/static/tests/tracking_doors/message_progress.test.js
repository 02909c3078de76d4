import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Message extends models.Model {
    _name = "oms.tracking.message";

    state = fields.Selection({
        selection: [
            ["new", "Waiting"],
            ["done", "Done"],
        ],
    });
    progress = fields.Float();
    rows_done = fields.Integer();
    rows_total = fields.Integer();
    preview = fields.Json();
    _records = [
        {
            id: 1,
            state: "new",
            progress: 0,
            rows_done: 0,
            rows_total: 4000,
            preview: [
                { line: 2, number: "T1", time: "noon", zone: "Europe/Rome", state: "Delivered" },
                { line: 3, number: "T2", error: "occurred_at is missing." },
                { line: 4, number: "T3", text: "X9" },
                { line: 5, number: "T4", estimate: "tomorrow" },
            ],
        },
    ];
}

defineMailModels();
defineModels([Message]);

const mount = (arch) =>
    mountView({ resModel: "oms.tracking.message", resId: 1, type: "form", arch });

test("shows how far a file has come, until it is done", async () => {
    const [message] = Message._records;
    onRpc("oms.tracking.message", "web_read", () => {
        expect.step("read");
    });
    await mount(`<form><widget name="oms_message_progress"/></form>`);
    expect("[role=status]").toHaveText(/Waiting for its turn/);
    Object.assign(message, { progress: 25, rows_done: 1000 });
    await advanceTime(2000);
    await animationFrame();
    expect("[role=status]").toHaveText(/1000 of 4000 rows/);
    expect("[role=progressbar]").toHaveAttribute("aria-valuenow", "25");
    Object.assign(message, { state: "done", progress: 100, rows_done: 4000 });
    await advanceTime(2000);
    await animationFrame();
    expect("[role=status]").toHaveCount(0);
    expect.verifySteps(["read", "read", "read"]);
    // Nothing is asked any more once it is done.
    await advanceTime(10000);
    expect.verifySteps([]);
});

test("shows the first events of a file as they would be stored", async () => {
    await mount(`<form><field name="preview" widget="oms_event_preview" readonly="1"/></form>`);
    expect("tbody tr").toHaveCount(4);
    expect("tbody tr:eq(0)").toHaveText(/T1.*noon.*Europe\/Rome.*Delivered/s);
    expect("tbody tr:eq(1)").toHaveClass("table-danger");
    expect("tbody tr:eq(1)").toHaveText(/occurred_at is missing/);
    expect("tbody tr:eq(2)").toHaveText(/unknown code.*X9/s);
    expect("tbody tr:eq(3)").toHaveText(/expected tomorrow/);
});
