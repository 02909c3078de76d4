import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

const figures = (cost) => ({ cost, parcels: 1, missing: 0, deliver_at: "2026-11-27 17:00:00" });

function boardOf(cells) {
    const at = (warehouse) => cells.find((one) => one.warehouse === warehouse) || {};
    const cell = (warehouse) => ({
        warehouse,
        quantity: at(warehouse).quantity || 0,
        locked: Boolean(at(warehouse).locked),
        begun: 0,
        available: warehouse === 3 ? 0 : 8,
        ruled_out: warehouse === 3 ? "Has none in stock." : false,
    });
    const tooMany = cells.some((one) => one.quantity > 8);
    return {
        currency_id: 1,
        quotation: false,
        warehouses: [
            { id: 1, name: "Milano" },
            { id: 2, name: "Leipzig" },
            { id: 3, name: "Lyon" },
        ],
        rows: [
            { line: 7, product: "Lamp", uom: "Units", ordered: 3, waiting: 0, cells: [1, 2, 3].map(cell) },
        ],
        before: figures(10),
        after: tooMany ? false : figures(12.5),
        policy: figures(10),
        problems: tooMany ? ["Leipzig can ship 8 × Lamp, not 9."] : [],
        warnings: [],
        changed: true,
    };
}

class Change extends models.Model {
    cells = fields.Json({ onChange: (record) => (record.board = boardOf(record.cells)) });
    board = fields.Json();
    _records = [
        {
            id: 1,
            cells: [{ line: 7, warehouse: 1, quantity: 3, locked: false }],
            board: boardOf([{ line: 7, warehouse: 1, quantity: 3, locked: false }]),
        },
    ];
}

defineMailModels();
defineModels([Change]);

const mountBoard = () =>
    mountView({
        resModel: "change",
        resId: 1,
        type: "form",
        arch: `<form><field name="board" invisible="1"/><field name="cells" widget="oms_allocation_board"/></form>`,
    });

test("what is impossible is said in a sentence", async () => {
    await mountBoard();
    await contains(".o_oms_board_cell:eq(1) input").edit("9");
    await animationFrame();
    expect(".o_oms_board .alert-danger").toHaveText("Leipzig can ship 8 × Lamp, not 9.");
    expect(".o_oms_board_difference strong").toHaveText("–");
});

test("the whole line is locked and unlocked by its own button", async () => {
    await mountBoard();
    await contains(".o_oms_board th[scope=row] .o_oms_lock").click();
    await animationFrame();
    expect(".o_oms_board th[scope=row] .o_oms_lock").toHaveAttribute("aria-pressed", "true");
    expect(".o_oms_board_cell:eq(0) .o_oms_lock").toHaveAttribute("aria-pressed", "true");
});
