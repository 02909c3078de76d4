import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";

export const integer = (value) => formatInteger(Math.round(value));
export const known = (value) => typeof value === "number";

export function percent(value) {
    const digits = value > 0 && value < 0.01 ? 2 : 1;
    return `${formatFloat(100 * value, { digits: [16, digits] })}\u00a0%`;
}

export function money(value, currencyId) {
    return formatMonetary(value, { currencyId });
}

/** Sums without their cents: on a chart they only take room. */
export function round(value, currencyId) {
    return formatMonetary(Math.round(value), { currencyId, digits: [16, 0] });
}

export function interval(row) {
    return row.interval ? `${percent(row.interval[0])} – ${percent(row.interval[1])}` : "";
}

/** What the table can be told apart by, and by what a row is told apart further. */
export const DIMENSIONS = [
    { by: "product", name: _t("Product"), next: "variant" },
    { by: "variant", name: _t("Variant"), next: "lot" },
    { by: "category", name: _t("Category"), next: "product" },
    { by: "vendor", name: _t("Vendor"), next: "product" },
    { by: "lot", name: _t("Lot"), next: "reason" },
    { by: "warehouse", name: _t("Warehouse"), next: "carrier" },
    { by: "carrier", name: _t("Carrier"), next: "warehouse" },
    { by: "service", name: _t("Service"), next: "warehouse" },
    { by: "lane", name: _t("Lane"), next: "carrier" },
    { by: "country", name: _t("Country"), next: "carrier" },
    { by: "channel", name: _t("Channel"), next: "product" },
    { by: "cohort", name: _t("Customer since"), next: "product" },
    { by: "promotion", name: _t("Promotion"), next: "product" },
    { by: "lateness", name: _t("Lateness"), next: "carrier" },
    { by: "reason", name: _t("Reason"), next: "product" },
    { by: "cause", name: _t("Cause Found"), next: "product" },
    { by: "month", name: _t("Month"), next: "product" },
    { by: "week", name: _t("Week"), next: "product" },
];

export const PERIODS = [
    { weeks: 13, name: _t("13 weeks") },
    { weeks: 26, name: _t("26 weeks") },
    { weeks: 52, name: _t("52 weeks") },
    { weeks: 0, name: _t("All") },
];
