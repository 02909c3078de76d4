"""Carriers that are asked by real processes: those of ``race``."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "concurrency"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("race.fixtures")
