/**
 * Times of events on the clock of the place where they happened. Moments are ISO 8601 in UTC.
 */

import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** Whether the reader's language counts to 24 is known to the browser. */
const HOUR = { hour: "2-digit", minute: "2-digit" };

/** A moment on the clock of `zone`, on the reader's where nobody knows the zone. */
export function localTime(at, zone) {
    const moment = DateTime.fromISO(at, { zone: "utc" });
    const local = moment.setZone(zone || "local");
    return local.isValid ? local : moment.toLocal();
}

export function hour(local) {
    return local.toLocaleString(HOUR);
}

/** `Thu, Nov 26`, with the year where it is another than this one; today and yesterday by name. */
export function dayName(local) {
    const today = DateTime.now().setZone(local.zone);
    const named = local.toLocaleString({
        weekday: "long",
        day: "numeric",
        month: "long",
        ...(local.year !== today.year && { year: "numeric" }),
    });
    if (local.hasSame(today, "day")) {
        return _t("Today, %s", named);
    }
    return local.hasSame(today.minus({ days: 1 }), "day") ? _t("Yesterday, %s", named) : named;
}

/** Day and hour in one, short. */
export function shortMoment(at, zone) {
    const local = localTime(at, zone);
    return local.toLocaleString({
        weekday: "short",
        day: "numeric",
        month: "short",
        ...(local.year !== DateTime.now().year && { year: "numeric" }),
        ...HOUR,
    });
}

/** The same moment in UTC, for those who compare clocks: `2026-11-26 14:05 UTC`. */
export function utcMoment(at) {
    return DateTime.fromISO(at, { zone: "utc" }).toFormat("yyyy-MM-dd HH:mm 'UTC'");
}

/** How long ago, in words. */
export function ago(at) {
    return DateTime.fromISO(at, { zone: "utc" }).toRelative() || "";
}

/**
 * Events by the day on which they happened, newest first.
 *
 * @param {{ occurred_at: string, time_zone: string | false }[]} events newest first
 * @param {string} clock zone of events that have none
 * @returns {{ key: string, name: string, events: Object[] }[]} events with `local` and `hour`
 */
export function byDay(events, clock) {
    const days = [];
    for (const event of events) {
        const local = localTime(event.occurred_at, event.time_zone || clock);
        const key = local.toISODate();
        if (days.at(-1)?.key !== key) {
            days.push({ key, name: dayName(local), events: [] });
        }
        days.at(-1).events.push({ ...event, hour: hour(local), offset: local.toFormat("ZZZZ") });
    }
    return days;
}
