"""Child processes whose output goes to a log file while a step shows how far they are."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .problem import Problem
from .progress import Step

POLL = 0.5


def run_logged(
    argv: Sequence[str | Path],
    log: Path,
    failure: str | Callable[[str], str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: Path | None = None,
    step: Step | None = None,
    detail: Callable[[], str] | None = None,
) -> str:
    """Run `argv`, its output in `log`; return the output.

    `failure` is the sentence of the `Problem` raised when it exits non-zero, or a function that
    makes one from the output. `detail` is asked twice a second for what `step` shows.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out, open(stdin or os.devnull, "rb") as source:
        child = subprocess.Popen(
            [str(word) for word in argv],
            stdin=source,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
        )
        try:
            while True:
                try:
                    child.wait(POLL)
                    break
                except subprocess.TimeoutExpired:
                    if step and detail:
                        step.detail = detail()
        except BaseException:
            child.terminate()
            child.wait()
            raise
    output = log.read_text(errors="replace")
    if child.returncode:
        raise Problem(failure if isinstance(failure, str) else failure(output), log)
    return output


def tail(path: Path, size: int = 20_000) -> list[str]:
    """The whole lines among the last `size` bytes of a growing log."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - size))
        return file.read().decode(errors="replace").split("\n")[:-1]


def last_line(path: Path) -> str:
    """The last line of a growing log, for a display."""
    return next((line.strip() for line in reversed(tail(path)) if line.strip()), "")


def last_match(path: Path, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The last match of `pattern` near the end of a growing log, for a display."""
    return next((match for line in reversed(tail(path)) if (match := pattern.search(line))), None)


def is_alive(pid: int) -> bool:
    """Whether a process with this id exists and is not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    return state != "Z"


def stop_process(pid: int, name: str, signum: signal.Signals, patience: float = 30.0) -> None:
    """Ask a process to end and wait until it has; `Problem` when it does not within `patience`."""
    os.kill(pid, signum)
    deadline = time.monotonic() + patience
    while is_alive(pid):
        if time.monotonic() > deadline:
            raise Problem(f"{name} (process {pid}) does not stop: end it with kill -9 {pid}.")
        time.sleep(0.1)
