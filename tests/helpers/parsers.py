"""YAML is read with ruamel.yaml's C extension and without it: tests that run with both."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from manualsmith import yaml_parser


@contextmanager
def without_c() -> Iterator[None]:
    """Read YAML as where ruamel.yaml's C extension is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_parser, "CParser", None)
        yield


@pytest.fixture(params=["C", "Python"])
def each_parser(request):
    if request.param == "C":
        yield
    else:
        with without_c():
            yield
