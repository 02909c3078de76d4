import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { percent } from "./formats";

const WIDTH = 420;
const HEIGHT = 190;
const LEFT = 46;
const BOTTOM = 26;
const TOP = 8;

/** Share of the units that had come back by each day after their delivery (Kaplan–Meier). */
export class ReturnCurve extends Component {
    static template = "oms_extension.ReturnCurve";
    static props = { points: Array };

    setup() {
        Object.assign(this, { WIDTH, HEIGHT, LEFT, BOTTOM, TOP, percent });
    }

    get last() {
        return this.props.points.at(-1);
    }

    get most() {
        return Math.max(this.last.share, 0.001) * 1.1;
    }

    x(age) {
        return LEFT + (age / Math.max(this.last.age, 1)) * (WIDTH - LEFT - 8);
    }

    y(share) {
        return TOP + (1 - share / this.most) * (HEIGHT - TOP - BOTTOM);
    }

    get line() {
        const parts = [];
        let before = 0;
        for (const { age, share } of this.props.points) {
            const x = this.x(age).toFixed(1);
            parts.push(`${x},${this.y(before).toFixed(1)}`, `${x},${this.y(share).toFixed(1)}`);
            before = share;
        }
        return parts.join(" ");
    }

    get rules() {
        return [0, 0.5, 1].map((part) => ({
            y: this.y((part * this.most) / 1.1),
            text: percent((part * this.most) / 1.1),
        }));
    }

    get ticks() {
        const step = this.last.age > 45 ? 14 : 7;
        const ages = [];
        for (let age = 0; age <= this.last.age; age += step) {
            ages.push({ x: this.x(age), text: age });
        }
        return ages;
    }

    /** The day by which so much of what comes back has come. */
    day(part) {
        return this.props.points.find((one) => one.share >= part * this.last.share).age;
    }

    get sentence() {
        return _t("Half of what comes back has been announced by day %(half)s, nine in ten by day %(most)s.", {
            half: this.day(0.5),
            most: this.day(0.9),
        });
    }
}
