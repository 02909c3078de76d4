import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";

/** An amount of the company's currency. */
export function money(amount, currencyId) {
    return formatMonetary(amount, { currencyId });
}

/** An amount that something costs more (+) or less (−), always with its sign. */
export function difference(amount, currencyId) {
    const rounded = Math.abs(amount) < 0.005 ? 0 : amount;
    const sign = rounded > 0 ? "+" : rounded < 0 ? "−" : "±";
    return `${sign}${money(Math.abs(rounded), currencyId)}`;
}

/** The day of a UTC time in the reader's zone, with its weekday. */
export function day(value) {
    if (!value) {
        return "";
    }
    return deserializeDateTime(value).toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
    });
}

/** Day and hour of a UTC time in the reader's zone. */
export function moment(value) {
    if (!value) {
        return "";
    }
    return deserializeDateTime(value).toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
    });
}

export function kilometres(value) {
    if (value === null || value === undefined || value === false) {
        return "";
    }
    return _t("%s km", formatFloat(Math.round(value), { digits: [16, 0] }));
}

export function kilograms(value) {
    return _t("%s kg", formatFloat(value, { digits: [16, value < 10 ? 2 : 1], trailingZeros: false }));
}

/** Says that days were learned; empty where a person wrote them. */
export function learnedFrom(count) {
    return count ? _t("learned from %s parcels", formatFloat(count, { digits: [16, 0] })) : "";
}

export function parcelCount(count) {
    return count === 1 ? _t("1 parcel") : _t("%s parcels", count);
}

export function unitCount(count) {
    return count === 1 ? _t("1 unit") : _t("%s units", count);
}
