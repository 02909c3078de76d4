"""Fetching the platform where there is no apt, no network, or only half of what was downloaded."""

import shutil
import subprocess
from pathlib import Path

import pytest

from oms_cli import platform_odoo, pythonenv
from oms_cli.apt import Apt, Mirror
from oms_cli.problem import Problem
from oms_cli.progress import Progress
from oms_cli.pythonenv import PythonEnvironment
from oms_cli.system_packages import ensure_browser, find_browser, install
from oms_cli.workspace import Workspace

# A port on which nothing listens: what a machine without network looks like to apt and pip.
NOWHERE = "http://127.0.0.1:9/"


def make_deb(folder: Path, name: str) -> Path:
    """A real package of one file, `usr/lib/python3/dist-packages/odoo/<name>`."""
    tree = folder / name
    payload = tree / platform_odoo.DIST_PACKAGES / "odoo" / name
    payload.parent.mkdir(parents=True)
    payload.write_text("content")
    (tree / "DEBIAN").mkdir()
    control = f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.com>\n"
    (tree / "DEBIAN" / "control").write_text(f"{control}Description: x\n")
    deb = folder / f"{name}_1_all.deb"
    subprocess.run(["dpkg-deb", "--build", tree, deb], check=True, capture_output=True)
    return deb


@pytest.fixture
def downloaded(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A work folder in which the download was finished, of one small package."""
    debs = workspace.cache / "debs"
    debs.mkdir(parents=True)
    shutil.copy(make_deb(tmp_path, "release.py"), debs)
    workspace.mark_done("debs", platform_odoo.PACKAGE)
    return workspace


def test_without_apt_the_sentence_says_what_to_do(
    workspace: Workspace, progress: Progress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match=r"has no apt .* --odoo PATH"):
        platform_odoo.embedded(workspace, progress)


def test_without_network_apt_fails_with_a_sentence(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "apt.conf"
    settings.write_text(f'Acquire::http::Proxy "{NOWHERE}";\nAcquire::https::Proxy "{NOWHERE}";\n')
    monkeypatch.setenv("APT_CONFIG", str(settings))
    with pytest.raises(Problem, match="did not answer: check the network") as caught:
        Apt(workspace).select_suites((platform_odoo.SUITE,))
    assert caught.value.tail()


def test_without_network_pip_fails_with_a_sentence(
    workspace: Workspace, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", NOWHERE)
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(Problem, match=r"index .* did not answer: check the network"):
        pythonenv.ensure(workspace, progress)
    assert not pythonenv.is_ready(workspace)


def test_a_half_unpacked_odoo_is_unpacked_again(downloaded: Workspace, progress: Progress) -> None:
    half = downloaded.odoo.with_name("odoo.partial")
    half.mkdir()
    (half / "half").write_text("…")
    platform_odoo.embedded(downloaded, progress)
    assert not half.exists()
    assert (downloaded.odoo / platform_odoo.DIST_PACKAGES / "odoo" / "release.py").exists()
    assert not (downloaded.odoo / "half").exists()


def test_an_unpacked_odoo_is_found_again(downloaded: Workspace, progress: Progress) -> None:
    first = platform_odoo.embedded(downloaded, progress)
    shutil.rmtree(downloaded.cache)
    assert platform_odoo.embedded(downloaded, progress) == first


def test_a_damaged_download_is_thrown_away_and_told(
    downloaded: Workspace, progress: Progress
) -> None:
    deb = next((downloaded.cache / "debs").glob("*.deb"))
    deb.write_bytes(deb.read_bytes()[:100])
    with pytest.raises(Problem, match="run the same command again, it is downloaded anew"):
        platform_odoo.embedded(downloaded, progress)
    assert not downloaded.is_done("debs", platform_odoo.PACKAGE)
    assert not downloaded.odoo.exists()


def test_a_mirror_is_read_with_the_key_that_apt_trusts_for_it() -> None:
    mirror = Mirror("http://example.com/debian/", "/usr/share/keyrings/some.gpg")
    line = "deb [signed-by=/usr/share/keyrings/some.gpg] http://example.com/debian/ sid main"
    assert mirror.source_line("sid") == line


def test_a_missing_program_is_named_with_the_command_that_installs_it(
    workspace: Workspace, progress: Progress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="sudo apt-get install chromium"):
        install(("chromium",), workspace, progress, needed_for="the browser tests")


def test_a_browser_named_by_the_user_is_taken_or_refused(
    workspace: Workspace, progress: Progress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = tmp_path / "browser"
    browser.touch()
    monkeypatch.setenv("OMS_CHROMIUM", str(browser))
    assert find_browser() == str(browser)
    monkeypatch.setenv("OMS_CHROMIUM", str(tmp_path / "absent"))
    with pytest.raises(Problem, match="does not exist"):
        ensure_browser(workspace, progress)


def test_the_environment_is_made_again_when_the_lock_file_changes(workspace: Workspace) -> None:
    (workspace.venv / "bin").mkdir(parents=True)
    PythonEnvironment(workspace.venv).python.touch()
    workspace.mark_done("venv", pythonenv.fingerprint())
    assert pythonenv.is_ready(workspace)
    workspace.mark_done("venv", "made from another lock file")
    assert not pythonenv.is_ready(workspace)


def test_the_lock_file_pins_every_package_and_names_no_index() -> None:
    lines = pythonenv.LOCK_FILE.read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert len(packages) > 80
    assert all("==" in line for line in packages)
    assert not [line for line in lines if "://" in line or "index" in line]
