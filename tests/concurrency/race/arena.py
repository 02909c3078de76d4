"""A situation played out on a database of its own, and what must hold afterwards."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from race import databases, stock
from race.programs import Situation
from race.server import OdooServer
from race.worker import Outcome, Worker

SOAK = int(os.environ.get("OMS_SOAK", "1"))
"""How many times more of everything: 1 for every run of the tests, 10 for a night."""


@dataclass
class Arena:
    """A database with an open shop, the worker on it, and how to reach it."""

    database: str
    """Its name, or its address where it is not on the server that Odoo is told to use."""
    config: str
    shop: dict[str, Any]
    worker: Worker
    folder: Path

    def prepare(self, situation: Situation) -> list[int]:
        """Stock the shelves and take the orders; the orders' ids."""
        products = self.worker.ask("stock_up", shop=self.shop, goods=situation.goods)
        ids: list[int] = self.worker.ask(
            "take_orders", shop=self.shop, products=products, orders=situation.orders
        )
        return ids

    def play(self, situation: Situation, http_workers: int = 0) -> list[Outcome]:
        """Let all processes loose, on connections of their own or through a server."""
        programs = situation.programs(self.prepare(situation))
        if not http_workers:
            return self.worker.run(programs)
        with self.server(http_workers) as server:
            return server.run(programs)

    def server(self, workers: int) -> OdooServer:
        log = self.folder / "server.log"
        return OdooServer(self.worker.database, self.config, log, workers, self.shop["key"])

    def stock(self) -> stock.Stock:
        return stock.count(self.database)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        return databases.query(self.database, statement)

    def check(self, situation: Situation, outcomes: list[Outcome]) -> None:
        """Nothing oversold, doubled, lost or stuck, and nobody saw an error."""
        unwanted = [
            outcome
            for outcome in outcomes
            if outcome["result"] == "error"
            or (
                outcome["result"] == "refused"
                and not any(part in outcome["message"] for part in situation.refusals)
            )
        ]
        assert not unwanted, unwanted[:3]
        counted = self.stock()
        assert not counted.faults, counted
        if situation.stays_confirmed:
            states = Counter(state for (state,) in self.query("SELECT state FROM sale_order"))
            assert states == {"sale": len(situation.orders)}, states
            # What exists is promised to somebody, and the rest is waited for.
            assert counted.reserved == situation.fits, counted
            [(missing,)] = self.query("SELECT sum(oms_missing) FROM sale_order")
            assert missing == situation.demand - counted.reserved
        untold = self.query(
            """
            SELECT sale.name FROM sale_order sale
             WHERE sale.state = 'sale' AND sale.oms_missing > 0
               AND NOT EXISTS (SELECT FROM oms_exception one
                                WHERE one.order_id = sale.id AND one.state <> 'closed')
            """
        )
        assert not untold, untold
        # Exceptions whose cause went away close within a quarter of an hour.
        self.worker.ask("recheck")
        breaches = self.worker.ask("audit")
        assert not breaches, breaches[:5]


@contextmanager
def arena(
    stage: str, name: str, config: str, shop: dict[str, Any], folder: Path
) -> Iterator[Arena]:
    """A copy of the stage, dropped afterwards."""
    with ExitStack() as stack:
        database = stack.enter_context(databases.copied(stage, name))
        worker = stack.enter_context(Worker(database, config, folder / "worker.log"))
        yield Arena(database, config, shop, worker, folder)


@contextmanager
def stage(source: str, name: str, config: str, folder: Path) -> Iterator[dict[str, Any]]:
    """A copy of ``source`` with an open shop, to be copied for each situation."""
    with databases.copied(source, name):
        yield furnish(name, config, folder)


def furnish(database: str, config: str, folder: Path) -> dict[str, Any]:
    """Open a shop in a database."""
    with Worker(database, config, folder / "stage.log") as worker:
        shop: dict[str, Any] = worker.ask("open_shop")
    return shop
