"""What returns can be told apart by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dimension:
    """One way to tell returns apart.

    :ivar column: of ``packed.py``; :ivar fact: field of the fact models
    :ivar model: of the records that are its values, or none; :ivar keys: fields by which other
        programs may name them; :ivar choices: field of the facts whose selection it is
    :ivar returned: of returned units only: all delivered units are the denominator
    """

    column: str
    fact: str
    model: str = ""
    keys: tuple[str, ...] = ("name",)
    choices: str = ""
    returned: bool = False
    time: str = ""


DIMENSIONS = {
    "product": Dimension("product", "product_tmpl_id", "product.template",
                         ("default_code", "name")),
    "variant": Dimension("variant", "product_id", "product.product", ("default_code", "barcode")),
    "category": Dimension("category", "category_id", "product.category", ("complete_name", "name")),
    "vendor": Dimension("vendor", "vendor_id", "res.partner"),
    "lot": Dimension("lot", "lot_id", "stock.lot"),
    "warehouse": Dimension("warehouse", "warehouse_id", "stock.warehouse", ("code", "name")),
    "carrier": Dimension("carrier", "oms_carrier_id", "oms.carrier", ("code", "name")),
    "service": Dimension("service", "carrier_id", "delivery.carrier"),
    "lane": Dimension("lane", "lane_id", "oms.lane", ()),
    "region": Dimension("region", "state_id", "res.country.state", ("code", "name")),
    "country": Dimension("country", "country_id", "res.country", ("code", "name")),
    "channel": Dimension("channel", "team_id", "crm.team"),
    "pricelist": Dimension("pricelist", "pricelist_id", "product.pricelist"),
    "promotion": Dimension("promotion", "promotion", choices="promotion"),
    "lateness": Dimension("lateness", "lateness", choices="lateness"),
    "cohort": Dimension("cohort", "cohort", time="month"),
    "month": Dimension("day", "delivered_on", time="month"),
    "week": Dimension("day", "delivered_on", time="week"),
    "reason": Dimension("reason", "reason_id", "oms.return.reason", ("code", "name"),
                        returned=True),
    "cause": Dimension("cause", "cause_id", "oms.return.reason", ("code", "name"), returned=True),
    "fault": Dimension("fault", "fault", choices="fault", returned=True),
    "outcome": Dimension("outcome", "outcome", choices="outcome", returned=True),
}  # fmt: skip
GOODS = ("product", "variant")
"""Dimensions whose rates are shrunk towards the category's."""
EPOCH = "1970-01-01"
