import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";

const percent = (value) =>
    formatFloat(100 * value, { digits: [16, value > 0 && value < 0.01 ? 2 : 1] });
const days = (value) => formatFloat(value, { digits: [16, 1] });
const hours = (value) => formatFloat(value, { digits: [16, 0] });

/** The groupings of the scorecard, in the order of their buttons, and what a row opens into. */
export const GROUPINGS = [
    { by: "carrier", name: _t("Carrier"), next: "lane" },
    { by: "service", name: _t("Service"), next: "lane" },
    { by: "lane", name: _t("Lane"), next: "service" },
    { by: "zone", name: _t("Zone"), next: "service" },
    { by: "postcodes", name: _t("Postcodes"), next: "service" },
    { by: "warehouse", name: _t("Warehouse"), next: "carrier" },
    { by: "week", name: _t("Week"), next: "carrier" },
];

export const PERIODS = [
    { weeks: 4, name: _t("4 weeks") },
    { weeks: 13, name: _t("13 weeks") },
    { weeks: 26, name: _t("26 weeks") },
    { weeks: 52, name: _t("52 weeks") },
    { weeks: 0, name: _t("All") },
];

/**
 * What a column shows. `counted` are the parcels behind its number, `missed` those that make it
 * worse, as domains on oms.carrier.score.
 */
export const MEASURES = [
    {
        key: "on_time",
        alwaysRipe: true,
        name: _t("On time"),
        help: _t("Delivered by what we promised; a promise counts once its time has come."),
        bare: percent,
        unit: (text) => `${text} %`,
        missedName: (count) => _t("%s late", count),
        missed: [["on_time", "=", 0]],
        counted: [["on_time", "!=", false]],
        better: "more",
    },
    {
        key: "carrier_on_time",
        alwaysRipe: true,
        name: _t("By its promise"),
        help: _t("Delivered by the carrier's own first estimate."),
        bare: percent,
        unit: (text) => `${text} %`,
        missedName: (count) => _t("%s late", count),
        missed: [["carrier_on_time", "=", 0]],
        counted: [["carrier_on_time", "!=", false]],
        better: "more",
    },
    {
        key: "first_attempt",
        name: _t("1st attempt"),
        help: _t("Delivered at the first attempt, of all that were attempted."),
        bare: percent,
        unit: (text) => `${text} %`,
        missedName: (count) => _t("%s failed", count),
        missed: [["first_attempt", "=", 0]],
        counted: [["first_attempt", "!=", false]],
        better: "more",
    },
    {
        key: "transit_median",
        name: _t("Half in"),
        help: _t("Days from hand-over to delivery within which half of the parcels arrive."),
        bare: days,
        unit: (text) => _t("%s d", text),
        counted: [["transit_days", "!=", false]],
    },
    {
        key: "transit_most",
        name: _t("9 of 10 in"),
        help: _t("Days from hand-over to delivery within which nine in ten parcels arrive."),
        bare: days,
        unit: (text) => _t("%s d", text),
        counted: [["transit_days", "!=", false]],
    },
    {
        key: "damaged",
        name: _t("Damaged"),
        help: _t("Of all parcels whose way has ended."),
        bare: percent,
        unit: (text) => `${text} %`,
        missedName: (count) => count,
        missed: [["damaged", "=", 1]],
        counted: [["damaged", "!=", false]],
        better: "less",
    },
    {
        key: "lost",
        name: _t("Lost"),
        help: _t("Of all parcels whose way has ended."),
        bare: percent,
        unit: (text) => `${text} %`,
        missedName: (count) => count,
        missed: [["lost", "=", 1]],
        counted: [["lost", "!=", false]],
        better: "less",
    },
    {
        key: "came_back",
        name: _t("Came back"),
        help: _t("Returned without having been delivered, of all whose way has ended."),
        bare: percent,
        unit: (text) => `${text} %`,
        missedName: (count) => count,
        missed: [["came_back", "=", 1]],
        counted: [["came_back", "!=", false]],
        better: "less",
    },
    {
        key: "longest_gap",
        name: _t("Silence"),
        help: _t("The longest time between two scans, in nine of ten parcels at most."),
        bare: hours,
        unit: (text) => _t("%s h", text),
        counted: [["longest_gap", "!=", false]],
    },
    {
        key: "cost",
        alwaysRipe: true,
        name: _t("Cost"),
        help: _t("Per parcel, of those whose cost is known."),
        bare: (value) => formatFloat(value, { digits: [16, 2] }),
        unit: (text) => text,
        money: true,
        counted: [["cost", "!=", false]],
    },
];

/** A number with its unit. */
export function told(definition, value, currencyId) {
    return definition.money
        ? formatMonetary(value, { currencyId })
        : definition.unit(definition.bare(value));
}

/** The interval of a measure in words; an end that so few parcels leave open stays open. */
export function interval(measure, { bare, unit }) {
    const known = (end) => typeof end === "number";
    if (!known(measure.low) && !known(measure.high)) {
        return "";
    }
    if (!known(measure.high)) {
        return _t("%s or more", unit(bare(measure.low)));
    }
    if (!known(measure.low)) {
        return _t("%s or less", unit(bare(measure.high)));
    }
    return unit(`${bare(measure.low)} – ${bare(measure.high)}`);
}

/** How many parcels make a share worse. */
export function missedCount(measure, better) {
    return better === "less" ? measure.hits : measure.count - measure.hits;
}

export function integer(value) {
    return formatInteger(value);
}

export function asOf(moment) {
    return deserializeDateTime(moment.replace("T", " ").replace("Z", "")).toLocaleString({
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
    });
}

/** The points of a line through the weeks' shares, and where each week lies. */
export function trendLine(weeks, width, height) {
    const known = weeks.filter((week) => typeof week.value === "number");
    if (known.length < 2) {
        return null;
    }
    const step = width / (known.length - 1);
    const lowest = Math.min(0.9, ...known.map((week) => week.value));
    const at = (value) => height - ((value - lowest) / (1 - lowest || 1)) * height;
    const dots = known.map((week, index) => ({ x: index * step, y: at(week.value), week }));
    return { dots, points: dots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ") };
}
