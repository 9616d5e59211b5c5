"""Optional libraries, the extra ``office``: import one, or say how to install it."""

from importlib import import_module
from typing import Any

from manualsmith.errors import UserError
from manualsmith.text import t


def needed(name: str) -> Any:  # noqa: ANN401 - a module
    """Return a module of the extra ``office``. Raises UserError where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise UserError(
            t("Word and Excel files need a further library"),
            hint="pip install 'openpyxl>=3.1.5,<4' 'python-docx>=1.2,<2'",
        ) from error
