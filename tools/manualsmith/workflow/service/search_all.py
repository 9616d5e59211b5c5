"""Search manuals, incidents, requests, confirmations and decisions together.

A question is read by the vocabulary of the readers' search, the team's own words with it. A
passage counts more the rarer the words it shares with the question (BM25), the more of the question
it holds, and where its title holds them. What earlier incidents resolved with an entry speaks for
that entry: users do not call things what manuals call them.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import log
from typing import Any, Literal

from manualsmith import __version__
from manualsmith.cache.database import DatabaseLayout
from manualsmith.cache.following import STATE, Followed, Following, manual_pages
from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.layout import (
    MANUALS,
    RECORDS,
    confirmations_folder,
    first_manual,
    is_page,
    page_of,
    suggestions_folder,
)
from manualsmith.markdown.rendered.plain_words import plain_words
from manualsmith.records.models.suggestion import LIMITS
from manualsmith.records.yaml.read_yaml import read
from manualsmith.text import t
from manualsmith.words.folding import HAN, canonical, folded, is_han, tokens_of, words_of
from manualsmith.words.question import Unit, read_question
from manualsmith.words.vocabulary import Vocabulary
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.site_vocabulary import vocabulary_at

Kind = Literal["entry", "section", "incident", "request", "confirmation", "decision"]
# an answer before what was once asked
_OF_KIND: Mapping[Kind, float] = {
    "entry": 1.3,
    "section": 1.1,
    "incident": 1.0,
    "request": 0.8,
    "confirmation": 0.8,
    "decision": 0.8,
}
KINDS: tuple[Kind, ...] = tuple(_OF_KIND)
WAIT_SECONDS = 30.0
_SCHEMA = 7
_TABLES = {
    **STATE,
    "passage": "CREATE TABLE passage (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, title TEXT,"
    " body TEXT, of TEXT)",
    # key: a passage's path, and its name
    "key": "CREATE TABLE key (key TEXT, id INTEGER, PRIMARY KEY (key, id)) WITHOUT ROWID",
    "words": "CREATE VIRTUAL TABLE words USING fts5 (title, body, single, detail='column',"
    " tokenize='unicode61 remove_diacritics 2')",
}
_CHARACTER = re.compile(rf"[{HAN}]")
_TELLS_NOTHING = (
    "的一是不了在有我你您他它這那個上下來去到說要會能可就都也和與或但被把讓給從裡面後前時又再"
    "還只很太多少沒無按請用為以於其中出入開始了著過得地嗎呢吧啊"
)
_MARKS = re.compile(r"\*\*|`|\]\([^()\s]*\)|\[|^[ \t]*(?:!!!|===|</details>).*$", re.MULTILINE)
_MOST = 60
# a word in a title counts four times
_BEST = (
    "SELECT kind, name, passage.title, passage.body, of, found.score FROM"
    " (SELECT words.rowid, -bm25(words, 4.0, 1.0, 0.5) AS score FROM words"
    " JOIN passage ON passage.id = words.rowid WHERE words MATCH ? AND kind IN ({kinds})"
    " ORDER BY score DESC LIMIT ?) AS found JOIN passage ON passage.id = found.rowid"
)
_SPEAKS = 0.6
# of one character against two, of a word in the body against one in the title, and how much the
# number of times that a word stands there counts
_SINGLE, _IN_BODY, _TERMS = 0.5, 0.7, 0.3
_EXCERPT = 60


@dataclass(frozen=True)
class Passage:
    """What can be found: a section or entry of a manual, or a record.

    name: ``troubleshooting/sign-in.md#標題``, or the record's id. of: the name of the entry that
    a record was resolved with, where there is one.
    """

    kind: Kind
    name: str
    title: str
    body: str
    of: str = ""


@dataclass(frozen=True)
class Found:
    """A passage with how well it answers, and the words around the first match."""

    passage: Passage
    score: float
    excerpt: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        return {
            "kind": self.passage.kind,
            "name": self.passage.name,
            "title": self.passage.title,
            "excerpt": self.excerpt,
            "score": round(self.score, 3),
        }


def _singles(text: str) -> set[str]:
    """Return the Chinese characters of a text that say something by themselves."""
    return set(_CHARACTER.findall(folded(text))) - set(folded(_TELLS_NOTHING))


def find(
    workspace: Workspace, question: str, *, kinds: Sequence[Kind] = KINDS, most: int = 10
) -> list[Found]:
    """Return the passages that answer *question*, the best first."""
    vocabulary = vocabulary_at(workspace.repository, workspace.main.tip)
    units = read_question(question, vocabulary) or read_question(question, Vocabulary())
    if not units:
        return []
    index = _index(workspace)
    try:
        hits = _hits(index, units, _groups(kinds))
        spoken = list(_with_what_speaks_for_them(index, hits))
    finally:
        index.close()
    ranked = sorted(spoken, key=lambda hit: (-hit.score, hit.passage.name))
    wanted = {hit.passage.name: hit for hit in reversed(ranked) if hit.passage.kind in kinds}
    asked = list(dict.fromkeys(part for unit in units for term in unit for part in term.split()))
    return [_excerpted(hit, asked) for hit in list(reversed(wanted.values()))[:most]]


def _groups(kinds: Sequence[Kind]) -> list[Sequence[Kind]]:
    """Return the kinds to look through, each group by itself: many of one hide none of another.

    What was resolved speaks for entries, also where nobody asks for it.
    """
    speaking: tuple[Kind, ...] = ("incident",)
    return [kinds] if "entry" not in kinds or "incident" in kinds else [kinds, speaking]


def _hits(index: Following, units: Sequence[Unit], groups: Sequence[Sequence[str]]) -> list[Found]:
    rows: list[Any] = []
    asked = [_either(unit) for unit in units]
    singles = sorted(_singles("".join(term for unit in units for term in unit)))
    for kinds in groups:
        found = _rows(index, " OR ".join(filter(None, asked)), kinds)
        if len(found) < _MOST and singles:
            known = {values[1] for values in found}
            more = _rows(index, _all_of("single", singles, " OR "), kinds)
            found += [values for values in more if values[1] not in known]
        rows += found
    weighed = _weighed(index, [*units, *({char: _SINGLE} for char in singles)])
    return [
        Found(passage, score**_TERMS * _coverage(passage, weighed) * _OF_KIND[passage.kind], "")
        for *values, score in rows
        for passage in (Passage(*values),)
    ]


def _rows(index: Following, query: str, kinds: Sequence[str]) -> list[Any]:
    if not query:
        return []
    return index.rows(_BEST.format(kinds=",".join("?" * len(kinds))), (query, *kinds, _MOST))


def _either(unit: Unit) -> str:
    """Return the query for what holds any term of a unit, all the pairs of it."""
    return " OR ".join(map(_whole, unit))


def _whole(term: str) -> str:
    if _CHARACTER.fullmatch(term):
        return _all_of("single", [term])
    return _all_of("title body", words_of(term))


def _all_of(columns: str, words: Sequence[str], joined: str = " AND ") -> str:
    query = joined.join(f'"{word}"' for word in words)
    return f"({{{columns}}} : ({query}))"


def _weighed(index: Following, units: Sequence[Unit]) -> list[tuple[Unit, float]]:
    """Return the units, each with how much it tells: the rarer, the more."""
    [(count,)] = index.rows("SELECT count(*) FROM passage")
    query = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT 5000)"
    weighed = []
    for unit in units:
        [(holding,)] = index.rows(query, (_either(unit),))
        weighed.append((unit, log(1 + count / (1 + holding))))
    return weighed


def _coverage(passage: Passage, weighed: Sequence[tuple[Unit, float]]) -> float:
    """Return how much of the question a passage holds, from 0 to 1; its title counts more."""
    title, body = canonical(passage.title), canonical(passage.body)
    held = whole = 0.0
    for unit, weight in weighed:
        whole += weight * max(unit.values())
        held += weight * max(
            share * (1 if _holds(title, term) else _IN_BODY if _holds(body, term) else 0)
            for term, share in unit.items()
        )
    return held / (whole or 1)


def _holds(text: str, term: str) -> bool:
    """Return whether a text has all parts of a term, both in the form of `canonical`."""
    return term in text or (" " in term and all(part in text for part in _parts(term)))


def _parts(term: str) -> Iterator[str]:
    return (one if is_han(one) else f" {one} " for one in tokens_of(term))


def _with_what_speaks_for_them(index: Following, hits: Sequence[Found]) -> Iterator[Found]:
    """Yield the hits, an entry with what the incidents that it resolved add to it."""
    speaks: dict[str, float] = {}
    for hit in hits:
        if hit.passage.of:
            name = hit.passage.of
            speaks[name] = max(speaks.get(name, 0.0), hit.score * _SPEAKS)
    for hit in hits:
        yield replace(hit, score=hit.score + speaks.pop(hit.passage.name, 0.0))
    for name, score in speaks.items():
        query = "SELECT kind, name, title, body, of FROM key JOIN passage USING (id) WHERE key = ?"
        for row in index.rows(query, (name,))[:1]:
            yield Found(Passage(*row), score, "")


def _excerpted(hit: Found, asked: Sequence[str]) -> Found:
    """Return a hit with the words around where the body holds most of the question."""
    text = plain_words(hit.passage.body)
    plain = folded(text)
    places = [at for word in asked if (at := plain.find(word)) >= 0]
    if not places or len(plain) != len(text):
        return replace(hit, excerpt=text[:_EXCERPT] + ("…" if len(text) > _EXCERPT else ""))
    best = max(places, key=lambda at: sum(at <= other < at + _EXCERPT for other in places))
    start = max(0, best - _EXCERPT // 4)
    end = start + _EXCERPT
    return replace(
        hit,
        excerpt=("…" if start else "") + text[start:end] + ("…" if end < len(text) else ""),
    )


def _index(workspace: Workspace) -> Following:
    """Return the index of the manuals and the records, in step with the main of each."""
    records = records_of(workspace)
    tables = DatabaseLayout(_TABLES, (_SCHEMA, __version__), wait_seconds=WAIT_SECONDS)
    file = workspace.repository.common_dir / "manualsmith" / "find.sqlite"
    folders = [manual.suggestions for manual in MANUALS.values()]
    folders += [kind.folder for kind in RECORDS.values()]
    with BlobReader(workspace.repository) as reader, BlobReader(records.repository) as other:
        followed = [manual_pages(workspace.repository, reader, workspace.main.tip)]
        if records.repository == workspace.repository:
            one = Followed(workspace.repository, reader, workspace.main.tip, folders, ".yaml")
            followed.append(one)
        else:
            followed += [
                Followed(workspace.repository, reader, workspace.main.tip, folders, ".yaml"),
                Followed(records.repository, other, records.main.tip, folders, ".yaml"),
            ]
        return Following(file, tables, followed, _Passages())


class _Passages:
    """What the index does with files that changed."""

    def forget(self, connection: sqlite3.Connection, source: str, paths: Sequence[str]) -> None:
        """Take out what files held."""
        paths = [f"{source}:{path}" for path in paths]
        places = ",".join("?" * len(paths))
        query = f"SELECT id FROM key WHERE key IN ({places})"  # noqa: S608 - question marks
        gone = connection.execute(query, paths).fetchall()
        connection.executemany("DELETE FROM words WHERE rowid = ?", gone)
        names = [
            (*name, *number)
            for number in gone
            for name in connection.execute("SELECT name FROM passage WHERE id = ?", number)
        ]
        connection.executemany("DELETE FROM key WHERE key = ? AND id = ?", names)
        connection.executemany("DELETE FROM passage WHERE id = ?", gone)
        connection.execute(f"DELETE FROM key WHERE key IN ({places})", paths)  # noqa: S608

    def add(self, connection: sqlite3.Connection, source: str, path: str, data: bytes) -> None:
        """Put in what a file holds; one that is no UTF-8 text holds nothing that can be found."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return
        for one in passages(path, text):
            row = connection.execute(
                "INSERT INTO passage (kind, name, title, body, of) VALUES (?, ?, ?, ?, ?)",
                (one.kind, one.name, one.title, one.body, one.of),
            )
            keys = [(key, row.lastrowid) for key in (f"{source}:{path}", one.name)]
            connection.executemany("INSERT INTO key VALUES (?, ?)", keys)
            whole = f"{one.title}\n{one.body}"
            parts = (words_of(one.title), words_of(one.body), sorted(_singles(whole)))
            connection.execute(
                "INSERT INTO words (rowid, title, body, single) VALUES (?, ?, ?, ?)",
                (row.lastrowid, *map(" ".join, parts)),
            )


