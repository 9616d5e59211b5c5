"""The command line: read arguments, call one function, print what it returns."""

import gettext
import os
import sys
from collections.abc import Sequence

_LANG = "--lang"


def main() -> None:
    """Run the command line, in the language that it names, and leave with its exit code."""
    choose_language(sys.argv[1:])
    _translate_click()
    from manualsmith.cli.group import main as group

    group()


def _translate_click() -> None:
    """Have click speak our language: it asks gettext for its messages, in the current domain."""
    from manualsmith.text import LOCALE, language

    os.environ["LANGUAGE"] = language()  # git's messages are asked for in C whatever it is
    gettext.bindtextdomain("click", LOCALE)
    gettext.textdomain("click")


def choose_language(arguments: Sequence[str]) -> None:
    """Take the language of ``--lang``: help is read when commands are imported, before click."""
    for number, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == _LANG:
            value = value or next(iter(arguments[number + 1 : number + 2]), "")
            os.environ["MANUALSMITH_LANG"] = value
        if argument == "--" or not argument.startswith("-"):
            before = arguments[number - 1] if number else ""
            if before not in (_LANG, "-C", "--release"):
                return


__all__ = ["choose_language", "main"]
