"""Steps of ``bench_return_policy``: a policy tried on past requests, and one request judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

EDITS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "window of 14 days": {"days": 14},
    "fee of 10 %": {"fee_percent": 10},
    "all terms and four rules": {
        "days": 21, "fee": 3, "automatic_below": 60, "review_share": 40, "returnless_below": 25,
        "rule_ids": [
            [0, "a", {"effect": "window", "days": 7, "discount_from": 20}],
            [0, "b", {"effect": "exclude", "exclusion": "hygiene", "discount_from": 50}],
            [0, "c", {"effect": "photo"}],
            [0, "d", {"effect": "freight", "freight": "customer"}],
        ],
    },
}  # fmt: skip


def try_out(env: Any, edit: str, months: int) -> list[int]:
    """Requests, and verdicts that an edit changes, as the button does it."""
    policy = env.ref("oms_extension.return_policy_standard")
    action = policy.try_out(EDITS[edit], months)
    preview = env[action["res_model"]].browse(action["res_id"])
    return [preview.count, preview.changed_count]


def judge(env: Any) -> Iterator[None]:
    """Judge the newest request again."""
    one = env["oms.return"].search([("order_id", "!=", False)], limit=1)
    lines = [
        {
            "order_line": line.order_line_id, "product": line.product_id,
            "quantity": line.quantity, "reason": line.reason_id, "outcome": line.outcome,
            "photos": 0,
        }
        for line in one.line_ids
    ]  # fmt: skip
    yield
    env["oms.return"]._judge(one.order_id, lines)
