import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { animationFrame, before, expect, test, withFetch } from "@odoo/hoot";
import { press, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { globalCachedFetch } from "@web/../tests/_framework/module_set.hoot";

import { loadWorldMap } from "@oms_extension/network_map/world_map";
import { cluster, gravest } from "@oms_extension/shipment_map/clusters";
import { RouteMap } from "@oms_extension/shipment_map/route_map";

const ROUTE = {
    clock: "Europe/Rome",
    reached: 2,
    stops: [
        { kind: "origin", label: "Milano", latitude: 45.46, longitude: 9.19, at: false, text: "" },
        {
            kind: "seen",
            label: "Bologna",
            latitude: 44.49,
            longitude: 11.34,
            at: "2026-03-02T10:00:00Z",
            text: "Arrived",
        },
        { kind: "destination", label: "Roma", latitude: 41.9, longitude: 12.5, at: false, text: "" },
    ],
};
const place = (label, latitude, longitude, tones) => ({
    label,
    latitude,
    longitude,
    tones,
    count: Object.values(tones).reduce((sum, one) => sum + one, 0),
    domain: [["zip", "=", label]],
});
const PLACES = [
    place("Paris", 48.85, 2.35, { info: 5, danger: 1 }),
    place("Saint-Denis", 48.94, 2.36, { success: 1 }),
    place("Roma", 41.9, 12.5, { info: 2 }),
];

class OmsShipment extends models.Model {
    _name = "oms.shipment";
    name = fields.Char();
    _views = { oms_map: "<oms_map/>", search: "<search/>" };
}

defineMailModels();
defineModels([OmsShipment]);

before(() => withFetch(globalCachedFetch, () => loadWorldMap()));

async function drawn() {
    await animationFrame();
    await animationFrame();
}

test("a route shows what is behind the parcel, where it is, and what is ahead", async () => {
    await mountWithCleanup(RouteMap, { props: { route: ROUTE, clock: ROUTE.clock } });
    await drawn();
    expect(queryOne(".o_oms_map_land").getAttribute("d").length > 1000).toBe(true);
    expect(".o_oms_leg").toHaveCount(2);
    expect(".o_oms_leg.o_ahead").toHaveCount(1);
    expect(".o_oms_stop_here").toHaveAttribute(
        "aria-label",
        "Bologna. Last seen here. Arrived. Mon, Mar 2, 2026, 11:00 AM"
    );
    expect(queryAllTexts(".o_oms_map_label.o_used")).toEqual(["Milano", "Bologna", "Roma"]);
    expect("svg[role=img]").toHaveAttribute(
        "aria-label",
        "Way of the parcel: Milano – Bologna – Roma"
    );
});

test("a delivered parcel has nothing ahead", async () => {
    await mountWithCleanup(RouteMap, { props: { route: { ...ROUTE, reached: 3 } } });
    await drawn();
    expect(".o_oms_leg.o_ahead").toHaveCount(0);
    expect(".o_oms_stop_here").toHaveCount(0);
    expect(".o_oms_stop_seen").toHaveCount(1);
});

test("near places are one circle, as grave as its worst parcel", () => {
    const pixels = { Paris: [100, 100], "Saint-Denis": [104, 96], Roma: [400, 300] };
    const found = cluster(PLACES, (one) => pixels[one.label], { width: 500, height: 400 });
    expect(found.map((one) => [one.count, one.tone])).toEqual([
        [7, "danger"],
        [2, "info"],
    ]);
    expect(gravest({ success: 1 })).toBe("success");
    expect(cluster(PLACES, () => [900, 0], { width: 500, height: 400 })).toEqual([]);
});

test("the map view asks for the places of its domain and opens a circle as a list", async () => {
    onRpc("oms.shipment", "map_points", ({ args }) => {
        expect.step(JSON.stringify(args[0]));
        return {
            places: PLACES,
            warehouses: [{ id: 1, name: "Milano", latitude: 45.46, longitude: 9.19 }],
            count: 11,
            unplaced: 2,
        };
    });
    mockService("action", {
        doAction(action) {
            expect.step(JSON.stringify(action.domain));
        },
    });
    await mountView({ type: "oms_map", resModel: "oms.shipment", domain: [["name", "=", "x"]] });
    await drawn();
    expect.verifySteps(['[["name","=","x"]]']);
    expect(".o_oms_depot").toHaveCount(1);
    expect(queryAllTexts(".o_oms_cluster")).toEqual(["7", "2"]);
    expect(".o_oms_map_legend").toHaveText(/2 without a known country and postcode/);
    for (const button of queryAll(".o_oms_cluster")) {
        expect(button).toHaveAttribute("aria-label");
    }
    queryOne(".o_oms_cluster:first").focus();
    await animationFrame();
    expect(".o_oms_map_tooltip").toHaveText(/Paris, Saint-Denis/);
    await press("Enter");
    await animationFrame();
    expect.verifySteps([
        '["&",["name","=","x"],"|",["zip","=","Paris"],["zip","=","Saint-Denis"]]',
    ]);
});

test("the map view says what is missing", async () => {
    onRpc("oms.shipment", "map_points", () => ({
        places: [],
        warehouses: [],
        count: 3,
        unplaced: 3,
    }));
    await mountView({ type: "oms_map", resModel: "oms.shipment" });
    expect(".o_oms_map_view_message").toHaveText(/None of these parcels/);
});
