"""A suggestion's record: any text in it comes back as it was, and its bytes never vary."""

import pytest
import yaml  # which MkDocs brings
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from manualsmith.errors import UserError
from manualsmith.markdown.action_table import EDIT_ADAPTER
from manualsmith.records.models.suggestion import (
    ConfirmationRef,
    Decision,
    EditRecord,
    FactRecord,
    Mention,
    Suggestion,
    TextChange,
    dump_suggestion,
    parse_suggestion,
)
from manualsmith.records.yaml.read_yaml import load
from manualsmith.records.yaml.write_yaml import emit

BLOB = "1e" * 20
BASE = {
    "output": "O1.2.1",
    "indicators": ("P1.2.1",),
    "manual": "operation",
    "summary": "桌面版改用瀏覽器授權",
    "reason": "第一行\n第二行\n",
    "confirmation": ConfirmationRef(id="ENV-2026-0007", blob=BLOB),
    "base": "ab" * 20,
    "proposer": "S-0412",
}


def edit(**fields):
    return EDIT_ADAPTER.validate_python(fields)


def finding(**fields):
    changes = (TextChange(section=("登入",), line=7, before="1. 舊\n", after="1. 新 😀\n"),)
    step = edit(action="replace-step", section="登入", step=3, text="新 😀")
    edits = (EditRecord(page="sign-in.md", edit=step, blob=BLOB, result=BLOB, changes=changes),)
    values = {"id": "ENV-2026-0007-1", "kind": "finding", "finding": 1, "edits": edits}
    return Suggestion(**{**BASE, **values, **fields})


FINDING = f"""\
# 操作手冊建議修正紀錄 (O1.2.1)
schema: manualsmith/suggestion/v1
id: ENV-2026-0007-1
output: O1.2.1
indicators: [P1.2.1]
manual: operation
kind: finding
finding: 1
summary: 桌面版改用瀏覽器授權
reason: |
  第一行
  第二行
confirmation:
  id: ENV-2026-0007
  blob: "{BLOB}"
base: {"ab" * 20}
proposer: S-0412
edits:
  - page: sign-in.md
    edit:
      section: [登入]
      step: "3"
      action: replace-step
      text: "新 😀"
    blob: "{BLOB}"
    result: "{BLOB}"
    changes:
      - section: [登入]
        line: 7
        before: |
          1. 舊
        after: |
          1. 新 😀
"""


def test_a_record_as_a_person_reads_it():
    assert dump_suggestion(finding()).decode() == FINDING
    assert parse_suggestion(FINDING.encode(), "f") == finding()


def test_the_rest_of_a_record():
    fact = FactRecord(category="software", fact="server.version", documented="31", observed="3.10")
    replaced = edit(
        action="replace-fact",
        category="software",
        fact="server.version",
        documented="31",
        observed="3.10",
    )
    made = edit(action="add-page", title="新頁", text="---\n# 文\n", order=3)
    record = Suggestion(
        **BASE,
        id="ENV-2026-0007-operation-server.version",
        kind="fact",
        fact=fact,
        edits=(
            EditRecord(page="a.md", edit=replaced, blob=BLOB, result=BLOB),
            EditRecord(page="b.md", edit=made, result=BLOB),
        ),
        notes=("一", "二\n三"),
        mentions=(Mention(manual="operation", page="a.md", line=3, text="31"),),
        decision=Decision(state="rejected", by="S-0001", at="2026-11-20T09:30:00+08:00"),
    )
    assert parse_suggestion(dump_suggestion(record), "f") == record


ANY = st.text(st.characters(exclude_categories=["Cs"]))
HARD = st.sampled_from(
    ["", " ", "\n", "\r", "\t", "\n\n", " \n", "a\n", "a\n\n", "a \n b\n", "\ta\n", "a\r\nb",
     "#", "a\n#b",
     "- a\n", "---\n", "...", "~", "null", "yes", "1", "3.10", "a: b", "a #b", "'", '"',
     "\\", "\ufeff",
     "\x85", "\u2028", "😀\n", "\x00", "\x7f", "a\n\tb", "a\n   \nb", "{", "[", "%", "&",
     "*", "!", "a\x85\nb",
     "\u202e", "a\n" + "字" * 200]
)  # fmt: skip
TEXTS = st.one_of(ANY, HARD, st.lists(HARD).map("".join))


@given(TEXTS, TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_any_text_comes_back(before, after, reason, notes):
    change = TextChange(section=tuple(notes), line=1, before=before, after=after, prefix=reason)
    step = edit(action="replace-text", quote={"exact": before + "x"}, text=after)
    edits = (EditRecord(page="a.md", edit=step, result=BLOB, changes=(change,)),)
    record = finding(edits=edits, reason=reason, notes=tuple(notes))
    data = dump_suggestion(record)
    assert parse_suggestion(data, "f") == record
    assert dump_suggestion(parse_suggestion(data, "f")) == data


KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
PLAIN = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, PLAIN, min_size=1, max_size=3))
@pytest.mark.parametrize(
    "reader",
    [
        lambda text: yaml.load(text, Loader=yaml.SafeLoader),
        lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
        YAML(typ="safe", pure=True).load,
        YAML().load,
    ],
    ids=["PyYAML", "libyaml", "ruamel.yaml", "ruamel.yaml's round trip"],
)
def test_other_readers_see_the_same_texts(reader, value):
    text = emit(value)
    assert reader(text) == value
    assert load(text, "f").value == value


WRONG = {
    "another manual's output": ("output: O1.2.1", "output: O1.2.2", "not that of the manual"),
    "another finding's id": ("id: ENV-2026-0007-1", "id: ENV-2026-0007-2", "does not follow"),
    "another kind": ("kind: finding", "kind: fact", "does not follow"),
    "no id": ("base: ab", "base: zz", 'f:16:7: base is "zzabab'),
    "unknown field": ("proposer:", "proposed:", "f:17:1: there is no field proposed"),
    "page outside": ("page: sign-in.md", "page: ../a.md", "edits[1].page"),
    "action": ("replace-step", "replace-steps", "edits[1].edit.action"),
}


@pytest.mark.parametrize(("old", "new", "words"), WRONG.values(), ids=WRONG)
def test_wrong(old, new, words):
    with pytest.raises(UserError) as refused:
        parse_suggestion(FINDING.replace(old, new, 1).encode(), "f")
    assert any(words in str(problem) for problem in refused.value.problems)


def test_a_record_may_be_larger_than_a_confirmation():
    record = finding(notes=("字" * 1_000_000,))
    assert parse_suggestion(dump_suggestion(record), "f") == record