def passages(path: str, text: str) -> Iterator[Passage]:
    """Yield what can be found in a file; a record that cannot be read holds nothing."""
    if is_page(path):
        yield from _of_page(path, text)
        return
    with suppress(UserError, AttributeError, TypeError, LookupError):
        values = read(text, path, LIMITS).value
        if path.startswith(f"{suggestions_folder()}/"):
            yield _of_decision(values)
        elif path.startswith(f"{confirmations_folder()}/"):
            yield _of_confirmation(values)
        else:
            yield _of_record(values)


def _of_page(path: str, text: str) -> Iterator[Passage]:
    from manualsmith.markdown.dialect import DEFAULT
    from manualsmith.markdown.entries.entry_places import pieces
    from manualsmith.markdown.reading.front_matter import BadFrontMatter, list_entries
    from manualsmith.markdown.reading.page import Page

    named = page_of(path)
    if named is None:
        return
    manual, name = named
    page = Page(text, DEFAULT.for_manual(manual))
    titles = [section.title for section in page.sections if section.level == 1]
    try:
        keywords = " ".join(entry.value for entry in list_entries(text, "keywords"))
    except BadFrontMatter:
        keywords = ""
    tops = [section.line for section in page.sections if section.level == 1]
    for section, is_entry, body in pieces(page):
        is_top = section.line in tops
        body = f"{keywords}\n{body}" if is_top else body
        if body.strip():
            above = "" if is_top else " ".join(titles)
            whole = f"{_MARKS.sub('', body).strip()}\n{above}".strip()
            kind: Kind = "entry" if is_entry else "section"
            yield Passage(kind, f"{manual.name}/{name}#{section.title}", section.title, whole)


