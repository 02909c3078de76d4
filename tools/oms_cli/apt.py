"""Debian packages fetched through the machine's own apt, without touching its set-up.

The mirror is read from apt itself; suites that the machine does not use are read through a private
sources list and private package lists below the work folder. apt checks the signatures.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .problem import Problem
from .process import run_logged
from .progress import Step
from .workspace import Workspace

TARGET_FORMAT = "$(REPO_URI)\t$(SIGNED_BY)"
OFFLINE_SIGNS = (
    "temporary failure resolving",
    "could not resolve",
    "could not connect",
    "unable to connect",
    "connection failed",
    "connection timed out",
    "network is unreachable",
    "no route to host",
)
ARCHIVE_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


@dataclass(frozen=True)
class Mirror:
    uri: str
    signed_by: str

    def source_line(self, suite: str) -> str:
        keyring = self.signed_by if self.signed_by.startswith("/") else ""
        if not keyring and ARCHIVE_KEYRING.exists():
            keyring = str(ARCHIVE_KEYRING)
        option = f"[signed-by={keyring}] " if keyring else ""
        return f"deb {option}{self.uri} {suite} main"


class Apt:
    """apt with a private sources list, below one folder."""

    def __init__(self, workspace: Workspace) -> None:
        self.folder = workspace.cache / "apt"
        self.logs = workspace.logs

    def require(self, otherwise: str) -> None:
        """Stop with a sentence when this machine has no apt; `otherwise` says what helps."""
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            raise Problem(f"This machine has no apt (apt-get and dpkg-deb): {otherwise}")

    def mirrors(self) -> list[Mirror]:
        """The archives that this machine's apt reads, the main archive before the security one."""
        found = self._index_targets([])
        if not found:
            # A machine whose package lists were never fetched shows no targets: fetch them aside.
            lists = self.folder / "machine-lists"
            (lists / "partial").mkdir(parents=True, exist_ok=True)
            options = ["-o", f"Dir::State::lists={lists}", "-o", "APT::Sandbox::User="]
            self._run([*options, *self._caches(), "update"], "apt-machine-lists.log", None)
            found = self._index_targets(options)
        return sorted(found, key=lambda mirror: "security" in mirror.uri)

    def _index_targets(self, options: list[str]) -> list[Mirror]:
        answer = subprocess.run(
            [
                "apt-get",
                *options,
                "indextargets",
                "--format",
                TARGET_FORMAT,
                "Created-By: Packages",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = [line.split("\t") for line in answer.stdout.splitlines() if "\t" in line]
        return list(dict.fromkeys(Mirror(row[0], row[1].strip()) for row in rows))

    def select_suites(self, suites: tuple[str, ...], step: Step | None = None) -> None:
        """Fetch the package lists of `suites` from the first mirror that carries all of them."""
        mirrors = self.mirrors()
        if not mirrors:
            raise Problem(
                "apt knows no package mirror on this machine: add Debian's to its sources, "
                "or point at an Odoo 19 that is here with --odoo PATH."
            )
        refused: Problem | None = None
        for mirror in mirrors:
            lines = [mirror.source_line(suite) for suite in suites]
            (self.folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
            self._sources.write_text("\n".join(lines) + "\n")
            try:
                self._run([*self._options(), "update"], "apt-update.log", step)
                return
            except Problem as problem:
                if "did not answer" in problem.sentence:
                    raise
                refused = problem
        raise Problem(
            f"No mirror of this machine's apt carries Debian's {' and '.join(suites)}: "
            "point at an Odoo 19 that is here with --odoo PATH.",
            refused.log if refused else None,
        )

    def download(self, packages: tuple[str, ...], target: Path, step: Step | None = None) -> None:
        """Download `packages` (`name` or `name/suite`) into `target`; files there are kept."""
        target.mkdir(parents=True, exist_ok=True)
        self._run([*self._options(), "download", *packages], "apt-download.log", step, cwd=target)

    @property
    def _sources(self) -> Path:
        return self.folder / "sources.list"

    def _caches(self) -> list[str]:
        archives = self.folder / "cache" / "archives" / "partial"
        archives.mkdir(parents=True, exist_ok=True)
        return ["-o", f"Dir::Cache={self.folder / 'cache'}"]

    def _options(self) -> list[str]:
        settings = {
            "Dir::Etc::sourcelist": self._sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": self.folder / "lists",
            "APT::Get::List-Cleanup": "0",
            # As root apt would fetch as the user _apt, who cannot write here.
            "APT::Sandbox::User": "",
        }
        pairs = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
        return [*pairs, *self._caches()]

    def _run(self, words: list[str], log: str, step: Step | None, cwd: Path | None = None) -> None:
        patience = {
            "Acquire::Retries": "2",
            "Acquire::http::Timeout": "30",
            "Acquire::https::Timeout": "30",
            # Without it an update that reached nothing exits with 0.
            "APT::Update::Error-Mode": "any",
        }
        options = [word for name, value in patience.items() for word in ("-o", f"{name}={value}")]
        run_logged(
            ["apt-get", "-q", *options, *words],
            self.logs / log,
            _explain,
            cwd=cwd,
            step=step,
            detail=lambda: f"{folder_megabytes(cwd or self.folder)} MB",
        )


def _explain(output: str) -> str:
    if any(sign in output.lower() for sign in OFFLINE_SIGNS):
        return (
            "The package mirror of this machine's apt did not answer: check the network, or the "
            "proxy in apt's settings, and run the same command again; what was fetched is kept."
        )
    return "apt-get failed; run the same command again, and if it fails again look at its log."


def folder_megabytes(folder: Path) -> int:
    """Size of the files below `folder`, in whole megabytes; files may come and go meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total // 10**6
