"""Work that gets interrupted, and what must have come of it once it was repeated."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from race.arena import Arena
from race.programs import CONFIRM_REFUSED, Programs, Situation, Step, confirmations, deal, order

# Asking again for what was done already is rightly declined.
REPEATED = (CONFIRM_REFUSED,)


@dataclass(frozen=True)
class Job:
    """``situation`` holds all goods and orders, ``programs`` the work of each process."""

    situation: Situation
    programs: Programs
    moves: int = 0
    """Orders that a re-allocation moves."""

    def __add__(self, other: "Job") -> "Job":
        ours, theirs = self.situation, other.situation
        return Job(
            replace(ours, goods=ours.goods | theirs.goods, orders=ours.orders + theirs.orders),
            self.programs + other.programs,
            self.moves + other.moves,
        )


def confirming(house: Arena, random: Random, processes: int, orders: int) -> Job:
    """Orders that share too few units."""
    situation = _situation(random, "confirmed", [1, 1, orders // 2], orders)
    return Job(situation, deal(confirmations(house.prepare(situation)), processes))


def importing(house: Arena, random: Random, processes: int, orders: int) -> Job:
    """Orders of another program, in one call for each process, which it keeps in several lots."""
    situation = _situation(random, "imported", [1, 1, orders // 2], orders)
    house.worker.ask("stock_up", shop=house.shop, goods=situation.goods)
    sent = [_message(number, one) for number, one in enumerate(situation.orders)]
    return Job(
        situation,
        [[{"verb": "bring", "orders": sent[number::processes]}] for number in range(processes)],
    )


def reallocating(house: Arena, random: Random, processes: int, orders: int) -> Job:
    """Orders of Milano whose goods lie in Lyon until they come to Milano, too."""
    plenty = 4 * orders
    situation = _situation(random, "moved", [0, 0, plenty], orders, customer=0)
    products = house.worker.ask("stock_up", shop=house.shop, goods=situation.goods)
    ids = house.worker.ask(
        "take_orders", shop=house.shop, products=products, orders=situation.orders
    )
    house.worker.run([confirmations(ids)])
    near = {name: [plenty] for name in products}
    house.worker.ask("fill_up", shop=house.shop, products=products, goods=near)
    runs = [
        house.worker.ask(
            "call", args=["sale.order", "action_oms_reallocate", ids[number::processes]], kwargs={}
        )["res_id"]
        for number in range(processes)
    ]
    return Job(situation, [[{"verb": "reallocate", "run": run}] for run in runs], moves=orders)


JOBS: dict[str, Callable[[Arena, Random, int, int], Job]] = {
    job.__name__: job for job in (confirming, importing, reallocating)
}


def check_consistent(house: Arena) -> None:
    """What holds at any time, however little is done."""
    assert not house.stock().faults
    breaches = house.worker.ask("audit")
    assert not breaches, breaches[:5]


def check_done_once(house: Arena, job: Job, outcomes: list[dict[str, object]]) -> None:
    """All is done, and nothing twice."""
    house.check(job.situation, outcomes)
    wrong = house.query(
        """
        SELECT line.id, line.product_uom_qty, sum(move.product_uom_qty)
          FROM sale_order_line line
          LEFT JOIN stock_move move ON move.sale_line_id = line.id AND move.state <> 'cancel'
         GROUP BY line.id
        HAVING line.product_uom_qty IS DISTINCT FROM sum(move.product_uom_qty)
        """
    )
    assert not wrong, wrong
    assert not house.query("SELECT email FROM res_partner GROUP BY email HAVING count(email) > 1")
    ends = dict(house.query("SELECT state, count(*) FROM oms_reallocate_line GROUP BY state"))
    assert ends == ({"moved": job.moves} if job.moves else {})


def _situation(
    random: Random, name: str, units: list[int], orders: int, customer: int | None = None
) -> Situation:
    """Orders of two lines over three products of which ``units`` exist in each warehouse."""
    goods = {f"{name} {number}": units for number in range(3)}
    made = [
        order(random, *((one, random.randint(1, 2)) for one in random.sample(list(goods), 2)))
        for _ in range(orders)
    ]
    if customer is not None:
        made = [one | {"customer": customer} for one in made]
    return Situation(goods, made, lambda _ids: [], REPEATED)


def _message(number: int, made: Step) -> Step:
    """The order as another program sends it; two of each customer's."""
    return {
        "reference": f"R{number}",
        "source": "web",
        "customer": {
            "name": f"Customer {number // 2}",
            "email": f"customer-{number // 2}@example.com",
            "city": "Torino",
            "postcode": "10121",
            "country": "IT",
        },
        "lines": [
            {"sku": name, "quantity": units, "unit_price": 20} for name, units in made["lines"]
        ],
    }
