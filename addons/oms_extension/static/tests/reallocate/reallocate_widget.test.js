import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Reallocate extends models.Model {
    _name = "oms.reallocate";

    currency_id = fields.Many2one({ relation: "res.currency", default: 1 });
    order_count = fields.Integer();
    waiting_count = fields.Integer();
    better_count = fields.Integer();
    accepted_count = fields.Integer();
    accepted_gain = fields.Float();
    moved_count = fields.Integer();
    moved_gain = fields.Float();
    failed_count = fields.Integer();
    _records = [
        { id: 2, order_count: 3, better_count: 2, accepted_count: 2, accepted_gain: 9 },
    ];
}

defineMailModels();
defineModels([Reallocate]);

const mountRun = (resId) =>
    mountView({
        resModel: "oms.reallocate",
        resId,
        type: "form",
        arch: `<form><widget name="oms_reallocate"/></form>`,
    });

test("moves nothing before it is told to, then one order after the other", async () => {
    let left = 2;
    onRpc("oms.reallocate", "run_step", () => {
        expect.step("move");
        left -= 1;
        return { left, moved: 2 - left, gain: 4.5 };
    });
    await mountRun(2);
    expect(".o_oms_reallocate h2").toHaveText("2 orders can be allocated better.");
    expect(".o_oms_reallocate .btn-primary").toHaveText(/Move 2 orders/);
    expect.verifySteps([]);
    await contains(".o_oms_reallocate .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["move", "move"]);
});
