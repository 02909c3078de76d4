"""Ports that others have taken."""

import socket
from collections.abc import Iterator

import pytest

from oms_cli import ports
from oms_cli.ports import is_free, next_free
from oms_cli.problem import Problem


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def test_a_port_in_use_is_passed_over(taken: int) -> None:
    assert not is_free(taken)
    assert next_free(taken, "Odoo", "--port PORT") > taken


def test_a_port_bound_on_all_interfaces_is_taken() -> None:
    with socket.socket() as listener:
        listener.bind(("", 0))
        listener.listen()
        assert not is_free(int(listener.getsockname()[1]))


def test_without_any_free_port_the_sentence_names_the_option(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "SEARCHED", 1)
    with pytest.raises(Problem, match=r"so Odoo cannot start: choose another .* --port PORT"):
        next_free(taken, "Odoo", "--port PORT")
