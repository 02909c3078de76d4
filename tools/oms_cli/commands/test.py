"""Run the tests: the addon's and the repository's by pytest, Odoo's own by Odoo."""

import os
import subprocess
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import odoo_tests
from ..context import Context
from ..database import Databases
from ..platform import ADDON, ADDONS, REPOSITORY, Platform
from ..system_packages import ensure_browser, ensure_pdf_printer
from ..template import ensure_base, ensure_template

HELP = """Run every test: one pytest run on a fresh copy of a template database.

Arguments that ./oms does not know go to pytest:
  ./oms test                          everything
  ./oms test -k oversell -x           some, stopping at the first failure
  ./oms test tests/cli                one folder
  ./oms test --vanilla                Odoo's own tests of sale_stock, stock_delivery, sale_mrp and
                                      stock_dropshipping, with the addon installed
  ./oms test --vanilla /sale_stock:TestSaleStock    those of Odoo's own tests with this tag"""
PASSES_ARGUMENTS = True
DEFAULT_PATHS = (ADDONS / ADDON, REPOSITORY / "tests")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--vanilla", action="store_true", help="run Odoo's own tests instead of ours"
    )
    parser.add_argument(
        "--keep-database", action="store_true", help="do not drop the database of this run"
    )


def run(context: Context) -> int:
    progress = context.progress
    with context.workspace.lock("test", progress):
        platform = context.prepare()
        browser = ensure_browser(context.workspace, progress)
        ensure_pdf_printer(context.workspace, progress, required=False)
        template = ensure_template(platform, progress)
        base = ensure_base(platform, progress)
    if context.options.vanilla:
        return odoo_tests.run(platform, progress, template, base, context.rest)
    with database_copy(platform, template, context.options.keep_database) as database:
        environment = {
            **platform.environment(),
            "OMS_CHROMIUM": browser,
            "OMS_DATABASE": database,
            "OMS_BASE_DATABASE": base,
            "OMS_TEMPLATE_DATABASE": template,
        }
        configuration = platform.configuration(f"test-{os.getpid()}")
        environment["OMS_ODOO_CONFIG"] = str(configuration)
        try:
            return pytest(platform, database, configuration, environment, context)
        finally:
            configuration.unlink(missing_ok=True)


@contextmanager
def database_copy(platform: Platform, template: str, keep: bool) -> Iterator[str]:
    """A copy of `template` for one run, dropped afterwards."""
    databases = Databases(platform)
    prefix = platform.database_name("test")
    databases.drop_left_over(prefix)
    name = f"{prefix}_p{os.getpid()}"
    databases.copy(template, name)
    try:
        yield name
    finally:
        if not keep:
            databases.drop(name)


def pytest(
    platform: Platform,
    database: str,
    configuration: Path,
    environment: dict[str, str],
    context: Context,
) -> int:
    """One pytest run; its exit status."""
    arguments = with_default_paths(context.rest)
    command = [
        *(str(platform.python.python), "-m", "pytest", "--odoo-http"),
        *(f"--odoo-database={database}", f"--odoo-config={configuration}"),
        *arguments,
    ]
    context.progress.say(f"pytest on database {database}")
    return subprocess.run(command, env=environment, cwd=REPOSITORY, check=False).returncode


def with_default_paths(arguments: list[str]) -> list[str]:
    """pytest's arguments, with everything there is to test where they name no path."""
    if any((REPOSITORY / argument.partition("::")[0]).exists() for argument in arguments):
        return arguments
    return [*arguments, *(str(path) for path in DEFAULT_PATHS if path.exists())]
