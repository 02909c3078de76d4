"""Tables in Markdown, printed as they grow and kept in a document of ``docs/``."""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DOCUMENT = REPOSITORY / "docs" / "performance.md"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The option that every benchmark has."""
    parser.add_argument(
        "--save", action="store_true", help="put the table into its document in docs/"
    )


class Table:
    """A table that appears line by line, with notes below it.

    :param name: of the section in the document that holds it.
    """

    def __init__(self, name: str, head: Iterable[str]) -> None:
        self.name = name
        head = list(head)
        self._lines: list[str] = []
        self._notes: list[str] = []
        self._say(_row(head))
        self._say("|" + "---|" * len(head))

    def add(self, cells: Iterable[str]) -> None:
        """Add a row."""
        self._say(_row(cells))

    def note(self, sentence: str) -> None:
        """Add a sentence that stands below the table."""
        self._notes.append(sentence)

    def finish(self, save: bool, document: Path = DOCUMENT) -> None:
        """Print the notes; put everything into the document if ``save``."""
        notes = ["", *(f"- {note}" for note in [*self._notes, f"Measured {conditions()}."])]
        print("\n".join(notes), flush=True)
        if save:
            replace_section(self.name, "\n".join([*self._lines, *notes]), document)

    def _say(self, line: str) -> None:
        self._lines.append(line)
        print(line, flush=True)


def replace_section(name: str, text: str, document: Path = DOCUMENT) -> None:
    """Put ``text`` between the marks of section ``name``. Raises ``ValueError`` without marks."""
    before = document.read_text()
    marks = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
    after, count = marks.subn(lambda match: f"{match[1]}{text}{match[2]}", before)
    if not count:
        raise ValueError(f"{document.name} has no section {name}")
    document.write_text(after)


def conditions() -> str:
    """When and on what it was measured, and how busy the machine was."""
    load = os.getloadavg()
    return (
        f"on {datetime.now(UTC):%Y-%m-%d}, commit {_commit()}: {_processor()}, "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load of the last 15 minutes {load[2]:.1f}"
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor() or platform.machine()
    match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return match[1] if match else platform.machine()


def _commit() -> str:
    done = subprocess.run(
        ["git", "-C", REPOSITORY, "rev-parse", "--short", "HEAD"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
