"""The small site, built once for all tests that only look at it."""

import pytest
from small_site import Site, write_site


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
