"""Servers and databases, on this run's own PostgreSQL and Odoo."""

import dataclasses
import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from oms_cli.database import Databases
from oms_cli.odoo_tests import read_outcome
from oms_cli.platform import Platform
from oms_cli.process import is_alive
from oms_cli.progress import Progress
from oms_cli.server import OdooServer, all_servers
from oms_cli.template import addon_fingerprint


@pytest.fixture
def databases(platform: Platform) -> Databases:
    return Databases(platform)


@pytest.fixture
def scratch(databases: Databases) -> Iterator[str]:
    """A name for a database, dropped afterwards."""
    name = f"oms_cli_scratch_p{os.getpid()}"
    yield name
    databases.drop(name)


def test_a_copy_has_the_data_and_the_files(databases: Databases, scratch: str) -> None:
    files = databases.platform.workspace.data / "filestore"
    (files / "template1" / "ab").mkdir(parents=True)
    (files / "template1" / "ab" / "abcd").write_text("a stored file")
    databases.copy("template1", scratch)
    assert databases.exists(scratch)
    assert (files / scratch / "ab" / "abcd").read_text() == "a stored file"
    databases.drop(scratch)
    assert not databases.exists(scratch)
    assert not (files / scratch).exists()
    assert (files / "template1" / "ab" / "abcd").exists()


def test_databases_of_dead_runs_are_dropped_and_those_of_living_ones_kept(
    databases: Databases, scratch: str
) -> None:
    dead = next(pid for pid in range(400_000, 4_000_000) if not is_alive(pid))
    left_over = f"oms_cli_scratch_p{dead}"
    databases.copy("template1", scratch)
    databases.copy("template1", left_over)
    databases.drop_left_over("oms_cli_scratch")
    assert databases.exists(scratch)
    assert not databases.exists(left_over)


def test_a_server_starts_is_found_again_and_stops(
    platform: Platform, database: str, progress: Progress
) -> None:
    quiet = dataclasses.replace(platform, options={"max_cron_threads": "0"})
    server = OdooServer(platform.workspace, "probe")
    assert server.running() is None
    running = server.start(quiet, database, 8870, progress)
    try:
        started = time.monotonic()
        assert OdooServer(platform.workspace, "probe").running() == running
        assert time.monotonic() - started < 1
        assert [one.name for one in all_servers(platform.workspace)] == ["probe"]
        with urllib.request.urlopen(f"{running.url}/web/health", timeout=10) as answer:
            assert answer.status == 200
        second = OdooServer(platform.workspace, "second").start(
            quiet, database, running.port, progress
        )
        assert second.port == running.port + 1
        assert OdooServer(platform.workspace, "second").stop()
    finally:
        assert server.stop()
    assert server.running() is None
    assert not server.stop()


def test_another_process_with_the_servers_number_is_not_taken_for_it(platform: Platform) -> None:
    server = OdooServer(platform.workspace, "probe")
    state = platform.workspace.run / "server-probe.json"
    state.parent.mkdir(parents=True)
    state.write_text(f'{{"pid": {os.getpid()}, "port": 8870, "database": "x"}}')
    assert server.running() is None


def test_the_template_is_made_again_when_the_addon_changes_but_not_for_its_tests(
    tmp_path: Path,
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "models" / "zone.py").write_text("one")
    before = addon_fingerprint(tmp_path)
    (tmp_path / "tests" / "test_zone.py").write_text("x")
    assert addon_fingerprint(tmp_path) == before
    (tmp_path / "models" / "zone.py").write_text("two")
    assert addon_fingerprint(tmp_path) != before


LOG = """\
2026-01-01 10:00:00,000 7 INFO db odoo.addons.sale_stock.tests.test_a: Starting TestA.test_1 ...
2026-01-01 10:00:00,000 7 INFO db odoo.addons.sale_stock.tests.test_a: Starting TestA.test_2 ...
2026-01-01 10:00:00,000 7 ERROR db odoo.addons.sale_stock.tests.test_a: FAIL: TestA.test_2
Traceback (most recent call last):
2026-01-01 10:00:00,000 7 INFO db odoo.addons.sale_mrp.tests.test_b: Starting TestB.test_3 ...
2026-01-01 10:00:00,000 7 INFO db odoo.addons.sale_mrp.tests.test_b: skipped TestB.test_3 : later
2026-01-01 10:00:00,000 7 ERROR db odoo.tests.result: 1 failed, 0 error(s) of 3 tests when loading
"""


def test_the_outcome_of_odoos_own_tests_is_read_from_its_log() -> None:
    outcome = read_outcome(LOG)
    assert outcome is not None
    assert (outcome.run, outcome.passed, outcome.broken, outcome.skipped) == (3, 1, 1, 1)
    assert outcome.per_module == {"sale_stock": 2, "sale_mrp": 1}
    assert outcome.failures == ("/sale_stock:TestA.test_2",)
    assert (outcome + outcome).run == 6


def test_a_run_of_odoos_tests_that_was_cut_off_has_no_outcome() -> None:
    assert read_outcome(LOG.rpartition("\n2026")[0]) is None
