"""Texts that people read, in their language.

A message is written in English where it is used, as ``t("no page {page}", page=name)``;
``locale/zh_TW`` holds Taiwan's wording. The language is ``MANUALSMITH_LANG``, else the locale's.
"""

import os
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

_LOCALE_VARIABLES = ("MANUALSMITH_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def t(message: str, /, **values: object) -> str:
    """Return *message* in the reader's language, with ``{name}`` fields filled from *values*."""
    text = _catalogue().gettext(message)
    return text.format(**values) if values else text


def language() -> str:
    """Return ``"zh_TW"`` or ``"en"``: what the environment asks for."""
    for variable in _LOCALE_VARIABLES:
        if value := os.environ.get(variable):
            return "zh_TW" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue() -> NullTranslations:
    folder = Path(__file__).with_name("locale")
    return translation("manualsmith", folder, languages=[language()], fallback=True)
