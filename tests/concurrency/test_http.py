"""The same through a real Odoo server with several workers, called over XML-RPC."""

from race import programs
from race.arena import SOAK, Arena


def test_http_workers_sell_the_last_unit_once(house: Arena) -> None:
    situation = programs.few_units(seed=31, processes=8, products=6, orders=32 * SOAK)
    house.check(situation, house.play(situation, http_workers=4))


def test_http_workers_do_everything_at_once(house: Arena) -> None:
    situation = programs.everything(seed=32, processes=4, orders=12 * SOAK)
    house.check(situation, house.play(situation, http_workers=4))
