"""What people do with an order, as calls to public methods: one transaction each.

A client has one method, ``call(model, method, ids, *args, **kwargs)``; see ``worker`` and
``server``.
"""

from typing import Any

Client = Any


def confirm(client: Client, order: int) -> None:
    client.call("sale.order", "action_confirm", [order])


def cancel(client: Client, order: int) -> None:
    client.call("sale.order", "action_cancel", [order])


def change(client: Client, order: int, quantity: int, line: int = 0) -> None:
    """Order another quantity of one line, as the form does."""
    lines = client.call("sale.order", "read", [order], ["order_line"])[0]["order_line"]
    values = {"order_line": [[1, lines[line % len(lines)], {"product_uom_qty": quantity}]]}
    client.call("sale.order", "web_save", [order], values, {"id": {}})


def change_line(client: Client, order: int, quantity: int, line: int = 0) -> None:
    """The same on the line itself, as other programs do."""
    lines = client.call("sale.order", "read", [order], ["order_line"])[0]["order_line"]
    client.call(
        "sale.order.line", "write", [lines[line % len(lines)]], {"product_uom_qty": quantity}
    )


def allocate(client: Client, order: int) -> None:
    client.call("sale.order", "oms_allocate", [order])


def bring(client: Client, orders: list[dict[str, Any]]) -> None:
    """Import orders of another program."""
    answers = client.call("oms.order", "import_orders", orders=orders)
    errors = [error for answer in answers for error in answer["errors"]]
    if errors:
        raise ValueError(errors[0])


def reallocate(client: Client, run: int) -> None:
    """Look at all orders of a re-allocation, then move them, as its form does."""
    while (seen := client.call("oms.reallocate", "preview_step", [run]))["done"] < seen["total"]:
        continue
    while client.call("oms.reallocate", "run_step", [run])["left"]:
        continue


def deliver(client: Client, order: int, share: float = 1.0) -> None:
    """Ship what is reserved, or a share of it, leaving the rest as a back-order."""
    for picking in _pickings(client, order, ["assigned"], "outgoing"):
        if share < 1.0:
            moves = client.call(
                "stock.move",
                "search_read",
                [
                    ["picking_id", "=", picking],
                    ["state", "in", ["assigned", "partially_available"]],
                ],
                ["quantity"],
            )
            for move in moves:
                part = max(1, int(move["quantity"] * share))
                client.call("stock.move", "write", [move["id"]], {"quantity": part})
        _validate(client, picking)


def reserve(client: Client, order: int) -> None:
    waiting = _pickings(client, order, ["confirmed", "waiting", "assigned"], "outgoing")
    if waiting:
        client.call("stock.picking", "action_assign", waiting)


def unreserve(client: Client, order: int) -> None:
    waiting = _pickings(client, order, ["assigned"], "outgoing")
    if waiting:
        client.call("stock.picking", "do_unreserve", waiting)


def give_back(client: Client, order: int, units: int = 1) -> None:
    """A customer returns units of what was shipped: the wizard, then the receipt."""
    for picking in _pickings(client, order, ["done"], "outgoing")[:1]:
        wizard = client.call("stock.return.picking", "create", {"picking_id": picking})
        lines = client.call(
            "stock.return.picking.line", "search", [["wizard_id", "=", wizard]], limit=1
        )
        client.call("stock.return.picking.line", "write", lines, {"quantity": units})
        action = client.call("stock.return.picking", "action_create_returns", [wizard])
        _validate(client, action["res_id"])


def announce(client: Client, order: int, units: int = 1) -> None:
    """A customer announces that units of what was shipped come back."""
    [line] = client.call("sale.order", "read", [order], fields=["order_line"])[0]["order_line"]
    client.call(
        "oms.return", "request_return", order=order, lines=[{"line": line, "quantity": units}]
    )


def pay_back(client: Client, order: int) -> None:
    """Credit what is due of an order's return."""
    for one in client.call("oms.return", "search", [["order_id", "=", order]]):
        client.call("oms.return", "action_refund", [one])


def act(client: Client, action: int) -> None:
    """Run a server action, such as that of a scheduled job."""
    client.call("ir.actions.server", "run", [action])


VERBS = {
    verb.__name__: verb
    for verb in (
        *(confirm, cancel, change, change_line, allocate, bring, reallocate),
        *(deliver, reserve, unreserve, give_back, announce, pay_back, act),
    )
}


def _pickings(client: Client, order: int, states: list[str], code: str) -> list[int]:
    found: list[int] = client.call(
        "stock.picking",
        "search",
        [
            ["sale_id", "=", order],
            ["state", "in", states],
            ["picking_type_code", "=", code],
        ],
    )
    return found


def _validate(client: Client, picking: int) -> None:
    answer = client.call("stock.picking", "button_validate", [picking])
    if isinstance(answer, dict) and answer.get("res_model") == "stock.backorder.confirmation":
        wizard = client.call(
            "stock.backorder.confirmation", "create", {}, context=answer["context"]
        )
        client.call("stock.backorder.confirmation", "process", [wizard], context=answer["context"])
