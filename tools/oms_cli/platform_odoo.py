"""Odoo 19: the user's own, or Debian's package unpacked into the work folder."""

import configparser
import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .apt import Apt
from .problem import Problem
from .progress import Progress
from .workspace import Workspace

SERIES = "19.0"
PACKAGE = "odoo-19"
SUITE = "sid"
# Odoo's package links by relative paths to files of these. Its icons are those of Font Awesome 4,
# which later Debian releases name otherwise.
COMPANIONS = (
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
FONT_AWESOME, FONT_AWESOME_SUITE = "fonts-font-awesome", "bookworm"
DIST_PACKAGES = Path("usr/lib/python3/dist-packages")
# A library that Debian's package leaves out although a bundle names it (it blurs the background of
# video calls). Without any file the web client's test bundle reports an error and tours fail.
LEFT_OUT = DIST_PACKAGES / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
SPACE_GIB = 4


@dataclass(frozen=True)
class Odoo:
    """An Odoo of the right series.

    `import_root` goes on PYTHONPATH and holds `odoo` alone; `addons` are its addons folders;
    `identity` changes when another Odoo is used.
    """

    import_root: Path
    addons: tuple[Path, ...]
    identity: str


def own_odoo(path: Path, workspace: Workspace) -> Odoo:
    """The Odoo at `path`: a source checkout, its odoo-bin, or a package's `odoo` executable.

    Raises `Problem` when there is none, or one of another series.
    """
    path = path.expanduser().absolute()
    if not path.exists():
        raise Problem(f"There is no {path}: give --odoo a source checkout or an odoo executable.")
    package = _package_of(path)
    if package is None:
        raise Problem(
            f"{path} is no Odoo: give --odoo the folder that holds odoo-bin, "
            "or the odoo executable of a package."
        )
    return _at_package(package, workspace)


def odoo_of_addons_path(options: dict[str, str], workspace: Workspace) -> Odoo | None:
    """The Odoo whose own addons a configuration's `addons_path` names, or None."""
    for entry in options.get("addons_path", "").split(","):
        addons = Path(entry.strip()).expanduser()
        for package in (addons.parent, addons.parent / "odoo"):
            if entry.strip() and (package / "release.py").is_file() and package.name == "odoo":
                return _at_package(package, workspace)
    return None


def read_configuration(path: Path) -> dict[str, str]:
    """The `[options]` of an Odoo configuration file."""
    parser = configparser.RawConfigParser()
    try:
        with path.expanduser().open() as file:
            parser.read_file(file)
        return dict(parser["options"])
    except FileNotFoundError:
        raise Problem(f"There is no Odoo configuration file {path}.") from None
    except (configparser.Error, KeyError):
        raise Problem(f"{path} is no Odoo configuration file: it has no [options].") from None


def embedded(workspace: Workspace, progress: Progress) -> Odoo:
    """Debian's Odoo below the work folder, downloaded and unpacked where it is not there yet."""
    root = workspace.odoo
    stamp = f"{PACKAGE} {SERIES}"
    if not (workspace.is_done("odoo", stamp) and (root / DIST_PACKAGES).is_dir()):
        workspace.forget("odoo")
        _fetch(root, workspace, progress)
        workspace.mark_done("odoo", stamp)
    package = root / DIST_PACKAGES / "odoo"
    return Odoo(package.parent, (package / "addons",), _identity(package))


def _fetch(root: Path, workspace: Workspace, progress: Progress) -> None:
    apt = Apt(workspace)
    apt.require("point at an Odoo 19 with --odoo PATH (a source checkout or an odoo executable).")
    debs = workspace.cache / "debs"
    if not workspace.is_done("debs", PACKAGE):
        with progress.step(f"Reading Debian's package lists ({SUITE})") as step:
            apt.select_suites((SUITE, FONT_AWESOME_SUITE), step)
        with progress.step("Downloading Odoo 19 (130 MB)") as step:
            newest = tuple(f"{name}/{SUITE}" for name in (PACKAGE, *COMPANIONS))
            apt.download((*newest, f"{FONT_AWESOME}/{FONT_AWESOME_SUITE}"), debs, step)
        workspace.mark_done("debs", PACKAGE)
    with progress.step("Unpacking Odoo 19 (1.2 GB)") as step, workspace.fresh_folder(root) as fresh:
        for deb in sorted(debs.glob("*.deb")):
            step.detail = deb.name.partition("_")[0]
            done = subprocess.run(
                ["dpkg-deb", "-x", deb, fresh], capture_output=True, text=True, check=False
            )
            if done.returncode:
                workspace.forget("debs")
                shutil.rmtree(debs)
                raise Problem(
                    f"{deb.name} cannot be unpacked ({done.stderr.strip()[-120:]}): "
                    "run the same command again, it is downloaded anew."
                )
        if not (fresh / LEFT_OUT).exists():
            (fresh / LEFT_OUT).parent.mkdir(parents=True, exist_ok=True)
            (fresh / LEFT_OUT).write_text("// Not part of Debian's package of Odoo.\n")


def _package_of(path: Path) -> Path | None:
    """The folder of the Python package `odoo` that `path` stands for."""
    folder = path if path.is_dir() else path.resolve().parent
    for candidate in (folder / "odoo", folder, folder / DIST_PACKAGES / "odoo"):
        if candidate.name == "odoo" and (candidate / "release.py").is_file():
            return candidate
    if path.is_dir():
        return None
    return _package_of_executable(path)


def _package_of_executable(path: Path) -> Path | None:
    first = path.open("rb").readline().decode(errors="replace")
    if not first.startswith("#!") or "python" not in first:
        return None
    question = "import odoo.release; print(odoo.release.__file__)"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    answer = subprocess.run(
        [*first[2:].split(), "-c", question],
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        check=False,
    )
    return Path(answer.stdout.strip()).parent if answer.returncode == 0 else None


def _at_package(package: Path, workspace: Workspace) -> Odoo:
    release = (package / "release.py").read_text()
    match = re.search(r"^version_info\s*=\s*\(\s*(\d+)\s*,\s*(\d+)", release, re.MULTILINE)
    series = ".".join(match.groups()) if match else "of an unknown series"
    if series != SERIES:
        raise Problem(
            f"The Odoo in {package.parent} is {series} and this addon needs {SERIES}: "
            "point at another with --odoo PATH, or leave the option out to use the embedded one."
        )
    # A folder with `odoo` alone: beside a packaged Odoo lie the system's other Python packages,
    # which must not hide those of the environment.
    shelf = workspace.root / "odoo-import" / _identity(package)
    shelf.mkdir(parents=True, exist_ok=True)
    link = shelf / "odoo"
    if not link.is_symlink():
        link.symlink_to(package)
    addons = (package.parent / "addons", package / "addons")
    present = tuple(path for path in addons if any(path.glob("*/__manifest__.py")))
    return Odoo(shelf, present, _identity(package))


def _identity(package: Path) -> str:
    release = (package / "release.py").read_bytes()
    return hashlib.sha256(str(package).encode() + release).hexdigest()[:12]
