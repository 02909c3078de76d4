"""What people did lately: a change by hand, a better plan, exceptions worked on."""

from datetime import timedelta

from odoo.fields import Datetime

from ..story.story import OFF_WAREHOUSE


def build(books):
    """Act the scenes that need more than an order."""
    _switch_off(books)
    _exceptions(books)


def _switch_off(books):
    """Stock is being counted: no online orders there for some days."""
    books.warehouses[OFF_WAREHOUSE].oms_online = False


def _exceptions(books):
    """Somebody has begun to work on the exceptions: taken, put aside, closed."""
    raised = books.env["oms.exception"].search(
        [("company_id", "=", books.company.id), ("state", "=", "open")], order="id desc"
    )
    now = Datetime.now()
    for number, one in enumerate(raised):
        if number % 4 == 1:
            one.user_id = books.users["planner"]
        elif number % 4 == 2:
            one.write({"state": "snoozed", "snoozed_until": now + timedelta(days=2)})
        elif number % 4 == 3:
            one.user_id = books.users["service"]
            one.severity = "1"
