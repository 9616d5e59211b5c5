"""Find the versions that a page's prose mentions and say of what: ``Windows 11``, ``版本 3.2``.

It is a guess for people to look at, so it would rather say nothing. Code, links, ranges
(``14 以上``, ``or later``), what is no longer or not supported, and a name with two versions on one
page are passed over; so are dates, addresses, sections, prices, telephone numbers and protocols.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from manualsmith.markdown.reading.page import Page
from manualsmith.markdown.reading.page_environment import Facts

# Whose versions may be told without the word, and what these look like.
_KNOWN = {
    "windows": ("Windows", r"(?:7|8(?:\.1)?|10|11)"),
    "windows-server": ("Windows Server", r"20\d\d(?: R2)?"),
    "android": ("Android", r"\d{1,2}(?:\.\d)?"),
    "ios": ("iOS", r"\d{1,2}(?:\.\d{1,2}){0,2}"),
    "ipados": ("iPadOS", r"\d{1,2}(?:\.\d{1,2}){0,2}"),
    "macos": ("macOS(?: [A-Z][a-z]+)?", r"\d{2}(?:\.\d{1,2}){0,2}"),
    "ubuntu": ("Ubuntu(?: Server)?", r"\d\d\.(?:04|10)(?:\.\d)?"),
    "debian": ("Debian", r"\d{1,2}(?:\.\d{1,2})?"),
    "rhel": ("(?:Red Hat Enterprise Linux|RHEL)", r"\d{1,2}(?:\.\d{1,2})?"),
    "chrome": ("Chrome", r"\d{2,3}"),
    "firefox": ("Firefox", r"\d{2,3}(?:\.\d+)?"),
    "edge": ("Edge", r"\d{2,3}"),
    "safari": ("Safari", r"\d{2}(?:\.\d)?"),
    "office": ("Office", r"20\d\d"),
    "outlook": ("Outlook", r"20\d\d"),
    "exchange": ("Exchange(?: Server)?", r"20\d\d"),
    "python": ("Python", r"\d\.\d{1,2}(?:\.\d+)?"),
    "php": ("PHP", r"\d\.\d(?:\.\d+)?"),
    "node": (r"Node(?:\.js)?", r"\d{2}(?:\.\d+){0,2}"),
    "mysql": ("MySQL", r"\d\.\d(?:\.\d+)?"),
    "mariadb": ("MariaDB", r"\d{2}\.\d{1,2}(?:\.\d+)?"),
    "postgresql": ("(?:PostgreSQL|Postgres)", r"\d{1,2}(?:\.\d+)?"),
    "nginx": ("(?:nginx|NGINX)", r"\d\.\d{1,2}(?:\.\d+)?"),
    "kubernetes": ("Kubernetes", r"1\.\d{1,2}(?:\.\d+)?"),
}
_DOTTED = r"\d{1,4}(?:\.\d{1,5}){1,3}"
_GAP = r"[ \u00a0\u3000]?"
_MARK = rf"(?:[vV](?=\d)|[vV]ersion[ :]{{1,2}}|ver\.[ ]?|版本(?:號)?{_GAP}[:：]?{_GAP})"
_MARKED = re.compile(
    rf"(?P<name>[A-Z][\w+#-]*(?:[ ][A-Z][\w+#-]*){{0,2}}[ ]?)?{_MARK}(?P<value>{_DOTTED})"
)
# Words with a capital that are no product.
_NO_NAMES = """
a about after an and as at be by can check click current currently download each every for from get
if important in install is it latest make new note now of on only open our please release run
running see select set start that the these this to update upgrade use using warning we when where
which with you your
"""
_NO_NAME = frozenset(_NO_NAMES.split())
# Things that a manual is not written for.
_NO_PRODUCTS = """
api appendix article cc chapter figure gpl http https ip ipv4 ipv6 iso lgpl license licence oauth
page part rfc saml section smb snmp ssh ssl step table tls usb
"""
_NO_PRODUCT = frozenset(_NO_PRODUCTS.split())
# What may stand before a version that names nothing else: the page's product is meant.
_BARE_BEFORE = re.compile(
    r"(?:^|[\s(（「,，。:：;；|>*-]|目前|適用|使用|支援|需要|本頁|為|是|的|以|到)$"
)
_WORD_BEFORE = re.compile(r"([A-Za-z0-9][\w.-]*)[ ]$", re.ASCII)
_AFTER = re.compile(
    r"""
      [0-9A-Za-z_%％°+＋]
    | [.,:/~～–—-]\s?[0-9] | \.x | -(?:bit|alpha|beta|rc|dev|day)
    | \s*(?:以上|以後|以下|以前|以降|以內|及以|或以|之後|之前|及更|或更|或較|起(?!動)|至|到|～|~|–)
    | \s*(?:[、,，]|或|和|與|及|or|and|to|through)\s*[vV]?[0-9]
    | \s(?:or|and)\s(?:later|newer|above|higher|earlier|older|below|up)
    | \s?(?:天|日|月|年|週|周|小時|分|秒|個|位|次|人|台|臺|部|支|組|項|步|頁|元|塊|倍|節|章|號|碼)
    | \s?(?:[KMGT]i?B|bits?|days?|hours?|minutes?|seconds?|weeks?|months?|years?|times|percent)\b
    | \s*(?:license|licence|授權)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLAUSE = re.compile(r"[。；;！!？?，,]|\.\s")
