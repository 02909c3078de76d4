"""The tool under test is imported as it is run: from the folder `tools`."""

import io
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tools"))

from oms_cli import platform_odoo  # noqa: E402
from oms_cli.platform import Choice, Platform  # noqa: E402
from oms_cli.postgres import Connection  # noqa: E402
from oms_cli.progress import Progress  # noqa: E402
from oms_cli.pythonenv import PythonEnvironment  # noqa: E402
from oms_cli.workspace import Workspace  # noqa: E402


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty work folder."""
    made = Workspace(tmp_path / "work")
    made.create()
    return made


@pytest.fixture
def progress() -> Progress:
    """A display that keeps what it shows in `progress.out`."""
    return Progress(io.StringIO(), live=False)


@pytest.fixture
def choice(workspace: Workspace, progress: Progress) -> Choice:
    """A user who chose nothing and whose environment is empty."""
    return Choice(workspace, progress, {})


@pytest.fixture
def odoo_package() -> Path:
    """The folder of the Python package `odoo` under which these tests run."""
    import odoo.release

    return Path(odoo.release.__file__).parent


@pytest.fixture
def server() -> Connection:
    """The PostgreSQL server of this test run."""
    from odoo.tools import config

    host, port, user, password = (
        str(config[name] or "") for name in ("db_host", "db_port", "db_user", "db_password")
    )
    return Connection(host, port, user, password, embedded=False)


@pytest.fixture
def database() -> str:
    """The database of this test run."""
    from odoo.tests.common import get_db_name

    return str(get_db_name())


@pytest.fixture
def platform(workspace: Workspace, server: Connection, odoo_package: Path) -> Platform:
    """The parts of this test run put together as `./oms` does, with a work folder of their own."""
    odoo = platform_odoo.own_odoo(odoo_package.parent, workspace)
    return Platform(workspace, PythonEnvironment(Path(sys.prefix)), server, odoo, {})
