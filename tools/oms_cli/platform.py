"""The platform put together: Python, PostgreSQL and Odoo, found or fetched."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import platform_odoo, postgres, pythonenv
from .platform_odoo import Odoo
from .postgres import Connection, EmbeddedServer
from .progress import Progress
from .pythonenv import PythonEnvironment
from .workspace import Workspace, write_atomically

REPOSITORY = Path(__file__).resolve().parents[2]
ADDONS = REPOSITORY / "addons"
ADDON = "oms_extension"
LAUNCHER = """\
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""
# Variables of the caller's that would lead Odoo or Python elsewhere.
HIDDEN = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "ODOO_RC", "OPENERP_SERVER", "PGDATABASE"}


@dataclass(frozen=True)
class Choice:
    """What the user chose: options of the command line first, then environment variables."""

    workspace: Workspace
    progress: Progress
    environ: Mapping[str, str]
    odoo: Path | None = None
    configuration: Path | None = None

    def options(self) -> dict[str, str]:
        """The options of the user's Odoo configuration file, or none."""
        path = self.configuration
        return platform_odoo.read_configuration(path) if path else {}

    def own_server(self) -> Connection | None:
        """The user's PostgreSQL: the PG* variables win over the configuration file."""
        return postgres.from_environment(self.environ) or postgres.from_odoo_options(self.options())

    def own_odoo(self) -> Odoo | None:
        if self.odoo:
            return platform_odoo.own_odoo(self.odoo, self.workspace)
        return platform_odoo.odoo_of_addons_path(self.options(), self.workspace)

    def port(self, variable: str, default: int) -> int:
        return int(self.environ.get(variable) or default)


@dataclass(frozen=True)
class Platform:
    """Everything that is needed to run Odoo with the addon."""

    workspace: Workspace
    python: PythonEnvironment
    postgres: Connection
    odoo: Odoo
    options: Mapping[str, str]

    def environment(self) -> dict[str, str]:
        """Environment of every program that runs Odoo or talks to its database."""
        hidden = (
            "PYTHONPATH",
            "PYTHONHOME",
            "ODOO_RC",
            "OPENERP_SERVER",
            "VIRTUAL_ENV",
            "PGDATABASE",
        )
        kept = {name: value for name, value in os.environ.items() if name not in hidden}
        programs = (self.python.folder / "bin", self.python.postgres_programs)
        return {
            **kept,
            **self.postgres.environment(),
            "PATH": os.pathsep.join([*map(str, programs), kept.get("PATH", os.defpath)]),
            "PYTHONPATH": str(self.odoo.import_root),
            "PYTHONUTF8": "1",
            "OMS_WORK": str(self.workspace.root),
        }

    def database_name(self, name: str) -> str:
        """`oms_<name>`; on a server shared with others, with a mark of this work folder."""
        if self.postgres.embedded:
            return f"oms_{name}"
        mark = hashlib.sha256(str(self.workspace.root).encode()).hexdigest()[:6]
        return f"oms_{name}_{mark}"

    def configuration(self, name: str, **extra: str) -> Path:
        """Write and return the Odoo configuration file `name`, from the user's own where given."""
        addons = [*self.options.get("addons_path", "").split(","), *map(str, self.odoo.addons)]
        known = [entry.strip() for entry in addons if entry.strip()]
        values = {
            **{key: value for key, value in self.options.items() if key not in ("db_name",)},
            "admin_passwd": self.options.get("admin_passwd", "admin"),
            "http_interface": "127.0.0.1",
            "data_dir": str(self.workspace.data),
            "addons_path": ",".join(dict.fromkeys([*known, str(ADDONS)])),
            "db_host": self.postgres.host or "False",
            "db_port": self.postgres.port or "False",
            "db_user": self.postgres.user or "False",
            "db_password": self.postgres.password or "False",
            **extra,
        }
        lines = [f"{key} = {value}" for key, value in sorted(values.items())]
        path = self.workspace.run / f"{name}.conf"
        # It holds the database's password.
        write_atomically(path, "\n".join(["[options]", *lines, ""]), mode=0o600)
        return path

    def launcher(self) -> Path:
        """The script that starts Odoo; not `python -m odoo`, which cannot spawn gevent workers."""
        script = self.workspace.run / "odoo"
        if not script.exists():
            write_atomically(script, LAUNCHER)
        return script

    def odoo_command(self, subcommand: str, configuration: Path, *arguments: str) -> list[str]:
        """The command line of one of Odoo's commands, with a configuration file."""
        return [
            *(str(self.python.python), "-W", "ignore", str(self.launcher()), subcommand),
            *("--config", str(configuration), *arguments),
        ]


def prepare(choice: Choice) -> Platform:
    """Find or fetch every part; quick when all is there. Call it under the workspace's lock."""
    workspace, progress = choice.workspace, choice.progress
    own_odoo, own_server = choice.own_odoo(), choice.own_server()
    if not pythonenv.is_ready(workspace) or not (own_odoo or workspace.odoo.is_dir()):
        workspace.require_space(platform_odoo.SPACE_GIB)
    python = pythonenv.ensure(workspace, progress)
    odoo = own_odoo or platform_odoo.embedded(workspace, progress)
    server = own_server or EmbeddedServer(workspace).ensure_running(
        python.postgres_programs, choice.port("OMS_PG_PORT", postgres.DEFAULT_PORT), progress
    )
    return Platform(workspace, python, server, odoo, choice.options())