def _joined(values: Iterable[object]) -> str:
    return "\n".join(str(value) for value in values if value)


def _of_record(values: dict[str, Any]) -> Passage:
    kind: Kind = "incident" if values["id"].startswith("INC") else "request"
    if values["id"].startswith("WLK"):
        told = [step.get(key) for step in values["steps"] for key in ("seen", "before", "note")]
        return Passage("confirmation", values["id"], str(values["page"]), _joined(told))
    entry = values.get("entry")
    of = ""
    if entry:
        manual = entry.get("manual") or first_manual("troubleshooting").name
        of = f"{manual}/{entry['page']}#{entry['section'][-1]}"
    notes = [move.get("note") for move in values.get("log", ())]
    told = [values.get("detail"), values.get("cause"), *values.get("resolution", ())]
    body = _joined([*told, values.get("explained"), *notes])
    return Passage(kind, values["id"], str(values["symptom"]), body, of)


def _of_confirmation(values: dict[str, Any]) -> Passage:
    findings = [one[key] for one in values.get("findings") or () for key in ("summary", "reason")]
    return Passage("confirmation", values["id"], str(values["reported"]), _joined(findings))


def _of_decision(values: dict[str, Any]) -> Passage:
    decision = values.get("decision") or {}
    body = _joined([values["reason"], decision.get("reason")])
    return Passage("decision", values["id"], str(values["summary"]), body)


def kind_name(kind: str) -> str:
    """Return a kind of passage as people say it."""
    return {
        "entry": t("entry"),
        "section": t("manual"),
        "incident": t("incident"),
        "request": t("request"),
        "confirmation": t("confirmation"),
        "decision": t("decision"),
    }[kind]
