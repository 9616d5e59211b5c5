"""Sites that are built once for all tests that only look at them."""

import sys
from pathlib import Path

import pytest

import forking
from small_site import Site, write_site

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, str]:
    """The small site, built once from a folder that is not its own, and what the build said."""
    site = write_site(tmp_path_factory.mktemp("repository"))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = site.build("-f", str(site.root / "mkdocs.yml"), cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return site, done.stderr


@pytest.fixture(scope="session")
def site(built: tuple[Site, str]) -> Site:
    return built[0]


@pytest.fixture(scope="session")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project's own site."""
    out = tmp_path_factory.mktemp("own") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "-q", "--strict", "-d", str(out)]
    assert forking.run(command, cwd=ROOT).returncode == 0
    return out
