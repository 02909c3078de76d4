"""What a person sees of a long step."""

import io

import pytest

from oms_cli import progress as module
from oms_cli.progress import Progress, elapsed


def shown(progress: Progress) -> str:
    assert isinstance(progress.out, io.StringIO)
    return progress.out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.9, "59 s"), (60, "1 min 00 s"), (615, "10 min 15 s")]
)
def test_elapsed_time_reads_as_people_say_it(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


def test_without_a_terminal_each_step_is_two_plain_lines(progress: Progress) -> None:
    with progress.step("Unpacking"):
        pass
    assert shown(progress) == "… Unpacking\n✓ Unpacking  0 s\n"


def test_a_step_that_fails_is_marked(progress: Progress) -> None:
    with pytest.raises(ValueError, match="broken"), progress.step("Unpacking"):
        raise ValueError("broken")
    assert "✗ Unpacking" in shown(progress)


def test_on_a_terminal_one_line_is_drawn_again_with_its_detail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "REFRESH", 0.01)
    progress = Progress(io.StringIO(), live=True)
    with progress.step("Downloading") as step:
        step.detail = "84 MB"
        while "84 MB" not in shown(progress):
            pass
    assert "\r\x1b[K" in shown(progress)
    assert shown(progress).endswith("✓ Downloading  0 s\n")
    assert "\n" not in shown(progress)[:-1]


def test_a_long_step_without_a_terminal_gives_signs_of_life(
    progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEARTBEAT", 0.01)
    with progress.step("Downloading"):
        while "  Downloading  0 s" not in shown(progress):
            pass
