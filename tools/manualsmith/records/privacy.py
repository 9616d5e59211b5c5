"""Find secrets and personal data in a text by their shape, and mask them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from manualsmith.errors import Problem, UserError
from manualsmith.layout import writing
from manualsmith.records.problems import field_name, in_order
from manualsmith.records.yaml.read_yaml import Document, Path
from manualsmith.text import marked, t

_MASK = "…"


@dataclass(frozen=True)
class Personal:
    """One find: its kind, where it stands in the text, and an excerpt that gives nothing away."""

    kind: str
    start: int
    end: int
    excerpt: str


@dataclass(frozen=True)
class _Shape:
    kind: str
    pattern: re.Pattern[str]
    is_one: Callable[[str], bool] = lambda _: True


_ALONE = r"(?<![A-Za-z0-9_.-])"  # no letter, digit or joint of a longer token before
_ENDS = r"(?![A-Za-z0-9_-])"


def _token(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?<![A-Za-z0-9_-])(?:{pattern}){_ENDS}")


def _luhn(text: str) -> bool:
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [
        digit if place % 2 == 0 else (digit * 2 - 1) % 9 + 1 if digit else 0
        for place, digit in enumerate(reversed(digits))
    ]
    return len(set(digits)) > 1 and sum(doubled) % 10 == 0


# letters of the national id in the order of their codes, from 10 (內政部 戶役政 編碼)
_ID_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_ID_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1, 1)


def _national_id(text: str) -> bool:
    letters = text.upper()
    code = _ID_LETTERS.index(letters[0]) + 10
    second = letters[1]
    first = int(second) if second.isdigit() else _ID_LETTERS.index(second) % 10
    digits = [first, *map(int, letters[2:])]
    total = code // 10 + code % 10 * 9
    return (total + sum(map(int.__mul__, digits, _ID_WEIGHTS))) % 10 == 0


_NO_MAIL_DOMAIN = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net|edu|tw|com\.tw)|test|example|invalid|localhost)$"
    r"|\.(?:png|jpe?g|gif|svg|webp|md)$",
    re.IGNORECASE,
)


def _mail(text: str) -> bool:
    name, domain = text.rsplit("@", 1)
    return name != "git" and not _NO_MAIL_DOMAIN.search(domain)


_NO_PASSWORD = re.compile(
    r"(?P<char>.)(?P=char)*|.*(?:\.{3}|\*{2,}).*|[<\[{$%].*|your.*|required|optional|none|null"
    r"|true|false|empty|changed?|password|passwd|secret|token|string|text|https?:.*",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(?P<label>密碼|口令|通行碼|(?<![A-Za-z])(?:password|passwd|passphrase|pwd|pw|secret"
    r"|api[_-]?key|access[_-]?token)[\"']?)(?:[ \t]*(?:=|:|：|＝|是|為)[ \t]*[\"'「]?"
    r"|[ \t]+(?=[A-Za-z0-9]*[A-Za-z][0-9]|[A-Za-z0-9]*[0-9][A-Za-z])(?=[A-Za-z0-9]{6}))"
    r"(?P<value>[!#-&(-+\--:<-~]{4,})"
    r"(?P<after>[ \t]*(?:[\r\n，。；、）」\"',;]|\Z))?",
    re.IGNORECASE,
)


def _passwords(text: str) -> Iterator[Personal]:
    """Yield written-out passwords: a word with a digit or sign in it, or alone in its clause."""
    for match in _PASSWORD.finditer(text):
        value = match["value"].rstrip(".:}])")
        telling = re.search(r"[^A-Za-z]", value) or match["after"] is not None
        if len(value) >= 4 and telling and not _NO_PASSWORD.fullmatch(value):
            start = match.start("value")
            excerpt = f"{text[match.start() : start]}{_MASK}"
            yield Personal("password", start, start + len(value), excerpt)


# full-width letters, figures and signs, but for the punctuation of Chinese text
_HALF = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "：＝，；（）！？"
}
_HALF |= {0x3000: 0x20}

_SHAPES = (
    _Shape("private-key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")),
    _Shape(
        "token",
        _token(
            r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{22,}|glpat-[\w-]{20,}"
            r"|(?:AKIA|ASIA)[0-9A-Z]{16}|xox[abeoprs]-[\w-]{10,}|AIza[\w-]{35}"
            r"|sk_live_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{36}"
            r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+"
        ),
    ),
    _Shape(
        "app-password",
        _token(r"(?:[A-Za-z0-9]{5}-){4}[A-Za-z0-9]{5}"),
        lambda text: bool(re.search("[0-9]", text) and re.search("[a-z]", text)),
    ),
    _Shape("password", re.compile(r"(?<=://)[^\s/:@<>{}]+:[^\s/@<>{}]{3,}(?=@)")),
    _Shape(
        "e-mail",
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}"
            r"@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])"
        ),
        _mail,
    ),
    _Shape(
        "national-id",
        re.compile(rf"{_ALONE}[A-Za-z](?:[1289][0-9]{{8}}|[A-Da-d][0-9]{{8}}){_ENDS}"),
        _national_id,
    ),
    _Shape(
        "phone",
        re.compile(
            rf"{_ALONE}(?:\+886[ -]?(?:\(0\))?9|09)[0-9]{{2}}[ .-]?[0-9]{{3}}[ .-]?[0-9]{{3}}"
            rf"(?![0-9.])"
            rf"|{_ALONE}0[2-8][0-9]{{8}}(?![0-9.A-Za-z-])"
            rf"|{_ALONE}(?:\+886[ -]?[2-8][0-9]?[ -]|0[2-8][0-9]?[ -])"
            rf"[0-9]{{3,4}}[ -]?[0-9]{{4}}(?![0-9.-])"
            rf"|(?<![A-Za-z0-9])\(0[2-8][0-9]{{0,2}}\)[ ]?[0-9]{{3,4}}[ -]?[0-9]{{3,4}}(?![0-9.-])"
        ),
    ),
    _Shape(
        "card",
        re.compile(
            rf"{_ALONE}(?:[3-6][0-9]{{12,18}}|[3-6][0-9]{{3}}(?P<by>[ -])[0-9]{{4}}"
            rf"(?P=by)[0-9]{{4}}(?P=by)[0-9]{{4}}|3[0-9]{{3}}[ -][0-9]{{6}}[ -][0-9]{{5}}){_ENDS}"
        ),
        _luhn,
    ),
    # RFC 1918 and RFC 4193: what tells how a company's network is built
    _Shape(
        "address",
        re.compile(
            r"(?<![A-Za-z0-9.:])(?:10\.(?:[0-9]{1,3}\.){2}|192\.168\.[0-9]{1,3}\."
            r"|172\.(?:1[6-9]|2[0-9]|3[01])\.[0-9]{1,3}\.)[0-9]{1,3}(?![0-9.]*[0-9])"
            r"|(?<![A-Za-z0-9:])[Ff][CcDd][0-9A-Fa-f]{2}:[0-9A-Fa-f:]{3,}"
        ),
    ),
)


# What is written in its place, in the records' language and not the reader's.
_MASKED = {
    "private-key": marked("[private key]"),
    "token": marked("[token]"),
    "app-password": marked("[app password]"),
    "password": marked("[password]"),
    "e-mail": marked("[e-mail]"),
    "national-id": marked("[national id]"),
    "phone": marked("[phone]"),
    "card": marked("[card]"),
    "address": marked("[internal address]"),
}


def find_personal(text: str) -> list[Personal]:
    """Return what in *text* looks like a secret or personal data, in the order of the text.

    Full-width letters, as Chinese input writes them, are what they look like.
    """
    text = text.translate(_HALF)
    found = list(_passwords(text))
    for shape in _SHAPES:
        for match in shape.pattern.finditer(text):
            if shape.is_one(match[0]):
                excerpt = match[0][:2] + _MASK
                found.append(Personal(shape.kind, match.start(), match.end(), excerpt))
    return sorted(found, key=lambda find: (find.start, find.kind))


def masked(text: str, allow: Sequence[str] = ()) -> str:
    """Return *text* with what looks like a secret or personal data replaced by what it was."""
    parts, at = [], 0
    for find in find_personal(text):
        if find.start < at or text[find.start : find.end] in allow:
            continue
        with writing():
            parts += [text[at : find.start], t(_MASKED[find.kind])]
        at = find.end
    return "".join([*parts, text[at:]])


def refuse_personal(text: str, allow: Sequence[str] = ()) -> None:
    """Raise UserError where a text that somebody typed holds a secret or personal data."""
    problems = [
        Problem(
            t("{kind}: {excerpt}", kind=kind_name(find.kind), excerpt=find.excerpt),
            hint=t("leave it out; what may stand there is listed in the setting allow_personal"),
        )
        for find in find_personal(text)
        if text[find.start : find.end] not in allow
    ]
    if problems:
        raise UserError(problems)


def check_personal(document: Document, allow: Sequence[str] = ()) -> tuple[Problem, ...]:
    """Return a problem for each secret and piece of personal data in a file, comments included.

    *allow* are the texts that may stand in records, such as the service desk's own address.
    """
    text = document.text
    told = [(find.start, find, text[find.start : find.end]) for find in find_personal(text)]
    places = list(document.scalars())
    for _, node in places:
        if node.value not in text[node.start : node.end]:  # escapes or folded lines hide it
            told = [item for item in told if not node.start <= item[0] < node.end]
            for find in find_personal(node.value):
                value = node.value[find.start : find.end]
                at = text.find(value, node.start, node.end)
                told.append((node.start if at < 0 else at, find, value))
    fields = {at: path for path, node in places for at, *_ in told if node.start <= at < node.end}
    return in_order(
        _problem(document, at, find, fields.get(at))
        for at, find, value in told
        if value not in allow
    )


def _problem(document: Document, start: int, find: Personal, field: Path | None) -> Problem:
    message = t("{kind} in a record: {excerpt}", kind=kind_name(find.kind), excerpt=find.excerpt)
    hint = t("leave it out; what may stand there is listed in [tool.manualsmith] allow_personal")
    return Problem(message, document.place_at(start), hint, field_name(field) if field else None)


def kind_name(kind: str) -> str:
    """Return a kind of find as people say it."""
    names = {
        "private-key": t("a private key"),
        "token": t("an access token"),
        "app-password": t("an app password"),
        "password": t("a password"),
        "e-mail": t("an e-mail address"),
        "national-id": t("a national id number"),
        "phone": t("a phone number"),
        "card": t("a card number"),
        "address": t("an internal network address"),
    }
    return names[kind]
