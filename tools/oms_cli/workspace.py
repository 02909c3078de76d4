"""The one work folder: where everything lies, what is done already, and who is at work in it."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .problem import Problem
from .progress import Progress

GIB = 1024**3


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace `path` by `text` so that a reader, or a power cut, never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    partial.replace(path)


@dataclass(frozen=True)
class Workspace:
    """The work folder; `./oms clean` removes it and with it all that the commands made."""

    root: Path

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """State of running servers, and the configuration files they were started with."""
        return self.root / "run"

    @property
    def data(self) -> Path:
        """Odoo's data directory: file stores and sessions."""
        return self.root / "data"

    @property
    def venv(self) -> Path:
        return self.root / "venv"

    @property
    def odoo(self) -> Path:
        """The unpacked Odoo package."""
        return self.root / "odoo"

    @property
    def postgres(self) -> Path:
        """Data directory of the embedded PostgreSQL."""
        return self.root / "postgres"

    def create(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        # PostgreSQL's account must be able to pass through, whatever the caller's umask is.
        self.root.chmod(0o755)
        marker = self.root / ".gitignore"
        if not marker.exists():
            marker.write_text("*\n")

    def is_ours(self) -> bool:
        """Whether `./oms` made this folder: what `clean` asks before it removes anything."""
        marker = self.root / ".gitignore"
        return (self.root / "stamps").is_dir() and marker.exists() and marker.read_text() == "*\n"

    def is_done(self, step: str, key: str) -> bool:
        """Whether `step` was finished with the same inputs, of which `key` is the fingerprint."""
        return self.stamp(step) == key

    def stamp(self, step: str) -> str | None:
        try:
            value = json.loads((self.root / "stamps" / step).read_text())
        except (FileNotFoundError, ValueError):
            return None
        return str(value)

    def mark_done(self, step: str, key: str) -> None:
        write_atomically(self.root / "stamps" / step, json.dumps(key))

    def forget(self, step: str) -> None:
        (self.root / "stamps" / step).unlink(missing_ok=True)

    @contextmanager
    def fresh_folder(self, target: Path) -> Iterator[Path]:
        """A folder to fill that becomes `target` only when the block succeeds."""
        partial = target.with_name(target.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)

    def require_space(self, gib: float) -> None:
        """Stop before anything is fetched when the disk cannot hold it."""
        free = shutil.disk_usage(self.root).free / GIB
        if free < gib:
            raise Problem(
                f"Only {free:.1f} GB are free in {self.root} and about {gib:.0f} GB are needed: "
                "make room, or choose a folder on another disk with --work DIR."
            )

    @contextmanager
    def lock(self, what: str, progress: Progress) -> Iterator[None]:
        """Let only one `./oms` at a time change this folder; a second one waits and says so."""
        self.create()
        with (self.root / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                holder = file.read().strip() or "another ./oms"
                with progress.step(f"Waiting for {holder} to leave {self.root}"):
                    while True:
                        try:
                            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                            break
                        except BlockingIOError:
                            time.sleep(0.3)
            file.seek(0)
            file.truncate()
            file.write(f"./oms {what} (process {os.getpid()})")
            file.flush()
            try:
                yield
            finally:
                file.seek(0)
                file.truncate()
                file.flush()
                fcntl.flock(file, fcntl.LOCK_UN)
