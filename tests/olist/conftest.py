"""Olist's files: small ones made here, and the real ones where somebody has them."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tools")]

from olist.reading import Olist  # noqa: E402
from olist_files import write_files  # noqa: E402

REAL = Path(os.environ.get("OMS_OLIST", ROOT.parent / "shared" / "data" / "olist"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Olist:
    """Sixty invented orders in eight towns."""
    return Olist(write_files(tmp_path_factory.mktemp("olist")))


@pytest.fixture(scope="session")
def real() -> Olist:
    """The real files; the test is skipped where they are not."""
    if not (REAL / "olist_orders_dataset.csv").is_file():
        pytest.skip(f"Olist's files are not in {REAL}: name their folder by OMS_OLIST")
    return Olist(REAL)
