import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { GROUPINGS, MEASURES, PERIODS, asOf, integer } from "./measures";
import { ScoreCell } from "./score_cell";
import { ScoreTrend } from "./trend";

/**
 * The carrier scorecard. A row's name opens it by the next grouping, every number its parcels.
 */
export class CarrierScorecard extends Component {
    static template = "oms_extension.CarrierScorecard";
    static components = { Layout, ScoreCell, ScoreTrend };
    static props = { ...standardActionServiceProps };

    setup() {
        // On a phone each cell says what it is.
        this.labels = { parcels: _t("Parcels"), trend: _t("Trend") };
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        Object.assign(this, { GROUPINGS, MEASURES, PERIODS, asOf, integer });
        const kept = this.props.state?.scorecard || {};
        this.state = useState({
            by: kept.by || "carrier",
            weeks: kept.weeks ?? 13,
            filters: kept.filters || [],
            card: null,
            loading: true,
        });
        useSetupAction({
            getLocalState: () => ({
                scorecard: {
                    by: this.state.by,
                    weeks: this.state.weeks,
                    filters: this.state.filters.map((filter) => ({ ...filter })),
                },
            }),
        });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    get rows() {
        const { rows, total } = this.state.card;
        return rows.length > 1 ? [...rows, { ...total, isTotal: true }] : rows;
    }

    get groupingName() {
        return GROUPINGS.find((one) => one.by === this.state.by).name;
    }

    /** Columns of which something is known. */
    get measures() {
        const { total } = this.state.card;
        return MEASURES.filter((one) => total.measures[one.key].count);
    }

    async load() {
        this.state.loading = true;
        const card = await this.keepLast.add(
            this.orm.call("oms.carrier.score", "scorecard", [], {
                by: this.state.by,
                weeks: this.state.weeks,
                domain: this.state.filters.flatMap((filter) => filter.domain),
            })
        );
        this.state.card = card;
        this.state.loading = false;
    }

    choose(by) {
        this.state.by = by;
        return this.load();
    }

    period(weeks) {
        this.state.weeks = weeks;
        return this.load();
    }

    /** Look at one row only, by the next grouping (or by week, where its trend was clicked). */
    into(row, by) {
        const grouping = GROUPINGS.find((one) => one.by === this.state.by);
        this.state.filters.push({
            name: `${grouping.name}: ${row.name}`,
            domain: row.domain.slice(-row.key.length),
        });
        return this.choose(by || grouping.next);
    }

    leave(index) {
        this.state.filters.splice(index, 1);
        return this.load();
    }

    async open(row, domain, name) {
        const action = await this.orm.call("oms.carrier.score", "open_parcels", [], {
            domain: [...row.domain, ...domain],
            name: `${row.name}: ${name}`,
        });
        return this.action.doAction(action);
    }

    openAll(row) {
        return this.open(row, [], _t("Parcels"));
    }

    openOnTheWay(row) {
        return this.open(row, [["on_the_way", "=", 1]], _t("On the way"));
    }
}

registry.category("actions").add("oms_carrier_scorecard", CarrierScorecard);
