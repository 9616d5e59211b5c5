"""A page as source spans: locate a target in it, turn an action into text edits. Text in, text out.

``apply`` is the one function to call; ``TargetLost`` is what it raises.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from manualsmith.markdown.apply_edit import apply
    from manualsmith.markdown.lost_target import Candidate, TargetLost

__all__ = ["Candidate", "TargetLost", "apply"]

_HOMES = {"Candidate": "lost_target", "TargetLost": "lost_target", "apply": "apply_edit"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function or a class
    """Import what is public when it is asked for: a word-level diff alone needs no actions."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
