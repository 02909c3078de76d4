"""What every command works with."""

import argparse
from dataclasses import dataclass

from .platform import Choice, Platform, prepare
from .progress import Progress
from .workspace import Workspace


@dataclass(frozen=True)
class Context:
    """`rest` holds the arguments that `./oms` does not know and passes on."""

    choice: Choice
    options: argparse.Namespace
    rest: list[str]

    @property
    def workspace(self) -> Workspace:
        return self.choice.workspace

    @property
    def progress(self) -> Progress:
        return self.choice.progress

    def prepare(self) -> Platform:
        """The platform; call it under the workspace's lock."""
        return prepare(self.choice)
