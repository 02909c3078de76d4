"""What stops a command, told to a person."""

from pathlib import Path


class Problem(Exception):
    """One sentence that says what is wrong and what to do; `./oms` prints it and exits with 1.

    `log` names the file with the details, whose last lines are shown.
    """

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log

    def tail(self, lines: int = 12) -> list[str]:
        """The last `lines` lines of the log that say something."""
        if self.log is None or not self.log.exists():
            return []
        text = self.log.read_text(errors="replace").splitlines()
        chatter = (" INFO ", " DEBUG ")
        telling = [line for line in text if line.strip() and not any(c in line for c in chatter)]
        return [line.rstrip() for line in telling][-lines:]
