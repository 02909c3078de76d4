"""The board of :class:`by_hand.Board` as its widget shows it."""

from .by_hand import Cell
from .presenter import moment, shipping_cost

UNLIMITED = 10**8


def board_view(board, cells, redecide):
    """Rows, columns, costs before and after, problems and warnings, as plain JSON."""
    plan, problems = board.plan(cells, redecide)
    if plan and redecide:
        cells = board.outcome(cells, plan)
    used = {warehouse_id for (_key, warehouse_id), cell in cells.items() if cell.quantity}
    columns = [
        warehouse
        for warehouse in board.snapshot.warehouses
        if warehouse.id in used or any(board.available(key, warehouse.id) for key in board.lines)
    ]
    return {
        "currency_id": board.order.company_id.currency_id.id,
        "quotation": board.is_quotation,
        "warehouses": [{"id": one.id, "name": one.name} for one in columns],
        "rows": [_row(board, line, cells, columns) for line in board.needs],
        "before": figures(board.before),
        "after": figures(plan) if plan else False,
        "policy": figures(board.free.plan),
        "problems": problems,
        "warnings": [] if problems else board.warnings(cells),
        "changed": bool(plan) and board.is_changed(cells),
    }


def figures(plan):
    """What a person compares plans by."""
    return {
        "cost": shipping_cost(plan.as_dict()),
        "parcels": len(plan.parcels),
        "missing": plan.unfilled,
        "deliver_at": moment(plan.delivery.isoformat()) if plan.delivery else False,
    }


def _row(board, line, cells, columns):
    key = board.keys[line]
    need = board.needs[line]
    ordered = need.units + sum(need.begun.values())
    placed = sum(cell.quantity for (row, _place), cell in cells.items() if row == key)
    return {
        "line": key,
        "product": line.product_id.display_name,
        "uom": line.product_id.uom_id.name,
        "ordered": ordered,
        "waiting": max(ordered - placed, 0),
        "cells": [_cell(board, key, warehouse.id, cells) for warehouse in columns],
    }


def _cell(board, key, warehouse_id, cells):
    cell = cells.get((key, warehouse_id)) or Cell(0)
    available = board.available(key, warehouse_id)
    return {
        "warehouse": warehouse_id,
        "quantity": cell.quantity,
        "locked": cell.locked,
        "begun": board.begun.get((key, warehouse_id), 0),
        "available": available if available < UNLIMITED else None,
        "ruled_out": board.ruled_out(key, warehouse_id),
    }
