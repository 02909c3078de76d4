"""A PostgreSQL or an Odoo of the user's own."""

import dataclasses
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from oms_cli import platform_odoo, postgres
from oms_cli.database import Databases
from oms_cli.platform import ADDONS, Choice, Platform
from oms_cli.postgres import Connection, EmbeddedServer, can_be_entered_by_unprivileged
from oms_cli.problem import Problem
from oms_cli.progress import Progress
from oms_cli.pythonenv import PythonEnvironment
from oms_cli.workspace import Workspace

CONFIGURATION = """
[options]
addons_path = /srv/addons
db_host = db.example.com
db_port = 5433
db_user = shop
db_password = secret
limit_time_cpu = 600
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Path:
    path = tmp_path / "odoo.conf"
    path.write_text(CONFIGURATION)
    return path


def test_without_pghost_the_embedded_server_is_used(choice: Choice) -> None:
    assert choice.own_server() is None
    with_port_only = dataclasses.replace(choice, environ={"PGPORT": "5433", "PGUSER": "shop"})
    assert with_port_only.own_server() is None


def test_the_pg_variables_name_the_users_server(choice: Choice) -> None:
    environ = {"PGHOST": "/run/postgresql", "PGUSER": "shop", "PGPASSWORD": "secret"}
    server = dataclasses.replace(choice, environ=environ).own_server()
    assert server == Connection("/run/postgresql", "", "shop", "secret", embedded=False)
    assert server.environment() == environ


def test_a_configuration_file_names_the_server_unless_pghost_does(
    choice: Choice, configuration: Path
) -> None:
    by_file = dataclasses.replace(choice, configuration=configuration)
    server = by_file.own_server()
    assert server == Connection("db.example.com", "5433", "shop", "secret", embedded=False)
    by_both = dataclasses.replace(by_file, environ={"PGHOST": "localhost"})
    assert by_both.own_server() == Connection("localhost", "", "", "", embedded=False)


def test_a_configuration_file_without_a_server_leaves_the_embedded_one(
    choice: Choice, tmp_path: Path
) -> None:
    path = tmp_path / "odoo.conf"
    path.write_text("[options]\ndb_host = False\ndb_port = False\nworkers = 2\n")
    assert dataclasses.replace(choice, configuration=path).own_server() is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "There is no Odoo configuration file"), ("nonsense", "has no \\[options\\]")],
)
def test_a_wrong_configuration_file_is_told(
    choice: Choice, tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "odoo.conf"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Problem, match=sentence):
        dataclasses.replace(choice, configuration=path).own_server()


def test_the_users_options_are_kept_and_completed(
    platform: Platform, choice: Choice, configuration: Path
) -> None:
    options = dataclasses.replace(choice, configuration=configuration).options()
    written = dataclasses.replace(platform, options=options).configuration("demo", http_port="8070")
    result = platform_odoo.read_configuration(written)
    assert result["limit_time_cpu"] == "600"
    assert result["http_port"] == "8070"
    paths = result["addons_path"].split(",")
    assert paths[0] == "/srv/addons"
    assert paths[-1] == str(ADDONS)
    assert written.stat().st_mode & 0o077 == 0, "it holds the database's password"


def test_a_source_checkout_is_taken(
    workspace: Workspace, odoo_package: Path, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "addons" / "one").mkdir(parents=True)
    (checkout / "addons" / "one" / "__manifest__.py").write_text("{}")
    (checkout / "odoo-bin").touch()
    (checkout / "odoo").symlink_to(odoo_package)
    for path in (checkout, checkout / "odoo-bin"):
        odoo = platform_odoo.own_odoo(path, workspace)
        assert odoo.addons == (checkout / "addons", checkout / "odoo" / "addons")
        assert [entry.name for entry in odoo.import_root.iterdir()] == ["odoo"]


def test_the_executable_of_a_package_is_taken(
    workspace: Workspace, odoo_package: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "system")
    packages = PythonEnvironment(tmp_path / "system").site_packages
    (packages / "odoo.pth").write_text(str(odoo_package.parent))
    executable = tmp_path / "bin" / "odoo"
    executable.parent.mkdir()
    executable.write_text(f"#!{tmp_path}/system/bin/python\nimport odoo.cli\n")
    odoo = platform_odoo.own_odoo(executable, workspace)
    assert (odoo.import_root / "odoo").resolve() == odoo_package.resolve()


def test_the_odoo_of_a_configurations_addons_path_is_taken(
    choice: Choice, odoo_package: Path, tmp_path: Path
) -> None:
    path = tmp_path / "odoo.conf"
    path.write_text(f"[options]\naddons_path = /srv/mine, {odoo_package}/addons\n")
    odoo = dataclasses.replace(choice, configuration=path).own_odoo()
    assert odoo is not None
    assert (odoo.import_root / "odoo").resolve() == odoo_package.resolve()


def test_an_odoo_of_another_series_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    with pytest.raises(Problem, match=r"is 18\.0 and this addon needs 19\.0"):
        platform_odoo.own_odoo(tmp_path, workspace)


@pytest.mark.parametrize("name", ["absent", "empty"])
def test_what_is_no_odoo_is_refused(workspace: Workspace, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(Problem, match="--odoo"):
        platform_odoo.own_odoo(tmp_path / name, workspace)


def test_the_users_server_and_odoo_run_a_script(
    platform: Platform, database: str, odoo_package: Path
) -> None:
    """`./oms shell` as a user with both would call it, in a process of its own."""
    from oms_cli import pythonenv

    workspace = platform.workspace
    workspace.venv.symlink_to(sys.prefix)
    workspace.mark_done("venv", pythonenv.fingerprint())
    tools = Path(__file__).resolve().parents[2] / "tools"
    done = subprocess.run(
        [
            *(sys.executable, str(tools), "--work", str(workspace.root)),
            *("--odoo", str(odoo_package.parent), "shell", "--database", database),
        ],
        input="print('modules:', env['ir.module.module'].search_count([('name', '=', 'base')]))\n",
        env={**os.environ, **platform.postgres.environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "modules: 1" in done.stdout, done.stderr
    assert not workspace.postgres.exists(), "no embedded server was made"


def test_an_unreachable_server_is_told_with_the_variables_to_check(platform: Platform) -> None:
    nowhere = Connection("127.0.0.1", "9", "shop", "", embedded=False)
    with pytest.raises(Problem, match=r"127\.0\.0\.1:9 cannot be reached .* check PGHOST"):
        Databases(dataclasses.replace(platform, postgres=nowhere)).names()


def test_databases_on_a_shared_server_carry_the_work_folders_mark(platform: Platform) -> None:
    assert platform.database_name("demo").startswith("oms_demo_")
    embedded = dataclasses.replace(platform.postgres, embedded=True)
    own = dataclasses.replace(platform, postgres=embedded)
    assert own.database_name("demo") == "oms_demo"


@pytest.fixture
def enterable() -> Iterator[Workspace]:
    """A work folder that PostgreSQL's account may enter, as it must when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="oms-") as folder:
        os.chmod(folder, 0o755)
        made = Workspace(Path(folder) / "work")
        made.create()
        yield made


def test_the_embedded_server_starts_is_found_again_and_stops(
    enterable: Workspace, progress: Progress, platform: Platform
) -> None:
    programs = platform.python.postgres_programs
    server = EmbeddedServer(enterable)
    assert server.running() is None
    first = server.ensure_running(programs, postgres.DEFAULT_PORT + 40, progress)
    try:
        assert server.ensure_running(programs, postgres.DEFAULT_PORT + 40, progress) == first
        databases = Databases(dataclasses.replace(platform, postgres=first))
        assert "template1" in databases.names()
        intruder = dataclasses.replace(platform, postgres=dataclasses.replace(first, password="x"))
        with pytest.raises(Problem, match="authentication failed"):
            Databases(intruder).names()
    finally:
        assert server.stop()
    assert server.running() is None
    assert not server.stop()


def test_a_private_home_cannot_be_entered_by_postgresqls_account() -> None:
    with tempfile.TemporaryDirectory() as private:
        assert not can_be_entered_by_unprivileged(Path(private) / "clone")
        os.chmod(private, 0o755)
        assert can_be_entered_by_unprivileged(Path(private) / "clone")
