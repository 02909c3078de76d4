"""See ``race.fixtures``."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("race.fixtures")
