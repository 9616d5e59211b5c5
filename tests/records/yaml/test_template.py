"""The template and the schema that editors check it by."""

import json
import re

import pytest

from manualsmith.errors import UserError
from manualsmith.records.models.confirmation import parse_confirmation
from manualsmith.records.models.json_schema import confirmation_schema
from manualsmith.records.privacy import check_personal
from manualsmith.records.yaml.read_yaml import load
from manualsmith.records.yaml.template import confirmation_template
from manualsmith.text import speaking

with speaking("zh_TW"):
    TEXT = confirmation_template("ENV-2026-0007", "2026-11-20", "nextcloud", "S-0412")
with speaking("en"):
    ENGLISH = confirmation_template("ENV-2026-0007", "2026-11-20", "nextcloud", "S-0412")
EXAMPLE = re.compile(r"^( *)# ( *(?:- |[a-z]+:(?: |$)).*)$", re.MULTILINE)


def test_the_one_thing_missing_is_what_was_reported():
    with pytest.raises(UserError) as refused:
        parse_confirmation(TEXT.encode(), "f")
    assert [p.message.split()[0] for p in refused.value.problems] == ["reported"]


def test_it_validates_when_that_is_filled():
    read = parse_confirmation(TEXT.replace("reported:", "reported: 無法登入").encode(), "f")
    assert (read.id, str(read.date), read.product, read.staff) == (
        "ENV-2026-0007", "2026-11-20", "nextcloud", "S-0412",
    )  # fmt: skip
    assert read.findings == read.confirmed == read.environment.software == ()


@pytest.mark.parametrize("template", [TEXT, ENGLISH])
def test_its_examples_validate_when_they_are_used(template):
    head, body = template.split("\nenvironment:", 1)
    used = EXAMPLE.sub(r"\1\2", body)
    text = head.replace("reported:", "reported: x") + "\nenvironment:" + used
    read = parse_confirmation(text.encode(), "f")
    assert all(facts for _, facts in read.environment)
    assert [finding.edit.action for finding in read.findings] == ["replace-step", "add-entry"]
    assert len(read.confirmed) == 1
    assert check_personal(load(text, "f")) == ()


def test_staff_and_product_may_be_anything():
    text = confirmation_template("ENV-2026-0007", "2026-11-20", "a: b", None)
    read = parse_confirmation(text.replace("reported:", "reported: x").encode(), "f")
    assert (read.product, read.staff) == ("a: b", None)


def test_it_points_editors_at_the_schema():
    first = TEXT.splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema/confirmation.json"


def test_schema():
    schema = confirmation_schema()
    assert schema["title"] == "系統環境確認書（O1.1.1）"
    assert set(schema["required"]) == {"schema", "id", "date", "product", "reported", "environment"}
    observed = schema["$defs"]["Fact"]["properties"]["observed"]
    assert "number" in observed["type"]
    assert observed["description"] == "實際看到的值"
    assert schema["properties"]["id"]["examples"] == ["ENV-2026-0007"]
    assert schema["additionalProperties"] is False
    assert {"type": "null"} in schema["properties"]["environment"]["anyOf"]
    assert "ReplaceFact" not in schema["$defs"]
    assert re.fullmatch(schema["properties"]["id"]["pattern"][1:-1], "ENV-2026-0007-kqzwt")


def test_the_schema_is_plain_json_and_its_references_lead_somewhere():
    schema = confirmation_schema()
    references = re.findall(r"#/\$defs/(\w+)", json.dumps(schema))
    assert set(references) == set(schema["$defs"])


def test_the_two_languages_ask_for_the_same():
    bare = [
        [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        for text in (TEXT, ENGLISH)
    ]
    assert bare[0] == bare[1]
    assert ENGLISH != TEXT
