"""Make ``docs/images/``: the screens of the running demo, as its users see them.

Started by ``./oms docs screenshots``, on the story of ``./oms demo``. The orders are found by the
tags that tell what each of them shows. Nothing is saved in the demo but the Italian language.
"""

from __future__ import annotations

import os
import sys
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

URL = os.environ["OMS_URL"]
DATABASE = os.environ["OMS_DATABASE"]
PICTURES = Path(__file__).resolve().parents[1] / "images"
DESKTOP = {"width": 1400, "height": 1000}
TALL = {"width": 1400, "height": 1700}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 1100}
WIDE = {"width": 1900, "height": 1200}
# Without these a browser behind a closed network tries its maker's hosts at every start.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SETTLED_MS = 1500
"""Until animations and the map's first drawing are over."""


class Shop:
    """The demo, over XML-RPC."""

    def __init__(self) -> None:
        common = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/common")
        self.user = common.authenticate(DATABASE, "admin", "admin", {})
        self.models = xmlrpc.client.ServerProxy(f"{URL}/xmlrpc/2/object", allow_none=True)

    def call(self, model: str, method: str, *arguments: object, **named: object) -> object:
        """Call a method of a model."""
        return self.models.execute_kw(DATABASE, self.user, "admin", model, method, arguments, named)

    def order(self, title: str) -> int:
        """The id of the confirmed order whose tag is ``title``."""
        wanted = [("tag_ids.name", "=", title), ("state", "=", "sale")]
        found = self.call("sale.order", "search", wanted, limit=1)
        if not found:
            sys.exit(f"The demo has no order that tells of: {title}. Make it by ./oms demo --anew.")
        return found[0]  # type: ignore[index]

    def record(self, name: str) -> int:
        """The id of the demo's record of this name."""
        wanted = [("module", "=", "oms_extension"), ("name", "=", f"demo_{name}")]
        found = self.call("ir.model.data", "search_read", wanted, ["res_id"])
        if not found:
            sys.exit(f"The demo has no {name}. Make it by ./oms demo --anew.")
        return found[0]["res_id"]  # type: ignore[index]

    @contextmanager
    def italian(self, login: str) -> Iterator[None]:
        """Let a user read Italian for a while."""
        (language,) = self.call(
            "res.lang", "search", [("code", "=", "it_IT"), ("active", "in", (True, False))]
        )  # type: ignore[misc]
        wizard = self.call("base.language.install", "create", {"lang_ids": [(6, 0, [language])]})
        self.call("base.language.install", "lang_install", [wizard])
        user = self.call("res.users", "search", [("login", "=", login)])
        self.call("res.users", "write", user, {"lang": "it_IT"})
        try:
            yield
        finally:
            self.call("res.users", "write", user, {"lang": "en_US"})


@contextmanager
def visitor(browser: Browser, login: str, size: dict[str, int]) -> Iterator[Page]:
    """A page on which ``login`` has logged in."""
    phone = size is PHONE
    context = browser.new_context(
        viewport=size, is_mobile=phone, has_touch=phone, device_scale_factor=2 if phone else 1
    )
    page = context.new_page()
    page.goto(f"{URL}/web/login")
    page.fill("#login", login)
    page.fill("#password", "demo")
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_url("**/my**" if login == "customer" else "**/odoo**")
    yield page
    context.close()


def go(page: Page, path: str, wait_for: str = ".o_action_manager .o_content") -> None:
    """Open a page and wait until it stands."""
    page.goto(f"{URL}{path}")
    page.wait_for_selector(wait_for)
    page.wait_for_timeout(SETTLED_MS)


def open_allocation(page: Page, order: int) -> None:
    """Open an order's Allocation tab; it is the third in every language."""
    go(page, f"/odoo/action-sale.action_orders/{order}", ".o_form_view")
    page.locator(".o_notebook .nav-link[name=oms_allocation]").click()
    page.wait_for_timeout(SETTLED_MS)


