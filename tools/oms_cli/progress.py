"""One line per long step: what is done, how far it is, and how long it took."""

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

REFRESH = 0.2
HEARTBEAT = 30.0
SPINNER = "|/-\\"


def elapsed(seconds: float) -> str:
    """`7 s`, `1 min 05 s`."""
    whole = int(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"


class Step:
    """A running step; `detail` is what the display shows behind its title."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.started = time.monotonic()

    def line(self) -> str:
        parts = [self.title, elapsed(time.monotonic() - self.started)]
        return "  ".join([*parts, self.detail] if self.detail else parts)


class Progress:
    """Prints steps: a live line on a terminal, plain lines with a heartbeat elsewhere."""

    def __init__(self, out: TextIO | None = None, live: bool | None = None) -> None:
        self.out = out or sys.stdout
        self.live = self.out.isatty() if live is None else live
        self._lock = threading.Lock()

    def say(self, text: str = "") -> None:
        with self._lock:
            self._erase()
            print(text, file=self.out, flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show `title` while the block runs, then how long it took and whether it failed."""
        step = Step(title)
        if not self.live:
            self.say(f"… {title}")
        done = threading.Event()
        painter = threading.Thread(target=self._paint, args=(step, done), daemon=True)
        painter.start()
        mark = "✗"
        try:
            yield step
            mark = "✓"
        finally:
            done.set()
            painter.join()
            self.say(f"{mark} {title}  {elapsed(time.monotonic() - step.started)}")

    def _paint(self, step: Step, done: threading.Event) -> None:
        tick = 0
        while not done.wait(REFRESH if self.live else HEARTBEAT):
            if self.live:
                with self._lock:
                    self._erase()
                    # A line that wraps could not be erased again.
                    width = shutil.get_terminal_size().columns - 1
                    self.out.write(f"{SPINNER[tick % len(SPINNER)]} {step.line()}"[:width])
                    self.out.flush()
                tick += 1
            else:
                self.say(f"  {step.line()}")

    def _erase(self) -> None:
        if self.live:
            self.out.write("\r\x1b[K")
