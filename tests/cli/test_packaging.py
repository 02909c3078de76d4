"""The package that pip installs into an Odoo."""

import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
import yaml

from oms_cli.platform import ADDON, ADDONS, Platform
from oms_cli.pythonenv import LOCK_FILE

REPOSITORY = Path(__file__).resolve().parents[2]
FIND = """
import odoo.init
from odoo.modules.module import Manifest, initialize_sys_path
from odoo.tools import config
config.parse_config(["--stop-after-init"])
initialize_sys_path()
print(Manifest.for_addon("oms_extension").path)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy so that nothing is left in the repository."""
    sources = tmp_path_factory.mktemp("sources")
    for name in ("setup.cfg", "pyproject.toml", "LICENSE", "README.md"):
        if (REPOSITORY / name).exists():
            shutil.copy(REPOSITORY / name, sources)
    shutil.copytree(ADDONS / ADDON, sources / "addons" / ADDON)
    target = tmp_path_factory.mktemp("wheel")
    # Without isolation: setuptools is in the lock file, and no network is needed.
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"),
            *("--quiet", "--wheel-dir", target, sources),
        ],
        check=True,
        capture_output=True,
    )
    return next(target.glob("*.whl"))


def test_it_holds_every_file_of_the_addon_where_odoo_looks(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("odoo/")}
    wanted = {
        f"odoo/addons/{ADDON}/{path.relative_to(ADDONS / ADDON)}"
        for path in (ADDONS / ADDON).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == wanted


def test_it_is_named_and_required_as_ocas_packages_are(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    manifest = (ADDONS / ADDON / "__manifest__.py").read_text()
    assert metadata["Name"] == f"odoo-addon-{ADDON}"
    assert f'"version": "{metadata["Version"]}"' in manifest
    requirements = metadata.get_all("Requires-Dist", [])
    assert requirements[0] == "odoo==19.0.*"
    assert 'highspy; extra == "solver"' in requirements


def test_an_odoo_finds_it_without_any_addons_path(
    wheel: Path, platform: Platform, tmp_path: Path
) -> None:
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--no-deps", "--quiet"),
            *("--target", tmp_path / "installed", wheel),
        ],
        check=True,
        capture_output=True,
    )
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FIND],
        env={**platform.environment(), "PYTHONPATH": f"{platform.odoo.import_root}:installed"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == str(tmp_path / "installed" / "odoo" / "addons" / ADDON)


def test_pre_commit_runs_the_versions_of_the_lock_file() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-config.yaml").read_text())["repos"]
    revisions = {hook["repo"].rpartition("/")[2]: hook.get("rev", "") for hook in hooks}
    pinned = dict(re.findall(r"^(\S+)==(\S+)", LOCK_FILE.read_text(), re.MULTILINE))
    for repository, package in (
        ("odoo-pre-commit-hooks", "oca-odoo-pre-commit-hooks"),
        ("pylint-odoo", "pylint-odoo"),
        ("ruff-pre-commit", "ruff"),
    ):
        assert revisions[repository] == f"v{pinned[package]}"
