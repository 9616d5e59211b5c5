"""The same git for every test and every machine: no configuration but this, a fixed clock."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples each time: a change fails for what it changed. `make fuzz` looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


CONFIG = """\
[user]
    name = Service desk
    email = desk@example.invalid
[init]
    defaultBranch = main
[gc]
    auto = 0
"""
DATE = "1800000000 +0800"


@pytest.fixture(scope="session", autouse=True)
def _own_git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(CONFIG, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_AUTHOR_DATE", DATE)
        patch.setenv("GIT_COMMITTER_DATE", DATE)
        patch.setenv("MANUALSMITH_LANG", "en")
        yield


@pytest.fixture
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose git has no name and no e-mail address."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