_GONE = r"不支援|不再|不適用|停止|\b(?:not|no longer|unsupported|deprecated|dropped)\b"
_GONE_AFTER = re.compile(_GONE, re.IGNORECASE)
_NOT_OF_NOW = re.compile(
    _GONE + r"|除了|不是|並非|舊版|早於|低於|高於|至少|最低|自從|從|由|之前的"
    r"|\b(?:except|unlike|since|until|before|after|below|above|than|prior|earlier|minimum|least"
    r"|from|legacy)\b",
    re.IGNORECASE,
)
# Letters before a version in which the word before it is looked for.
_NEAR = 60
# A line of prose is shorter; what is tried on one takes its square in time.
_LONGEST = 5_000
_DELIMITER = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*\|")
# Of a line, what readers do not read as words.
_HIDDEN = re.compile(
    r"<!--.*?-->|<[^<>]*>|\]\([^()\s]*\)|\b[a-z][a-z0-9+.-]*://\S+|\{[^{}]*\}|\S+@\S+|``?[^`]*[/=:]"
    r"[^`]*``?|[*_`]"
)


@dataclass(frozen=True)
class VersionMention:
    """A version in a page's prose, its line from 1, and the fact that it may be."""

    line: int
    words: str
    category: str
    fact: str
    value: str


def version_mentions(
    page: Page, product: str, known: Iterable[str], stated: Facts
) -> list[VersionMention]:
    """Return what a page mentions and does not state, the first mention of each.

    *product* is the page's, empty for none, *known* the names of facts of that product, *stated*
    the facts that the page has.
    """
    names = _names(product, tuple(sorted(known)))
    found: dict[tuple[str, str], VersionMention] = {}
    values: dict[str, set[str]] = {}
    for one in _all(page, product, names):
        values.setdefault(one.fact, set()).add(one.value)
        found.setdefault((one.fact, one.value), one)
    taken = {name for _, name in stated}
    return [
        one
        for one in found.values()
        if len(values[one.fact]) == 1 and one.fact not in taken and one.value not in stated.values()
    ]


@lru_cache(maxsize=64)
def _names(product: str, known: tuple[str, ...]) -> Mapping[str, re.Pattern[str]]:
    """Return what finds a fact's version where its name alone stands before it."""
    parts = dict(_KNOWN)
    for fact in known:
        words = re.split("[.-]", fact.removesuffix(".version"))
        if fact.endswith(".version") and words[0] not in parts:
            parts[fact.removesuffix(".version")] = ("[ -]".join(map(re.escape, words)), _DOTTED)
    if product:
        words = re.split("[._-]", product)
        parts[product] = ("[ -]?".join(map(re.escape, words)), rf"(?:{_DOTTED}|\d{{1,3}})")
    return {
        f"{name}.version": re.compile(
            rf"(?<![\w-])(?:{words}){_GAP}(?:{_MARK})?(?P<value>{value})",
            0 if name in _KNOWN else re.IGNORECASE,
        )
        for name, (words, value) in parts.items()
    }


def _all(
    page: Page, product: str, names: Mapping[str, re.Pattern[str]]
) -> Iterator[VersionMention]:
    code: set[int] | None = None
    is_of_now = True
    for line in range(page.source.line_of(page.body.start), page.source.line_count):
        raw = page.source.line_text(line)
        if _DELIMITER.match(raw):  # what stands over a table's columns is of all its rows
            is_of_now = not _NOT_OF_NOW.search(page.source.line_text(line - 1))
        elif "|" not in raw:
            is_of_now = True
        told = is_of_now and len(raw) <= _LONGEST
        if not (told and any(one.isdigit() for one in raw)):
            continue
        text = _HIDDEN.sub(lambda m: "" if len(m[0]) == 1 else " ", raw)
        for fact, found in _in_line(text, product, names):
            code = _code_lines(page) if code is None else code
            if line in code:
                break
            words = found.group().strip()
            yield VersionMention(line + 1, words, "software", fact, found["value"])


def _code_lines(page: Page) -> set[int]:
    blocks = [t.map for t in page.tokens() if t.map and t.type in ("fence", "code_block")]
    return {line for first, end in blocks for line in range(first, end)}


def _in_line(
    text: str, product: str, names: Mapping[str, re.Pattern[str]]
) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the facts that a line gives a version of, and where."""
    taken: list[range] = []
    for fact, pattern in names.items():
        for found in pattern.finditer(text):
            taken.append(range(found.start(), found.end()))
            if _is_meant(text, found):
                yield fact, found
    for found in _MARKED.finditer(text):
        if any(found.start("value") in one for one in taken):
            continue
        fact = _of_marked(text, found, product)
        if fact and _is_meant(text, found):
            yield fact, found


def _of_marked(text: str, found: re.Match[str], product: str) -> str:
    """Return the fact that a version with the word for one is of, empty where nothing tells."""
    words = re.split("[ ]", (found["name"] or "").strip())
    while words and words[0].casefold() in _NO_NAME:
        del words[0]
    if any(word.casefold() in _NO_PRODUCT for word in words):
        return ""
    name = "-".join(re.findall("[a-z0-9]+", " ".join(words).casefold()))
    if name:
        return f"{name}.version"
    before = text[max(0, found.start() - _NEAR) : found.start()]
    word = _WORD_BEFORE.search(before)
    alone = word[1].casefold() in _NO_NAME if word else bool(_BARE_BEFORE.search(before))
    return f"{product}.version" if product and alone else ""


def _is_meant(text: str, found: re.Match[str]) -> bool:
    """Return whether what stands around a version leaves no other reading of it."""
    if _AFTER.match(text, found.end()):
        return False
    clause = _CLAUSE.split(text[: found.start()])[-1]
    rest = _CLAUSE.split(text[found.end() :])[0]
    return not (_NOT_OF_NOW.search(clause) or _GONE_AFTER.search(rest))
