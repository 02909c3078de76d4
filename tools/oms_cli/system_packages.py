"""Programs that come from the machine's own package manager: the browser, and the PDF printer."""

import os
import shutil
import subprocess
from pathlib import Path

from .problem import Problem
from .process import last_line, run_logged
from .progress import Progress
from .workspace import Workspace

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Path of a Chromium or Chrome: what OMS_CHROMIUM names, or the first on the PATH."""
    named = os.environ.get("OMS_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def ensure_browser(workspace: Workspace, progress: Progress) -> str:
    """A browser for the tests, installed where that is possible; else `Problem`."""
    browser = find_browser()
    if browser:
        return browser
    if os.environ.get("OMS_CHROMIUM"):
        raise Problem(f"OMS_CHROMIUM names {os.environ['OMS_CHROMIUM']}, which does not exist.")
    install(("chromium",), workspace, progress, needed_for="the browser tests")
    browser = find_browser()
    if not browser:
        raise Problem(
            "The browser tests need Chromium and apt installed none: install Chromium or Chrome "
            "and name it by OMS_CHROMIUM=/path/to/chromium."
        )
    return browser


def ensure_pdf_printer(workspace: Workspace, progress: Progress, required: bool) -> None:
    """wkhtmltopdf, installed where that is possible; without it Odoo prints no PDF."""
    if shutil.which("wkhtmltopdf"):
        return
    try:
        install(("wkhtmltopdf",), workspace, progress, needed_for="printing PDF")
    except Problem as problem:
        if required:
            raise
        progress.say(f"  Without PDF printing: {problem.sentence}")


def install(
    packages: tuple[str, ...],
    workspace: Workspace,
    progress: Progress,
    needed_for: str,
) -> None:
    """Install Debian packages system-wide, as root or by sudo without a password."""
    command = f"apt-get install {' '.join(packages)}"
    prefix = _as_root()
    if prefix is None or not shutil.which("apt-get"):
        raise Problem(
            f"{' and '.join(packages)} is missing and needed for {needed_for}: install it "
            f"(Debian, Ubuntu: sudo {command}) and run the same command again."
        )
    log = workspace.logs / "apt-install.log"
    failure = (
        f"apt could not install {' and '.join(packages)}, which {needed_for} needs: "
        f"try it by hand (sudo {command}) and run the same command again."
    )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with progress.step(f"Installing {' '.join(packages)} with apt") as step:
        # A machine without package lists, or with old ones, finds nothing or gone versions.
        run_logged([*prefix, "apt-get", "-q", "update"], log, failure, env=environment)
        run_logged(
            [*prefix, "apt-get", "-q", "install", "-y", "--no-install-recommends", *packages],
            log,
            failure,
            env=environment,
            step=step,
            detail=lambda: last_line(log)[:60],
        )


def _as_root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        probe = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if probe.returncode == 0:
            return ["sudo", "-n"]
    return None
