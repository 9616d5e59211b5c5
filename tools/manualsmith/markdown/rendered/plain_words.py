"""Markdown as it is read in a line: without the marks, for lists and excerpts."""

import re

# in their order: what is around words goes, the words stay
_MARKS = (
    (re.compile(r"<!--(?:(?!<!--|-->)[\s\S])*-->"), ""),
    (re.compile(r"\{:?[ \t]{0,9}[#.][^{}\n]{0,300}\}"), ""),
    (re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}(?:[ \t]+\"[^\"\n]{0,300}\")?\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(`{1,3})([^`\n]{1,500})\1"), r"\2"),
    (
        re.compile(
            r"^[ \t]*(?:[!?]{3}\+?|===)[ \t]+(?:\w+[ \t]*)?\"?([^\"\n]*)\"?[ \t]*$", re.MULTILINE
        ),
        r"\1",
    ),
    (re.compile(r"^[ \t]*(?:#{1,6}|[-*+])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t|:-]+$", re.MULTILINE), ""),
)


def plain_words(text: str) -> str:
    """Return a text as it is read: on one line, without marks of Markdown."""
    for pattern, instead in _MARKS:
        text = pattern.sub(instead, text)
    return " ".join(text.split())
