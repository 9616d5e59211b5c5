"""Optional libraries: import one, or say by which extra of ours it comes."""

from importlib import import_module
from typing import Any

from manualsmith.errors import UserError
from manualsmith.text import marked, t

# What an extra is for.
EXTRAS = {
    "office": marked("Word and Excel files need a further library"),
    "desk": marked("the desk needs further libraries"),
    "labels": marked("a product's catalogues need a further library"),
}


def needed(name: str, extra: str = "office") -> Any:  # noqa: ANN401 - a module
    """Return a module of an extra. Raises UserError where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise UserError(t(EXTRAS[extra]), hint=f"pip install 'manualsmith[{extra}]'") from error
