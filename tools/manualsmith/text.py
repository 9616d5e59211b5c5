"""Translate the messages that people read, by gettext, into the language that is spoken.

A message is written in English where it is used, as ``t("no page {page}", page=name)``;
``locale/zh_TW`` holds Taiwan's wording. The language is ``MANUALSMITH_LANG``, else the locale's,
but for what is done under `speaking`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Literal, get_args

Language = Literal["zh_TW", "en"]

LOCALE = Path(__file__).with_name("locale")
_NAMED = "MANUALSMITH_LANG"
_LOCALE_VARIABLES = (_NAMED, "LC_ALL", "LC_MESSAGES", "LANG")
_spoken: ContextVar[Language | None] = ContextVar("language", default=None)


def t(message: str, /, **values: object) -> str:
    """Return *message* in the reader's language, with ``{name}`` fields filled from *values*."""
    text = _catalogue(language()).gettext(message)
    return text.format(**values) if values else text


LANGUAGES: tuple[Language, ...] = get_args(Language)


def marked(message: str) -> str:
    """Return a message as it is. It is in the catalogue, for `t` to translate where it is shown."""
    return message


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Have `t` answer in a language, such as ``zh-TW``, whatever the environment asks for."""
    token = _spoken.set(_language_of(wanted))
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> Language:
    """Return what is spoken here: as set by `speaking`, else what the environment asks for."""
    if spoken := _spoken.get():
        return spoken
    for variable in _LOCALE_VARIABLES:
        if value := os.environ.get(variable):
            return _language_of(value)
    return "en"


def html_language() -> str:
    """Return what is spoken here as HTML names it."""
    return language().replace("_", "-")


def paper_language(manuals: str) -> Language:
    """Return the language of forms and templates, for manuals that are in *manuals*.

    They are handed in and filed, in the manuals' language: another one takes being named
    (``--lang``, ``MANUALSMITH_LANG``), a locale is not enough.
    """
    return _spoken.get() or _language_of(os.environ.get(_NAMED) or manuals)


def _language_of(locale: str) -> Language:
    return "zh_TW" if locale.lower().startswith("zh") else "en"


@cache
def _catalogue(wanted: Language) -> NullTranslations:
    return translation("manualsmith", LOCALE, languages=[wanted], fallback=True)
