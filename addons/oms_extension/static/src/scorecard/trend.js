import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { integer, trendLine } from "./measures";

const WIDTH = 64;
const HEIGHT = 26;

/** Share on time, week by week. */
export class ScoreTrend extends Component {
    static template = "oms_extension.ScoreTrend";
    static props = { weeks: Array, open: Function };

    setup() {
        this.width = WIDTH;
        this.height = HEIGHT;
    }

    get line() {
        return trendLine(this.props.weeks, WIDTH, HEIGHT);
    }

    /** What the picture says, in words. */
    get label() {
        const [first] = this.line.dots;
        const last = this.line.dots.at(-1);
        return _t("On time from %(first)s to %(last)s over %(weeks)s weeks", {
            first: this.percent(first.week),
            last: this.percent(last.week),
            weeks: this.line.dots.length,
        });
    }

    percent(week) {
        return `${Math.round(100 * week.value)} %`;
    }

    title({ week }) {
        return _t("Week of %(day)s: %(share)s of %(count)s on time", {
            day: formatDate(deserializeDate(week.week)),
            share: this.percent(week),
            count: integer(week.count),
        });
    }
}
