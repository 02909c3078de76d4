import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";

const SIDE = 1600;
/** Pixels of a photo's longer side: enough to see a scratch, and sent in a second. */

/** A text that no other submission has. */
export function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))]
        .map((one) => one.toString(16).padStart(2, "0"))
        .join("");
}

/** What a grade means, in the words of the table. */
const WORDS = {
    a: [_t("As new"), _t("Sealed or untouched")],
    b: [_t("Opened"), _t("Complete, without traces")],
    c: [_t("Used"), _t("Traces, or lightly damaged")],
    d: [_t("Broken"), _t("Does not work, or incomplete")],
};

/** One unit in hand: grade, problem, cause, photo, note, and where it goes. */
export class TableUnit extends Component {
    static template = "oms_extension.TableUnit";
    static props = {
        unit: Object,
        line: { type: Object, optional: true },
        start: Object,
        returnId: Number,
        busy: Boolean,
        putAway: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.words = WORDS;
        this.start = this.props.start;
        this.fine = _t("It is what was announced");
        this.other = _t("Something else");
        this.away = _t("Put away");
        this.report = _t("Report it missing");
        this.state = useState(this.fresh(this.props.unit));
        onWillStart(() => this.suggest());
        onWillUpdateProps((next) => {
            if (next.unit.key !== this.state.key) {
                Object.assign(this.state, this.fresh(next.unit));
            } else {
                if (next.unit.lot !== this.props.unit.lot) {
                    this.state.lot = next.unit.lot;
                    this.suggest();
                }
                if (next.unit.quantity !== this.props.unit.quantity) {
                    this.state.quantity += next.unit.quantity - this.props.unit.quantity;
                }
            }
        });
    }

    fresh(unit) {
        return {
            key: unit.key,
            lot: unit.lot || "",
            quantity: unit.quantity,
            condition: "",
            problem: unit.problem,
            cause: false,
            note: "",
            photos: [],
            suggested: null,
            disposition: false,
            choosing: false,
            wrong: false,
        };
    }

    get problems() {
        const kinds = this.props.line
            ? ["none", "wrong_item", "wrong_serial", "over", "missing"]
            : ["wrong_item"];
        return this.props.start.problems.filter(
            (one) =>
                kinds.includes(one.key) &&
                (one.key !== "wrong_serial" || this.props.unit.tracking === "serial")
        );
    }

    get needsLot() {
        return this.props.unit.tracking !== "none" && this.state.problem !== "missing";
    }

    get isGraded() {
        return this.state.problem !== "none" || this.state.condition;
    }

    get missing() {
        if (!this.isGraded) {
            return _t("Choose the condition");
        }
        if (this.needsLot && !this.state.lot.trim()) {
            return _t("Scan the serial or lot number");
        }
        if (!this.props.unit.product && !this.state.note.trim()) {
            return _t("Say in the note what it is");
        }
        return "";
    }

    get shown() {
        return this.state.disposition || this.state.suggested?.disposition || "";
    }

    nameOf(disposition) {
        return this.props.start.dispositions.find((one) => one.key === disposition)?.name || "";
    }

    get values() {
        const { lot, quantity, condition, problem, cause, note, photos, disposition } = this.state;
        return {
            line: this.props.unit.line,
            product: this.props.unit.product,
            lot,
            quantity: this.props.unit.tracking === "serial" ? 1 : quantity,
            condition: condition || false,
            problem,
            cause,
            note,
            photos: photos.map((one) => one.split(",")[1]),
            disposition,
        };
    }

    async suggest() {
        if (!this.isGraded) {
            this.state.suggested = null;
            return;
        }
        const values = { ...this.values, photos: [], disposition: false };
        this.state.suggested = await this.keepLast.add(
            this.orm.silent.call("oms.return", "table_suggest", [this.props.returnId, values])
        );
    }

    set(field, value) {
        this.state[field] = value;
        if (field !== "disposition" && field !== "note" && field !== "lot") {
            this.suggest();
        } else {
            this.state.choosing = false;
        }
    }

    setCause(ev) {
        this.set("cause", parseInt(ev.target.value) || false);
    }

    count(step) {
        this.state.quantity = Math.max(1, this.state.quantity + step);
        this.suggest();
    }

    async addPhotos(ev) {
        for (const file of [...ev.target.files].slice(0, 6 - this.state.photos.length)) {
            this.state.photos.push(await smaller(file));
        }
        ev.target.value = "";
    }

    put() {
        if (!this.missing && !this.props.busy) {
            this.props.putAway(this.values, this.state.key);
        }
    }
}

/** A photo as a JPEG of reasonable size, as a data URL. */
async function smaller(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/jpeg", 0.85);
}
