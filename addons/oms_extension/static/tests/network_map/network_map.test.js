import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { animationFrame, before, expect, test, withFetch } from "@odoo/hoot";
import { hover, leave, press, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import { globalCachedFetch } from "@web/../tests/_framework/module_set.hoot";

import { NetworkMap } from "@oms_extension/network_map/network_map";
import { loadWorldMap } from "@oms_extension/network_map/world_map";

const WAREHOUSES = [
    { id: 1, name: "Milano", latitude: 45.46, longitude: 9.19 },
    { id: 2, name: "Łódź", latitude: 51.76, longitude: 19.46 },
    { id: 3, name: "Zaragoza", latitude: 41.65, longitude: -0.88, label: "Closed" },
];
const MARSEILLE = { label: "Marseille", latitude: 43.3, longitude: 5.37 };
const PARCELS = [
    { warehouse_id: 1, index: 1, quantity: 3, label: "DHL", cost_label: "€ 7.40" },
    { warehouse_id: 2, index: 2, quantity: 1.5, label: false, date_label: "Thu 26 Nov" },
];

class Order extends models.Model {
    oms_map_data = fields.Json();
    _records = [
        {
            id: 1,
            oms_map_data: { warehouses: WAREHOUSES, destination: MARSEILLE, parcels: PARCELS },
        },
        { id: 2, oms_map_data: false },
    ];
}

defineMailModels();
defineModels([Order]);

before(() => withFetch(globalCachedFetch, () => loadWorldMap()));

async function mountMap(props) {
    await mountWithCleanup(NetworkMap, { props: { warehouses: WAREHOUSES, ...props } });
    await animationFrame();
    await animationFrame();
}

test("draws land, warehouses, destination and one arc a parcel", async () => {
    await mountMap({ destination: MARSEILLE, parcels: PARCELS });
    expect(queryOne(".o_oms_map_land").getAttribute("d").length > 1000).toBe(true);
    expect(".o_oms_map_warehouse").toHaveCount(3);
    expect(".o_oms_map_warehouse.o_used").toHaveCount(2);
    expect(".o_oms_map_destination").toHaveCount(1);
    expect(".o_oms_map_arc").toHaveCount(2);
    expect(queryAllTexts(".o_oms_map_badge")).toEqual(["1", "2"]);
    expect(queryAllTexts(".o_oms_map_warehouse.o_used")).toEqual(["1", "1"]);
    expect("svg[role=img]").toHaveAttribute(
        "aria-label",
        "Map: 2 parcels from Milano, Łódź to Marseille"
    );
});

test.tags("desktop");
test("says on hover and on focus what a marker means", async () => {
    await mountMap({ destination: MARSEILLE, parcels: PARCELS });
    await hover(".o_oms_map_badge:first");
    await animationFrame();
    expect(".o_oms_map_tooltip").toHaveText("Parcel 1 from Milano\nDHL\n3 units\n€ 7.40");
    expect(".o_oms_map_arc.o_dimmed").toHaveCount(1);
    await leave(".o_oms_map_badge:first");
    await animationFrame();
    expect(".o_oms_map_tooltip").toHaveCount(0);
    await hover(".o_oms_map_destination");
    await animationFrame();
    expect(".o_oms_map_tooltip").toHaveText("Marseille");

    queryOne(".o_oms_map_warehouse[data-warehouse-id='3']").focus();
    await animationFrame();
    expect(".o_oms_map_tooltip").toHaveText("Zaragoza\nClosed");
    await press("Escape");
    await animationFrame();
    expect(".o_oms_map_tooltip").toHaveCount(0);
});

test("says on a tap what a marker means", async () => {
    await mountMap({ destination: MARSEILLE, parcels: PARCELS });
    await contains(".o_oms_map_badge:last").click();
    expect(".o_oms_map_tooltip").toHaveText("Parcel 2 from Łódź\n1.5 units\nThu 26 Nov");
    await contains(".o_oms_map_destination").click();
    expect(".o_oms_map_tooltip").toHaveText("Marseille");
});

test("every marker can be reached by keyboard and has a name", async () => {
    await mountMap({ destination: MARSEILLE, parcels: PARCELS });
    const buttons = queryAll(".o_oms_map button");
    expect(buttons).toHaveLength(6);
    for (const button of buttons) {
        expect(button).toHaveAttribute("aria-label");
    }
    expect(".o_oms_map_badge:last").toHaveAttribute(
        "aria-label",
        "Parcel 2 from Łódź. 1.5 units. Thu 26 Nov"
    );
});

test("calls back when a warehouse is clicked", async () => {
    await mountMap({ onWarehouseClick: (id) => expect.step(id) });
    await contains(".o_oms_map_warehouse[data-warehouse-id='2']").click();
    expect.verifySteps([2]);
    expect("svg[role=img]").toHaveAttribute("aria-label", "Map of 3 warehouses");
    expect(".o_oms_map_arc").toHaveCount(0);
});

test("names what could not be placed", async () => {
    await mountMap({
        warehouses: [...WAREHOUSES, { id: 4, name: "Tallinn", latitude: 0, longitude: 0 }],
        destination: { label: "Somewhere", latitude: false, longitude: false },
        parcels: PARCELS,
    });
    expect(".o_oms_map_warehouse").toHaveCount(3);
    expect(".o_oms_map_destination").toHaveCount(0);
    expect(".o_oms_map_legend").toHaveText(/Not on the map, without coordinates: Tallinn/);
    expect(".o_oms_map_legend").toHaveText(/no known country or postcode/);
});

test("explains an empty map", async () => {
    await mountMap({ warehouses: [{ id: 4, name: "Tallinn", latitude: 0, longitude: 0 }] });
    expect("svg").toHaveCount(0);
    expect(".o_oms_map_message").toHaveText(/No coordinates yet/);
});

test("shows the order first and the whole network on demand", async () => {
    const shanghai = { id: 5, name: "Shanghai", latitude: 31.2, longitude: 121.5 };
    await mountMap({
        warehouses: [WAREHOUSES[0], shanghai],
        destination: MARSEILLE,
        parcels: [PARCELS[0]],
    });
    expect(".o_oms_map_warehouse").toHaveCount(1);
    await contains(".o_oms_map_scope").click();
    expect(".o_oms_map_warehouse").toHaveCount(2);
    expect(".o_oms_map_scope").toHaveText("This order");
});

test("the field widget draws a JSON field and survives an empty one", async () => {
    const arch = `<form><field name="oms_map_data" widget="oms_network_map"/></form>`;
    await mountView({ type: "form", resModel: "order", resId: 1, arch });
    await animationFrame();
    await animationFrame();
    expect(".o_field_oms_network_map .o_oms_map_arc").toHaveCount(2);
    await mountView({ type: "form", resModel: "order", resId: 2, arch });
    expect(".o_oms_map_message:contains(No coordinates yet)").toHaveCount(1);
});
