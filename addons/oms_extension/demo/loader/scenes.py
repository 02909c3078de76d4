"""What people did lately: a change by hand, a better plan, exceptions worked on."""

from datetime import timedelta

from odoo.fields import Datetime

from ..story.story import OFF_WAREHOUSE

CHANGED_TO = "ORL"


def build(books):
    """Act the scenes that need more than an order."""
    _change_by_hand(books)
    _reallocate(books)
    _switch_off(books)
    _exceptions(books)


def _change_by_hand(books):
    """Customer service moves a whole order to another warehouse, on the board that people use."""
    order = books.env.ref("oms_extension.demo_order_by_hand")
    board = books.env["oms.allocation.change"].with_user(books.users["service"])
    change = board.with_context(default_order_id=order.id).create({})
    target = books.warehouses[CHANGED_TO].id
    change.cells = [cell | {"warehouse": target, "locked": True} for cell in change.cells]
    change.reason = "The label printer in Piacenza is out of order until tomorrow."
    change.action_apply()


def _reallocate(books):
    """The goods that were missing nearby have come: the planner lets the order be decided again."""
    order = books.env.ref("oms_extension.demo_order_reallocated")
    run = books.env["oms.reallocate"].with_user(books.users["planner"])._start(order)
    run.preview_step()
    run.run_step()


def _switch_off(books):
    """Stock is being counted: no online orders there for some days."""
    books.warehouses[OFF_WAREHOUSE].oms_online = False


def _exceptions(books):
    """Somebody has begun to work on the exceptions: taken, put aside, closed."""
    raised = books.env["oms.exception"].search(
        [("company_id", "=", books.company.id), ("state", "=", "open")], order="deadline, id"
    )
    now = Datetime.now()
    unsolved = books.env.ref("oms_extension.demo_order_no_warehouse")
    for number, one in enumerate(raised.filtered(lambda one: one.order_id != unsolved)):
        if number == 0:
            one.resolution = "The customer was called and is willing to wait."
            one.action_close()
        elif number % 4 == 1:
            one.user_id = books.users["planner"]
        elif number % 4 == 2:
            one.write({"state": "snoozed", "snoozed_until": now + timedelta(days=2)})
        elif number % 4 == 3:
            one.write({"user_id": books.users["service"].id, "severity": "1"})
