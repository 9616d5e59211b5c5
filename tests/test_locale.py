"""The catalogue has every message in Taiwan's words, and what ships is what it says."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parent.parent / "tools" / "manualsmith"
FOLDER = PACKAGE / "locale" / "zh_TW" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue():
    return read_po(io.BytesIO((FOLDER / "manualsmith.po").read_bytes()), locale="zh_TW")


def test_every_message_is_translated(catalogue):
    used = {found[2] for found in extract_from_dir(str(PACKAGE), keywords={"t": None})}
    translated = {message.id for message in catalogue if message.id and message.string}
    assert sorted(used - translated) == [], "run: make messages"
    assert sorted(translated - used) == [], "run: make messages"


def test_translations_keep_the_fields(catalogue):
    for message in catalogue:
        if message.id:
            assert set(re.findall(r"\{\w*\}", message.string)) == set(
                re.findall(r"\{\w*\}", message.id)
            ), message.id


def test_what_ships_is_current(catalogue):
    shipped = read_mo(io.BytesIO((FOLDER / "manualsmith.mo").read_bytes()))
    assert {m.id: m.string for m in shipped if m.id} == {
        m.id: m.string for m in catalogue if m.id
    }, "run: make messages"
