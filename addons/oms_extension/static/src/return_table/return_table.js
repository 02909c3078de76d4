import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { TableUnit, newKey } from "./table_unit";
import { TableOrder } from "./table_order";

const WAREHOUSE = "oms_return_table_warehouse";

/**
 * The receiving table: scan the parcel, scan a unit, grade it, put it away, next.
 *
 * Every scan goes to whatever is open: the parcel's code when nothing is, else a unit of the
 * return, else another parcel.
 */
export class ReturnTable extends Component {
    static template = "oms_extension.ReceivingTable";
    static components = { TableUnit, TableOrder };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.field = useRef("field");
        this.camera = isBarcodeScannerSupported();
        this.state = useState({
            step: "scan",
            start: null,
            warehouse: false,
            busy: false,
            problem: "",
            choices: [],
            found: [],
            one: null,
            unit: null,
            order: null,
            put: null,
            code: "",
            searched: "",
        });
        useBus(useService("barcode").bus, "barcode_scanned", (ev) =>
            this.scanned(ev.detail.barcode)
        );
        onWillStart(async () => {
            this.state.start = await this.call("table_start");
            const kept = parseInt(browser.localStorage.getItem(WAREHOUSE));
            const { warehouses } = this.state.start;
            const known = warehouses.find((one) => one.key === kept);
            this.state.warehouse = (known || (warehouses.length === 1 && warehouses[0])).key || false;
            const asked = this.props.action.context.oms_return_id;
            if (asked) {
                this.show(await this.call("table_show", asked));
            }
        });
        onMounted(() => this.focus());
    }

    get placeholders() {
        return { unit: _t("Scan a product or serial number"), parcel: _t("Slip, label or order") };
    }

    counted(line) {
        return _t("%(done)s of %(all)s", { done: line.quantity - line.left, all: line.quantity });
    }

    call(method, ...args) {
        return this.orm.call("oms.return", method, args);
    }

    /** The scanner types into the page: where a finger has a keyboard, it need not pop up. */
    focus() {
        if (this.field.el && !this.ui.isSmall) {
            this.field.el.focus();
        }
    }

    setWarehouse(ev) {
        this.state.warehouse = parseInt(ev.target.value) || false;
        browser.localStorage.setItem(WAREHOUSE, this.state.warehouse || "");
    }

    /** Run a call of the server; what it refuses stands on the page, where eyes are. */
    async ask(work) {
        this.state.busy = true;
        this.state.problem = "";
        try {
            return await this.keepLast.add(work());
        } catch (error) {
            this.state.problem =
                error instanceof ConnectionLostError
                    ? _t("No answer from the server. Try again: nothing is counted twice.")
                    : error.data?.message || error.message;
            this.refuse();
        } finally {
            this.state.busy = false;
        }
    }

    refuse() {
        browser.navigator.vibrate?.([120, 80, 120]);
    }

    // --- scanning ---------------------------------------------------------------------------------

    submit(ev) {
        ev.preventDefault();
        const code = this.field.el.value.trim();
        this.field.el.value = "";
        if (code) {
            this.scanned(code);
        }
    }

    async openCamera() {
        const code = await scanBarcode(this.env, this.ui.isSmall ? "environment" : undefined);
        if (code) {
            this.scanned(code);
        }
    }

    async scanned(code) {
        if (this.state.busy) {
            return;
        }
        const { step, one } = this.state;
        if (step === "order") {
            this.state.order = { ...this.state.order, scanned: code, turn: newKey() };
            return;
        }
        if (one && step !== "unit") {
            const found = await this.ask(() => this.call("table_scan", one.id, code));
            if (!found) {
                return;
            }
            if (!("unknown" in found)) {
                this.open(found);
                return;
            }
            await this.find(code, true);
            return;
        }
        if (step === "unit") {
            await this.scannedAtUnit(code);
            return;
        }
        await this.find(code);
    }

    /** A scan while a unit is open: its serial number, or one more of it. */
    async scannedAtUnit(code) {
        const { one, unit } = this.state;
        const found = await this.ask(() => this.call("table_scan", one.id, code));
        if (!found) {
            return;
        }
        if ("unknown" in found) {
            if (unit.tracking !== "none") {
                this.state.unit = { ...unit, lot: code };
            } else {
                this.state.problem = _t("%s is no product or serial number that is known.", code);
                this.refuse();
            }
        } else if (found.lot) {
            this.open(found);
        } else if (found.product === unit.product) {
            if (unit.tracking !== "serial") {
                this.state.unit = { ...unit, quantity: unit.quantity + 1 };
            }
        } else {
            this.open(found);
        }
    }

    async find(code, within = false) {
        const found = await this.ask(() => this.call("table_find", code));
        if (!found) {
            return;
        }
        if (found.kind === "return") {
            this.show(found.return);
        } else if (found.kind === "choices") {
            Object.assign(this.state, { step: "choices", choices: found.returns, one: null });
        } else if (found.kind === "order") {
            Object.assign(this.state, { step: "order", order: found.order, one: null });
        } else if (within) {
            this.state.problem = _t(
                "%s is not known. Tap the product it belongs to, or “Something else”.", code
            );
            this.refuse();
        } else {
            Object.assign(this.state, { step: "none", found: [], code });
            this.refuse();
        }
    }

    // --- steps ------------------------------------------------------------------------------------

    show(one) {
        Object.assign(this.state, { step: "return", one, unit: null, order: null, problem: "" });
    }

    async choose(id) {
        const one = await this.ask(() => this.call("table_show", id));
        if (one) {
            this.show(one);
        }
    }

    again() {
        Object.assign(this.state, {
            step: "scan", one: null, unit: null, order: null, put: null, problem: "",
        });
        browser.setTimeout(() => this.focus());
    }

    back() {
        if (this.state.one && this.state.step !== "return") {
            this.state.step = "return";
            this.state.problem = "";
        } else {
            this.again();
        }
    }

    tap(line) {
        this.open({ line: line.id, product: line.product, name: line.name, lot: false, problem: "none" });
    }

    somethingElse() {
        this.open({ line: false, product: false, name: "", lot: false, problem: "wrong_item" });
    }

    /** A unit in hand. What is missing of it is asked on the page. */
    open(found) {
        const line = this.state.one.lines.find((one) => one.id === found.line);
        this.state.problem = "";
        this.state.unit = {
            ...found,
            tracking: line ? line.tracking : "none",
            lot: found.lot || (line && line.lots.length === 1 && line.quantity === 1 ? line.lots[0] : ""),
            quantity: 1,
            key: newKey(),
        };
        this.state.step = "unit";
    }

    get unitLine() {
        return this.state.one?.lines.find((one) => one.id === this.state.unit?.line);
    }

    async putAway(values, key) {
        const { one, warehouse } = this.state;
        const answer = await this.ask(() =>
            this.call("table_take", one.id, { ...values, warehouse }, key)
        );
        if (answer) {
            Object.assign(this.state, { step: "put", one: answer.return, put: answer, unit: null });
            browser.navigator.vibrate?.(60);
        }
    }

    async undo() {
        const { one } = this.state;
        const last = one.units[0];
        const shown = await this.ask(() => this.call("table_undo", one.id, last.id));
        if (shown) {
            this.show(shown);
            this.notification.add(_t("Taken back: %s", last.name), { type: "info" });
        }
    }

    // --- what nobody announced --------------------------------------------------------------------

    async searchOrders(ev) {
        const text = ev.target.value;
        this.state.found = (await this.ask(() => this.call("table_orders", text))) || [];
        this.state.searched = text;
    }

    async chooseOrder(id) {
        const order = await this.ask(() => this.call("table_order", id));
        if (order) {
            Object.assign(this.state, { step: "order", order });
        }
    }

    async makeReturn(quantities, key) {
        const { order, warehouse } = this.state;
        const made = await this.ask(() =>
            this.call("table_unannounced", order.id, quantities, key, warehouse)
        );
        if (made) {
            this.show(made);
        }
    }
}

registry.category("actions").add("oms_return_table", ReturnTable);
