"""The company, its warehouses, and the lanes between them and the states of Brazil."""

from __future__ import annotations

from collections import defaultdict

from .. import freight
from ..network import WAREHOUSES, Site, areas, great_circle_km, place_warehouses
from ..reading import Olist, Point
from .target import Target

COMPANY, POLICY = "Olist", "olist"
HANDLING_PARCEL, HANDLING_LINE, EXTRA_PARCEL, LATE_DAY = 4.0, 1.0, 5.0, 0.5
"""BRL, assumed: packing a parcel, picking a line, what a second parcel and a late day cost."""
CUTOFF = 14.0
TIME_ZONES = {
    "AM": "America/Manaus", "RR": "America/Boa_Vista", "RO": "America/Porto_Velho",
    "AC": "America/Rio_Branco", "MT": "America/Cuiaba", "MS": "America/Campo_Grande",
}  # fmt: skip
TIME_ZONE = "America/Sao_Paulo"


def make_company(target: Target) -> None:
    """A company in Brazilian money, and the policy by which its orders are sourced."""
    odoo = target.odoo
    target.country = odoo.find_id("res.country", [["code", "=", "BR"]]) or 0
    target.states = {
        row["code"]: row["id"]
        for row in odoo.find("res.country.state", [["country_id", "=", target.country]], ["code"])
    }
    real = odoo.find_id("res.currency", [["name", "=", "BRL"]], active_test=False)
    odoo.call("res.currency", "write", [real], {"active": True})
    target.company = odoo.ensure(
        "res.company", [["name", "=", COMPANY]], {"name": COMPANY, "currency_id": real}
    )
    # By its partner: a company that is made with a country installs that country's accounting.
    (partner,) = odoo.find("res.company", [["id", "=", target.company]], ["partner_id"])
    odoo.call("res.partner", "write", [partner["partner_id"][0]], {"country_id": target.country})
    membership = {"company_ids": [[4, target.company]], "company_id": target.company}
    odoo.call("res.users", "write", [odoo.uid], membership)
    odoo.context["allowed_company_ids"] = [target.company]
    odoo.ensure(
        "oms.policy",
        [["code", "=", POLICY], ["company_id", "=", target.company]],
        {
            "name": "Least cost",
            "code": POLICY,
            "company_id": target.company,
            "sequence": 1,
            "extra_parcel_penalty": EXTRA_PARCEL,
            "late_day_cost": LATE_DAY,
        },
    )


def make_network(target: Target) -> list[Site]:
    """Ten warehouses where the demand is, and lanes from each to every state."""
    target.say("Placing warehouses where the demand is")
    count = min(WAREHOUSES, len(areas(target.olist)))
    sites = place_warehouses(target.olist, count)
    for number, site in enumerate(sites, start=1):
        target.warehouses[site.code] = _warehouse(target, number, site)
        target.say(f"  {site.code}  {site.name:32} {site.share:6.1%} of the orders are nearest")
    _lanes(target, sites)
    return sites


def _warehouse(target: Target, number: int, site: Site) -> int:
    odoo = target.odoo
    mine = [["company_id", "=", target.company]]
    known = odoo.find_id("stock.warehouse", [*mine, ["code", "=", site.code]])
    if known:
        return known
    place = odoo.ensure(
        "res.partner",
        [["ref", "=", f"warehouse {site.code}"], *mine],
        {
            "name": f"Warehouse {site.name}",
            "ref": f"warehouse {site.code}",
            "city": site.name,
            "zip": site.postcode,
            "country_id": target.country,
            "state_id": target.states[site.state],
            "partner_latitude": site.point[0],
            "partner_longitude": site.point[1],
            "company_id": target.company,
        },
    )
    values = {
        "name": site.name,
        "code": site.code,
        "partner_id": place,
        "company_id": target.company,
        "sequence": number,
        "oms_latitude": site.point[0],
        "oms_longitude": site.point[1],
        "oms_tz": TIME_ZONES.get(site.state, TIME_ZONE),
        "oms_cutoff": CUTOFF,
        "oms_handling_parcel": HANDLING_PARCEL,
        "oms_handling_line": HANDLING_LINE,
    }
    # The warehouse that every new company gets becomes the first of the ten.
    unused = odoo.find_id("stock.warehouse", [*mine, ["name", "=", COMPANY]])
    if unused:
        odoo.call("stock.warehouse", "write", [unused], values)
        return unused
    return odoo.create("stock.warehouse", [values])[0]


def _lanes(target: Target, sites: list[Site]) -> None:
    """One zone per state, at the middle of its orders, and a lane to it from everywhere."""
    odoo = target.odoo
    bands = freight.smooth(freight.learn(target.olist))
    zones = {
        row["name"]: row["id"]
        for row in odoo.find("oms.zone", [["company_id", "=", target.company]], ["name"])
    }
    middles = state_middles(target.olist)
    missing = [state for state in sorted(middles) if state not in zones]
    ids = odoo.create(
        "oms.zone",
        [
            {
                "name": state,
                "company_id": target.company,
                "country_ids": [[6, 0, [target.country]]],
                "state_ids": [[6, 0, [target.states[state]]]],
            }
            for state in missing
        ],
    )
    zones |= dict(zip(missing, ids, strict=True))
    known = {
        (row["warehouse_id"][0], row["zone_id"][0])
        for row in odoo.find(
            "oms.lane", [["company_id", "=", target.company]], ["warehouse_id", "zone_id"]
        )
    }
    lanes = []
    for site in sites:
        for state, middle in sorted(middles.items()):
            pair = (target.warehouses[site.code], zones[state])
            if pair not in known:
                band = freight.rate(bands, great_circle_km(*site.point, *middle))
                lanes.append(
                    {
                        "warehouse_id": pair[0],
                        "zone_id": pair[1],
                        "transit_days": band.days,
                        "base_cost": band.base,
                        "cost_per_kg": band.per_kg,
                    }
                )
    odoo.create("oms.lane", lanes)
    target.say(f"{len(known) + len(lanes)} lanes, at the prices that Olist's customers paid")


def state_middles(olist: Olist) -> dict[str, Point]:
    """The middle of the orders of each state."""
    points: dict[str, list[Point]] = defaultdict(list)
    for order in olist.orders:
        point = olist.locate(order.customer.prefix)
        if point:
            points[order.customer.state].append(point)
    return {
        state: (
            sum(point[0] for point in found) / len(found),
            sum(point[1] for point in found) / len(found),
        )
        for state, found in points.items()
    }
