from pathlib import Path

import pytest
from olist.reading import Olist


def test_a_folder_without_the_files_is_told_apart(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"olist_orders_dataset\.csv is missing"):
        Olist(tmp_path)


def test_orders_come_by_time_with_their_customer_lines_and_payments(small: Olist):
    assert len(small.orders) == 60
    assert [order.purchased for order in small.orders] == sorted(
        order.purchased for order in small.orders
    )
    first = small.orders[0]
    assert first.customer.id == "person000"
    assert first.lines
    assert first.payments[0].value == 80.5
    assert first.delivered is not None


def test_pieces_of_one_product_at_one_price_are_one_line(small: Olist):
    several = [line for order in small.orders for line in order.lines if line.quantity == 2]
    assert several
    for line in several:
        number = int(line.product.removeprefix("product"))
        assert line.freight == pytest.approx(2 * (9.0 + 0.7 * number))


def test_orders_without_lines_are_kept(small: Olist):
    assert sum(not order.lines for order in small.orders) == 8


def test_a_prefix_lies_at_the_median_of_its_points_in_brazil(small: Olist):
    assert small.locate("01010") == (-23.55, -46.63)


def test_a_prefix_without_points_lies_where_its_neighbours_do(small: Olist):
    assert small.locate("01099") == small.locate("01010")
    assert small.locate("77777") is None


def test_a_product_without_weight_weighs_what_its_category_does(small: Olist):
    weights = sorted(
        product.weight
        for product in small.products.values()
        if product.category == "Health beauty" and product.id != "product03"
    )
    assert small.products["product03"].weight == pytest.approx(weights[len(weights) // 2], abs=0.6)


def test_categories_are_in_english_where_a_translation_is_known(small: Olist):
    categories = {product.category for product in small.products.values()}
    assert categories == {"Health beauty", "Informatica", "Other"}


def test_the_real_files_are_read_whole(real: Olist):
    with (real.folder / "olist_orders_dataset.csv").open(encoding="utf-8") as stream:
        rows = sum(1 for _row in stream) - 1
    assert len(real.orders) == rows
    lines = [line for order in real.orders for line in order.lines]
    assert all(line.product in real.products and line.quantity > 0 for line in lines)
    assert all(product.weight > 0 for product in real.products.values())
    located = sum(real.locate(order.customer.prefix) is not None for order in real.orders)
    assert located >= 0.99 * rows
