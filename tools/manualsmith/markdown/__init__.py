"""A page as source spans: locate a target in it, turn an action into text edits. Text in, text out.

``apply`` is the one function to call; ``TargetLost`` is what it raises.
"""

from manualsmith.markdown.applying import apply
from manualsmith.markdown.lost import Candidate, TargetLost

__all__ = ["Candidate", "TargetLost", "apply"]
