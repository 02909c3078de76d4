import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { CogMenu } from "@web/search/cog_menu/cog_menu";
import { Layout } from "@web/search/layout";
import { SearchBar } from "@web/search/search_bar/search_bar";
import { useSearchBarToggler } from "@web/search/search_bar/search_bar_toggler";
import { ActionHelper } from "@web/views/action_helper";
import { standardViewProps } from "@web/views/standard_view_props";
import { ParcelsMap } from "./parcels_map";

/** A view of parcels on the world: `<oms_map/>`. The model's `map_points` gives the places. */
export class MapController extends Component {
    static template = "oms_extension.MapView";
    static components = { ActionHelper, CogMenu, Layout, ParcelsMap, SearchBar };
    static props = { ...standardViewProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.searchBarToggler = useSearchBarToggler();
        this.keepLast = new KeepLast();
        this.state = useState({ version: 0 });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ resModel, domain, context }) {
        const answer = this.orm.call(resModel, "map_points", [domain], { context });
        this.points = await this.keepLast.add(answer);
        this.state.version++;
    }

    /** Shows the parcels of a circle as a list. */
    openCluster(one) {
        const places = Domain.or(one.places.map((place) => place.domain));
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Shipments to %s", one.places[0].label),
            res_model: this.props.resModel,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: Domain.and([this.props.domain, places]).toList(),
        });
    }
}

export const mapView = {
    type: "oms_map",
    Controller: MapController,
    searchMenuTypes: ["filter", "favorite"],
    props: ({ arch, relatedModels, ...genericProps }) => ({ ...genericProps, arch, relatedModels }),
};

registry.category("views").add("oms_map", mapView);
