"""Arrival times judged on files of Olist's form: reading them, whatever is wrong, and the goals."""

import csv
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from olist.arrival import GOALS, judge_all
from olist.deliveries import quarters, read
from olist_files import write_files

TOOLS = Path(__file__).resolve().parents[2] / "docs" / "tools"
ORDERS = "olist_orders_dataset.csv"
DELIVERED = 243
"""Of the 400 invented orders; each takes eight days from the purchase, six from the hand-over."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("deliveries"), orders=400)


def rewrite(folder: Path, change):
    """Let ``change`` alter each row of the orders' file."""
    with (folder / ORDERS).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = list(rows[0])
    rows = [change(number, row) for number, row in enumerate(rows)]
    with (folder / ORDERS).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        writer.writerows(rows)


def test_both_stages_are_read_with_what_is_known_of_each_parcel(folder):
    found = read(folder)
    assert found.orders == 400
    delivered = ~np.isnan(found.order.end)
    assert delivered.sum() == DELIVERED
    assert (np.floor(found.order.end - found.order.start)[delivered] == 8).all()
    assert set(found.order.features["state"].labels) == {"SP", "RJ", "MG", "BA", "PE", "PR", "RS"}
    assert "SP → RJ" in found.order.features["lane"].labels
    assert np.nanmax(found.order.km) > 1000
    assert found.open["order"] == int(0.03 * DELIVERED)


def test_rows_that_contradict_themselves_are_left_out_and_counted(tmp_path):
    folder = write_files(tmp_path, orders=400)

    def spoil(number, row):
        if row["order_status"] != "delivered":
            return row
        if number < 30:
            row["order_delivered_customer_date"] = "2001-01-01 10:00:00"
        elif number < 60:
            row["order_purchase_timestamp"] = "yesterday"
        elif number < 90:
            row["order_delivered_customer_date"] = ""
        elif number < 120:
            row["order_delivered_carrier_date"] = "31/12/2018"
        elif number < 150:
            row["order_estimated_delivery_date"] = "soon"
            row["customer_id"] = "nobody"
        return row

    rewrite(folder, spoil)
    found = read(folder)
    counted = {reason: count for reason, count in found.left_out.items() if reason != "rows"}
    assert counted["delivered before the hand-over or the purchase"] == 18
    assert counted["no time of purchase"] == 18
    assert counted["delivered without a time, or a time without being delivered"] == 18
    assert counted["delivered, but the hand-over is not known"] == 18
    assert (~np.isnan(found.order.end)).sum() == DELIVERED - 4 * 18
    assert (found.order.features["state"].codes == -1).sum() == 18
    assert judge_all(found)["order"].rows["addon"].parcels > 50


def test_every_goal_says_a_figure_for_each_stage(folder):
    judged = judge_all(read(folder))
    assert set(judged) == {"order", "handover"}
    for goal in GOALS:
        for stage in goal.shown:
            assert goal.value(judged[stage])
            assert isinstance(goal.held(judged[stage], stage), bool)
    assert judged["order"].rows["addon"].mae < 0.1, "every invented parcel takes eight days"


def test_too_few_deliveries_are_not_judged(tmp_path):
    found = read(write_files(tmp_path, orders=40))
    assert judge_all(found) == {}


def test_quarters_are_named():
    days = np.array(["2016-12-31", "2017-01-01", "2017-11-24"], dtype="datetime64[D]")
    assert list(quarters(days.astype(np.int64).astype(float))) == ["2016 Q4", "2017 Q1", "2017 Q4"]


def test_without_the_files_the_page_stays(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("OMS_OLIST", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(TOOLS), *sys.path])
    study = runpy.run_path(str(TOOLS / "eta_study.py"))
    assert study["main"]() == 0
    assert "is left as it is" in capsys.readouterr().out


def test_the_goals_are_reached_on_the_real_orders(real):
    judged = judge_all(read(real.folder))
    missed = [
        (goal.title, stage, goal.value(one))
        for goal in GOALS
        for stage, one in judged.items()
        if stage in goal.shown and not goal.held(one, stage)
    ]
    assert not missed