def save(page: Page, name: str, part: str | None = None, whole: bool = False) -> None:
    """Keep what is to be seen, or the part of it that a selector names, with few colours."""
    taken = page.locator(part).first.screenshot() if part else page.screenshot(full_page=whole)
    picture = Image.open(BytesIO(taken)).convert("RGB")
    if picture.width > DESKTOP["width"]:
        height = round(picture.height * DESKTOP["width"] / picture.width)
        picture = picture.resize((DESKTOP["width"], height), Image.Resampling.LANCZOS)
    picture = picture.quantize(200, dither=Image.Dither.NONE)
    PICTURES.mkdir(exist_ok=True)
    picture.save(PICTURES / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png", flush=True)


def on_the_desktop(browser: Browser, shop: Shop) -> None:
    """What planners and managers see."""
    with visitor(browser, "manager", TALL) as page:
        open_allocation(page, shop.order("Split that pays"))
        save(page, "allocation_tab", ".o_form_sheet")
        page.locator(".o_form_sheet details summary").first.click()
        page.wait_for_timeout(SETTLED_MS)
        save(page, "why", ".o_form_sheet details[open]")
        open_allocation(page, shop.order("Changed by hand"))
        save(page, "changed_by_hand", ".o_form_sheet")
    with visitor(browser, "manager", DESKTOP) as page:
        open_allocation(page, shop.order("Changed by hand"))
        page.get_by_role("button", name="Change by Hand").click()
        page.wait_for_timeout(SETTLED_MS)
        shelves = page.locator(".modal-content tbody tr").first.locator("input")
        for shelf, units in ((0, "2"), (2, "0")):
            shelves.nth(shelf).fill(units)
            shelves.nth(shelf).press("Tab")
            page.wait_for_timeout(SETTLED_MS)
        save(page, "board", ".modal-content")
        go(page, "/odoo/action-oms_extension.action_oms_exception")
        save(page, "exceptions")
        go(page, "/odoo/action-oms_extension.action_oms_allocation")
        save(page, "cockpit")
        page.locator(".o_switch_view.o_pivot").click()
        page.wait_for_timeout(SETTLED_MS)
        save(page, "cockpit_pivot", ".o_pivot table")
    with shop.italian("planner"), visitor(browser, "planner", TALL) as page:
        open_allocation(page, shop.order("Back-order"))
        save(page, "italian", ".o_form_sheet")


def of_parcels(browser: Browser, shop: Shop) -> None:
    """Where parcels are: for the agent, the carrier's judge and, on a phone, the customer."""
    several = shop.call(
        "sale.order", "search_read", [("oms_shipment_ids", "!=", False), ("state", "=", "sale")],
        ["name", "oms_shipment_count"], order="id desc",
    )  # fmt: skip
    order = max(several, key=lambda one: one["oms_shipment_count"])  # type: ignore[union-attr]
    with visitor(browser, "service", DESKTOP) as page:
        go(page, "/odoo/action-oms_extension.action_where_is_my_order", ".o_action_manager input")
        search = page.locator(".o_action_manager input:not([disabled])").first
        search.fill(order["name"])
        search.press("Enter")
        page.wait_for_timeout(2 * SETTLED_MS)
        save(page, "where_is_my_order")
        go(page, "/odoo/action-oms_extension.action_oms_carrier_scorecard", "table")
        save(page, "scorecard")
        go(page, "/odoo/action-oms_extension.action_oms_shipment", ".o_data_row")
        save(page, "shipments")
    waiting = shop.call(
        "oms.shipment", "search_read",
        [("state", "in", ("ready_for_pickup", "out_for_delivery")), ("order_id", "!=", False)],
        ["access_token"], limit=1,
    )  # fmt: skip
    page = browser.new_context(
        viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2
    ).new_page()
    page.goto(f"{URL}/track/{waiting[0]['access_token']}")  # type: ignore[index]
    page.wait_for_timeout(SETTLED_MS)
    save(page, "track_phone", whole=True)


def of_returns(browser: Browser, shop: Shop) -> None:
    """What came back, the table where it is received, and why it came."""
    with visitor(browser, "service", DESKTOP) as page:
        go(page, "/odoo/action-oms_extension.action_oms_return", ".o_data_row")
        save(page, "returns")
    with visitor(browser, "service", WIDE) as page:
        partial = shop.record("return_partial")
        go(page, f"/odoo/action-oms_extension.action_oms_return/{partial}", ".o_form_view")
        save(page, "return", ".o_form_sheet")
    with visitor(browser, "planner", TALL) as page:
        go(page, "/odoo/action-oms_extension.action_oms_return_analysis", ".o_action_manager table")
        page.wait_for_timeout(SETTLED_MS)
        save(page, "return_analysis")
        go(page, "/odoo/action-oms_extension.action_oms_return_finding", ".o_data_row")
        page.locator(".o_data_row", has_text="VH-26C").locator("td").nth(2).click()
        page.wait_for_selector(".o_form_view")
        page.wait_for_timeout(SETTLED_MS)
        save(page, "return_finding", ".o_form_sheet")
    with visitor(browser, "warehouse", TABLET) as page:
        awaited = shop.call("oms.return", "read", [shop.record("return_awaited")], ["name"])
        field = ".o_action_manager input"
        go(page, "/odoo/action-oms_extension.action_oms_return_table", field)
        page.fill(field, awaited[0]["name"])  # type: ignore[index]
        page.press(field, "Enter")
        page.locator(".o_oms_table_line").first.click()
        page.wait_for_timeout(2 * SETTLED_MS)
        save(page, "return_table")
    shown = shop.call("oms.return", "read", [shop.record("return_portal")], ["access_token"])
    page = browser.new_context(
        viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2
    ).new_page()
    page.goto(f"{URL}/return/{shown[0]['access_token']}")  # type: ignore[index]
    page.wait_for_timeout(SETTLED_MS)
    save(page, "return_phone", whole=True)


def on_the_phone(browser: Browser, shop: Shop) -> None:
    """What customers and people in the warehouse see."""
    order = shop.order("Split that pays")
    with visitor(browser, "manager", PHONE) as page:
        open_allocation(page, order)
        page.locator(".o_notebook").evaluate("element => element.scrollIntoView()")
        page.wait_for_timeout(SETTLED_MS)
        save(page, "allocation_phone")
    with visitor(browser, "customer", PHONE) as page:
        page.goto(f"{URL}/my/orders/{order}")
        page.wait_for_selector("text=Your Delivery")
        page.get_by_text("Your Delivery").evaluate("element => element.scrollIntoView()")
        page.wait_for_timeout(SETTLED_MS)
        save(page, "portal_phone")


def main() -> None:
    """Take all pictures."""
    shop = Shop()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["OMS_CHROMIUM"], args=ARGUMENTS
        )
        on_the_desktop(browser, shop)
        of_parcels(browser, shop)
        of_returns(browser, shop)
        on_the_phone(browser, shop)
        browser.close()


if __name__ == "__main__":
    main()
