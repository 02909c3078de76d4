"""The command line as a person meets it, each time in a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oms_cli.commands import COMMANDS
from oms_cli.commands.bench import called
from oms_cli.commands.check import read_breaches
from oms_cli.commands.test import DEFAULT_PATHS, with_default_paths
from oms_cli.main import parser
from oms_cli.problem import Problem

REPOSITORY = Path(__file__).resolve().parents[2]


def oms(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `./oms` and return what it said."""
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "tools"), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_explains_each_command_and_each_variable() -> None:
    said = oms("--help")
    assert said.returncode == 0
    for name, command in COMMANDS.items():
        assert name in said.stdout
        summary = command.HELP.partition("\n")[0]
        assert summary.split()[0] in said.stdout
    for variable in ("PGHOST", "OMS_WORK", "ODOO_RC", "--odoo PATH", "--odoo-config"):
        assert variable in said.stdout


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_command_has_help_of_its_own(name: str) -> None:
    said = oms(name, "--help")
    assert said.returncode == 0
    assert " ".join(COMMANDS[name].HELP.split())[:60] in " ".join(said.stdout.split())


def test_an_unknown_command_is_refused_with_the_list() -> None:
    said = oms("demmo")
    assert said.returncode == 2
    assert "demo" in said.stderr


def test_arguments_that_a_command_does_not_know_are_refused(tmp_path: Path) -> None:
    said = oms("--work", str(tmp_path / "work"), "stop", "--fast")
    assert said.returncode == 2
    assert "--fast" in said.stderr


def test_a_problem_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    said = oms("--work", str(tmp_path / "work"), "--odoo", str(tmp_path / "absent"), "demo")
    assert said.returncode == 1
    assert said.stderr.startswith("\noms: There is no ")
    assert "Traceback" not in said.stderr


def test_the_work_folder_may_be_named_by_the_environment_and_behind_the_command(
    tmp_path: Path,
) -> None:
    work = tmp_path / "absent"
    assert str(work) in oms("clean", OMS_WORK=str(work)).stdout
    assert str(work) in oms("clean", "--work", str(work)).stdout
    assert str(work) in oms("--work", str(work), "clean", OMS_WORK="/elsewhere").stdout


def test_clean_removes_its_own_folder_and_no_other(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letter").write_text("keep me")
    said = oms("--work", str(foreign), "clean")
    assert said.returncode == 1
    assert "was not made by ./oms" in said.stderr
    assert (foreign / "letter").exists()

    own = tmp_path / "own"
    (own / "stamps").mkdir(parents=True)
    (own / ".gitignore").write_text("*\n")
    assert oms("--work", str(own), "clean").returncode == 0
    assert not own.exists()


def test_stop_is_content_when_nothing_runs(tmp_path: Path) -> None:
    said = oms("--work", str(tmp_path / "absent"), "stop")
    assert (said.returncode, said.stdout) == (0, "Nothing runs.\n")


def test_olist_wants_the_files(tmp_path: Path) -> None:
    said = oms("--work", str(tmp_path / "work"), "demo", "--olist", str(tmp_path))
    assert said.returncode == 1
    assert "does not hold Olist's files" in said.stderr


def test_what_test_does_not_know_goes_to_pytest_in_its_order() -> None:
    options, rest = parser().parse_known_args(["test", "-k", "oversell or race", "-x", "--lf"])
    assert rest == ["-k", "oversell or race", "-x", "--lf"]
    assert not options.vanilla
    assert with_default_paths(rest)[:4] == rest
    assert with_default_paths(rest)[4:] == [str(path) for path in DEFAULT_PATHS if path.exists()]
    assert with_default_paths(["tests/cli::test_x"]) == ["tests/cli::test_x"]


def test_the_launcher_finds_a_python_and_says_so_when_there_is_none(tmp_path: Path) -> None:
    for program in ("sh", "dirname", "readlink"):
        found = shutil.which(program)
        assert found
        (tmp_path / program).symlink_to(found)

    def launch() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(tmp_path / "sh"), str(REPOSITORY / "oms"), "--help"],
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    said = launch()
    assert said.returncode == 1
    assert "no Python 3.11, 3.12 or 3.13 on the PATH: install one" in said.stderr
    (tmp_path / "python3").symlink_to(sys.executable)
    assert launch().returncode == 0


def test_the_auditors_answer_is_found_among_odoos_own_words() -> None:
    breach = '[{"check": "reserved", "record": "stock.quant(7)", "message": "more than on hand"}]'
    assert read_breaches(f"warning\nOMS-AUDIT {breach}\n")[0]["record"] == "stock.quant(7)"
    assert read_breaches("OMS-AUDIT []\n") == []
    assert read_breaches("Traceback") is None


def test_a_problem_shows_the_telling_lines_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("12:00 INFO loading\n\nKeyError: 'x'\n12:01 INFO shutting down\n")
    assert Problem("It failed.", log).tail() == ["KeyError: 'x'"]
    assert Problem("It failed.").tail() == []


def test_a_benchmark_called_by_its_whole_name_runs_alone() -> None:
    files = [Path(f"bench_{name}.py") for name in ("tracking", "tracking_page", "engine")]
    assert called(["tracking"], files) == files[:1]
    assert called(["track"], files) == files[:2]
    assert called(["engine", "page"], files) == files[1:]
    assert called([], files) == files
    assert called(["nothing"], files) == []
