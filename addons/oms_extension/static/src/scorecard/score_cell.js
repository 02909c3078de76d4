import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { integer, interval, missedCount, told } from "./measures";

/** One number of the scorecard with its interval, its sample, and what may be said of it. */
export class ScoreCell extends Component {
    static template = "oms_extension.ScoreCell";
    static props = {
        measure: Object,
        definition: Object,
        early: { type: Boolean, optional: true },
        currencyId: Number,
        open: Function,
    };

    get isKnown() {
        return typeof this.props.measure.value === "number";
    }

    get value() {
        return told(this.props.definition, this.props.measure.value, this.props.currencyId);
    }

    get interval() {
        return interval(this.props.measure, this.props.definition);
    }

    get sample() {
        const count = integer(this.props.measure.count);
        return this.props.measure.few ? _t("only %s", count) : _t("of %s", count);
    }

    get missed() {
        const { definition, measure } = this.props;
        const count = definition.missed ? missedCount(measure, definition.better) : 0;
        return count ? definition.missedName(integer(count)) : "";
    }

    get judgement() {
        const judged = this.props.measure.judgement;
        if (judged === "better") {
            return { icon: "fa-caret-up", tone: "text-success", text: _t("Better than the others") };
        }
        if (judged === "worse") {
            return { icon: "fa-caret-down", tone: "text-danger", text: _t("Worse than the others") };
        }
        return null;
    }

    /** So many are on their way that this number is that of the fast ones, or of the unlucky. */
    get isEarly() {
        return this.props.early && !this.props.definition.alwaysRipe;
    }

    openCounted() {
        this.props.open(this.props.definition.counted, this.props.definition.name);
    }

    openMissed() {
        this.props.open(this.props.definition.missed, this.missed);
    }
}
