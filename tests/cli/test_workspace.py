"""The work folder: what is done stays done, what was cut off is done again, one at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from oms_cli.problem import Problem
from oms_cli.progress import Progress
from oms_cli.workspace import Workspace, write_atomically

TOOLS = Path(__file__).resolve().parents[2] / "tools"
HOLD_THE_LOCK = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from oms_cli.progress import Progress
from oms_cli.workspace import Workspace
with Workspace(Path(sys.argv[2])).lock("demo", Progress(sys.stderr, live=False)):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_step_is_done_only_for_the_inputs_it_was_done_with(workspace: Workspace) -> None:
    assert not workspace.is_done("odoo", "19.0")
    workspace.mark_done("odoo", "19.0")
    assert workspace.is_done("odoo", "19.0")
    assert not workspace.is_done("odoo", "20.0")
    workspace.forget("odoo")
    assert not workspace.is_done("odoo", "19.0")


def test_a_stamp_cut_off_while_being_written_counts_as_not_done(workspace: Workspace) -> None:
    workspace.mark_done("odoo", "19.0")
    (workspace.root / "stamps" / "odoo").write_text('"19.')
    assert not workspace.is_done("odoo", "19.0")


def test_a_folder_is_there_only_when_it_was_filled_to_the_end(workspace: Workspace) -> None:
    target = workspace.root / "odoo"

    def fill_and_be_cut_off() -> None:
        with workspace.fresh_folder(target) as fresh:
            (fresh / "half").write_text("…")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_and_be_cut_off()
    assert not target.exists()
    with workspace.fresh_folder(target) as fresh:
        assert list(fresh.iterdir()) == []
        (fresh / "whole").write_text("!")
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_a_file_is_replaced_whole_and_with_its_mode(workspace: Workspace) -> None:
    path = workspace.run / "secret"
    write_atomically(path, "one", mode=0o600)
    write_atomically(path, "two", mode=0o600)
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in workspace.run.iterdir()] == ["secret"]


def test_a_full_disk_is_told_before_anything_is_fetched(workspace: Workspace) -> None:
    with pytest.raises(Problem, match=r"GB are free .* make room, or choose a folder .* --work"):
        workspace.require_space(10**9)


def test_the_second_of_two_runs_waits_and_says_for_whom(
    workspace: Workspace, progress: Progress
) -> None:
    with workspace.lock("demo", progress):
        second = subprocess.Popen(
            [sys.executable, "-c", HOLD_THE_LOCK, str(TOOLS), str(workspace.root)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert "Waiting for ./oms demo (process" in second.stderr.readline()
    said, _ = second.communicate(timeout=10)
    assert said == "held\n"


def test_only_folders_made_by_oms_count_as_its_own(tmp_path: Path, workspace: Workspace) -> None:
    assert not Workspace(tmp_path).is_ours()
    workspace.mark_done("odoo", "19.0")
    assert workspace.is_ours()
