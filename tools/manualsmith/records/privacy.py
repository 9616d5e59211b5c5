"""Find secrets and personal data in a text by their shape, and mask them."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from manualsmith.errors import Problem, UserError
from manualsmith.layout import writing
from manualsmith.records.personal import numbers, phones, places, secrets
from manualsmith.records.personal.as_read import as_read
from manualsmith.records.personal.shape import Personal, Rule
from manualsmith.records.problems import field_name, in_order
from manualsmith.records.yaml.read_yaml import Document, Path
from manualsmith.text import LANGUAGES, marked, speaking, t

# where two find the same, the first one names it
_RULES: tuple[Rule, ...] = (*secrets.RULES, *phones.RULES, *numbers.RULES, *places.RULES)

# What is written in its place, in the records' language and not the reader's.
_MASKED = {
    "private-key": marked("[private key]"),
    "token": marked("[token]"),
    "app-password": marked("[app password]"),
    "password": marked("[password]"),
    "cookie": marked("[cookie]"),
    "e-mail": marked("[e-mail]"),
    "line-id": marked("[LINE id]"),
    "national-id": marked("[national id]"),
    "resident-id": marked("[resident id]"),
    "passport": marked("[passport number]"),
    "company-number": marked("[company number]"),
    "bank-account": marked("[bank account]"),
    "phone": marked("[phone]"),
    "card": marked("[card]"),
    "street-address": marked("[street address]"),
    "user-name": marked("[user name]"),
    "address": marked("[internal address]"),
}


def find_personal(text: str) -> list[Personal]:
    """Return what in *text* looks like a secret or personal data, in the order of the text.

    Full-width letters, as Chinese input writes them, are what they look like; characters without
    a width are not there. What was put in the place of a find is none.
    """
    seen = as_read(_without_masks(text))
    small = seen.text.lower()
    rules = (rule.look for rule in _RULES if rule.concerns(small))
    found = chain.from_iterable(look(seen.text) for look in rules)
    told: list[Personal] = []
    for find in sorted(map(seen.typed, found), key=lambda find: (find.start, -find.end)):
        if not told or find.end > told[-1].end:
            told.append(find)
    return told


def _without_masks(text: str) -> str:
    """Return *text* with a line's end for each character of a mask: its words name no number."""
    if "[" not in text and "［" not in text:
        return text
    for mask in _masks():
        text = text.replace(mask, "\n" * len(mask))
    return text


@cache
def _masks() -> tuple[str, ...]:
    """Return what may stand in the place of a find, in each language."""
    masks = []
    for language in LANGUAGES:
        with speaking(language):
            masks += [t(mask) for mask in _MASKED.values()]
    return tuple(masks)


def masked(text: str, allow: Sequence[str] = ()) -> str:
    """Return *text* with what looks like a secret or personal data replaced by what it was.

    What is left has none: masking it again changes nothing.
    """
    while finds := list(unallowed(text, allow)):
        text = _replaced(text, finds)
    return text


def _replaced(text: str, finds: Sequence[Personal]) -> str:
    parts, at = [], 0
    for find in finds:
        if find.start >= at:
            with writing():
                parts += [text[at : find.start], t(_MASKED[find.kind])]
        at = max(at, find.end)
    return "".join([*parts, text[at:]])


def unallowed(text: str, allow: Sequence[str]) -> Iterator[Personal]:
    """Yield what `find_personal` tells of *text*, but for what the settings allow."""
    for find in find_personal(text):
        if not is_allowed(find, text[find.start : find.end], allow):
            yield find


def is_allowed(find: Personal, value: str, allow: Sequence[str]) -> bool:
    """Tell whether what was found may stand there. A phone number may, with any extension."""
    return value in allow or (
        find.kind == "phone" and any(one and value.startswith(one) for one in allow)
    )


def refuse_personal(text: str, allow: Sequence[str] = ()) -> None:
    """Raise UserError where a text that somebody typed holds a secret or personal data."""
    problems = [
        Problem(
            t("{kind}: {excerpt}", kind=kind_name(find.kind), excerpt=find.excerpt),
            hint=t("leave it out; what may stand there is listed in the setting allow_personal"),
        )
        for find in unallowed(text, allow)
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
        if not is_allowed(find, value, allow)
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
        "cookie": t("a cookie"),
        "e-mail": t("an e-mail address"),
        "line-id": t("a LINE id"),
        "national-id": t("a national id number"),
        "resident-id": t("a resident's id number"),
        "passport": t("a passport number"),
        "company-number": t("a company's number"),
        "bank-account": t("a bank account"),
        "phone": t("a phone number"),
        "card": t("a card number"),
        "street-address": t("a street address"),
        "user-name": t("a user's name in a path"),
        "address": t("an internal network address"),
    }
    return names[kind]
