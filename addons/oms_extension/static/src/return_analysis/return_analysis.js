import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { CohortTriangle } from "./cohort_triangle";
import { FindingCard } from "./finding_card";
import { DIMENSIONS, PERIODS, integer, interval, known, money, percent } from "./formats";
import { ReasonHeat } from "./reason_heat";
import { ReasonPareto } from "./reason_pareto";
import { ReturnCurve } from "./return_curve";
import { ReturnOutlook } from "./return_outlook";
import { ReturnTable } from "./return_table";
import { ReturnTopics } from "./return_topics";
import { save } from "./save";

const { DateTime } = luxon;
const MOST_ROWS = 25;

/** Why goods come back: findings first, then the figures behind them, each with its records. */
export class ReturnAnalysis extends Component {
    static template = "oms_extension.ReturnAnalysis";
    static components = {
        CohortTriangle,
        FindingCard,
        Layout,
        ReasonHeat,
        ReasonPareto,
        ReturnCurve,
        ReturnOutlook,
        ReturnTable,
        ReturnTopics,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        Object.assign(this, { DIMENSIONS, PERIODS, integer, interval, known, money, percent });
        const kept = this.props.state?.returns || {};
        this.state = useState({
            by: kept.by || "product",
            weeks: kept.weeks ?? 26,
            filters: kept.filters || [],
            page: null,
            choices: { warehouse: [], category: [] },
            loading: true,
            looking: false,
        });
        useSetupAction({
            getLocalState: () => ({
                returns: {
                    by: this.state.by,
                    weeks: this.state.weeks,
                    filters: this.state.filters.map((filter) => ({ ...filter })),
                },
            }),
        });
        onWillStart(async () => {
            this.mayWork = await user.hasGroup("oms_extension.group_user");
            await Promise.all([this.load(), this.loadChoices()]);
        });
    }

    get display() {
        return { controlPanel: {} };
    }

    get currencyId() {
        return this.state.page.table.currency.id;
    }

    get total() {
        return this.state.page.table.total;
    }

    get flags() {
        return this.state.page.findings.filter((one) => one.level === "flag");
    }

    get watched() {
        return this.state.page.findings.filter((one) => one.level !== "flag");
    }

    get period() {
        return this.state.weeks
            ? { from: DateTime.local().minus({ weeks: this.state.weeks }).toISODate() }
            : null;
    }

    get domain() {
        return this.state.filters.map((filter) => filter.condition);
    }

    get asOf() {
        const moment = this.state.page.as_of;
        return moment
            ? formatDateTime(deserializeDateTime(moment.replace("T", " ").replace("Z", "")), {
                  showSeconds: false,
              })
            : _t("never");
    }

    async load() {
        this.state.loading = true;
        const page = await this.keepLast.add(
            this.orm.call("oms.return", "analysis_page", [], {
                by: this.state.by,
                domain: this.domain,
                period: this.period,
                limit: MOST_ROWS,
            })
        );
        this.state.page = page;
        this.state.loading = false;
    }

    async loadChoices() {
        const [warehouse, category] = await Promise.all([
            this.orm.searchRead("stock.warehouse", [], ["display_name"]),
            this.orm.searchRead("product.category", [], ["display_name"], { limit: 500 }),
        ]);
        this.state.choices = { warehouse, category };
    }

    choose(by) {
        this.state.by = by;
        return this.load();
    }

    choosePeriod(weeks) {
        this.state.weeks = weeks;
        return this.load();
    }

    chosen(dimension) {
        const filter = this.state.filters.find((one) => one.condition[0] === dimension);
        return filter ? String(filter.condition[2]) : "";
    }

    /** Narrow down to one value of a dimension, in place of another of the same. */
    narrow(dimension, value, name) {
        const label = DIMENSIONS.find((one) => one.by === dimension)?.name || dimension;
        const others = this.state.filters.filter((one) => one.condition[0] !== dimension);
        this.state.filters = [
            ...others,
            { name: `${label}: ${name}`, condition: [dimension, "=", value] },
        ];
    }

    select(dimension, event) {
        const value = event.target.value;
        if (value) {
            const name = event.target.selectedOptions[0].textContent;
            this.narrow(dimension, Number(value), name);
        } else {
            this.state.filters = this.state.filters.filter((one) => one.condition[0] !== dimension);
        }
        return this.load();
    }

    leave(index) {
        this.state.filters.splice(index, 1);
        return this.load();
    }

    /** Look at one row only, told apart further. */
    into(row) {
        const by = this.state.by;
        this.narrow(by, row.key[by], row.name);
        return this.choose(DIMENSIONS.find((one) => one.by === by).next);
    }

    /** The records behind a number. */
    async open(returned, conditions, name, within = null) {
        const action = await this.orm.call("oms.return", "analysis_units", [], {
            returned,
            domain: [...this.domain, ...conditions],
            period: this.period,
            name,
            within,
        });
        return this.action.doAction(action);
    }

    conditions(key) {
        return Object.entries(key).map(([name, value]) => [name, "=", value]);
    }

    openRow(row, returned) {
        return this.open(returned, this.conditions(row.key), row.name);
    }

    async openFinding(id, method = "action_open") {
        return this.action.doAction(await this.orm.call("oms.return.finding", method, [[id]]));
    }

    async refresh() {
        this.state.looking = true;
        try {
            await this.orm.call("oms.return.figures", "refresh", []);
            await this.load();
        } finally {
            this.state.looking = false;
        }
    }

    async look() {
        this.state.looking = true;
        try {
            const count = await this.orm.call("oms.return.finding", "look", []);
            await this.load();
            this.notification.add(
                count ? _t("%s causes are open.", count) : _t("Nothing stands out."),
                { type: "info" }
            );
        } finally {
            this.state.looking = false;
        }
    }

    async export(kind) {
        const file = await this.orm.call("oms.return", "analysis_export", [], {
            group_by: this.state.by,
            domain: this.domain,
            period: this.period,
            kind,
        });
        save(file, kind);
    }
}

registry.category("actions").add("oms_return_analysis", ReturnAnalysis);
