"""A fact is typed as people call it: known ones are found, a new one gets its name by itself."""

import re

import pytest

from desks import ms, said
from gitrepo import commit, make_repo, show
from manuals import confirmation
from manualsmith.naming import fact_name_of, is_fact_name
from rooms import alone, make_rooms, post

LABELS = """[tool.manualsmith.facts]
"client.version" = { zh-TW = "用戶端版本", en = "Client version" }
"""


@pytest.fixture
def repo(tmp_path):
    made = make_rooms(tmp_path)
    commit(made, {"pyproject.toml": LABELS})
    return made


def handed_in(asks, *rows: dict[str, str]):
    """Begin a confirmation, type these rows of its environment, and hand it in."""
    draft = post(asks, "/confirmations", product="nextcloud").headers["location"]
    typed = {"reported": "看不到", "facts": str(len(rows))}
    for number, row in enumerate(rows):
        own = {"own": "1", **row}
        typed |= {f"facts-{number}-{name}": value for name, value in own.items()}
    return post(asks, f"{draft}/hand-in", **typed)


def written(repo, answer) -> str:
    assert answer.status_code == 303, re.findall(r"<li>.*?</li>", answer.text)
    name = re.search(r"/records/(ENV-[\d-]+)", answer.headers["location"])[1]
    return show(repo, f"main:records/confirmations/{name}.yaml").decode()


@pytest.mark.parametrize(
    "typed", ["用戶端版本", "用戶端　版本", "client version", "client.version"]
)
def test_a_known_label_is_the_fact(repo, typed):
    text = written(repo, handed_in(alone(repo), {"fact": typed, "observed": "3.13"}))
    assert re.search(r"software:\n\s+- fact: client\.version\n\s+observed", text)
    assert "label:" not in text


def test_a_new_label_asks_for_its_category_and_is_kept(repo):
    asks = alone(repo)
    refused = handed_in(asks, {"fact": "ChromeOS 版本", "observed": "15.1"})
    assert refused.status_code == 422
    assert "請選擇「ChromeOS 版本」的類別" in refused.text
    assert "macOS 版本" in refused.text  # the nearest ones
    row = {"fact": "ChromeOS 版本", "category": "software", "observed": "15.1"}
    text = written(repo, handed_in(asks, row))
    name = fact_name_of("ChromeOS 版本")
    assert f"- fact: {name}\n" in text
    assert "label: ChromeOS 版本\n" in text
    page = asks.get("/records/" + re.search(r"ENV-[\d-]+", text)[0]).text
    assert "ChromeOS 版本" in page
    assert name not in re.sub(r"<[^>]+>", " ", page)
    known = asks.get("/offers/facts", params={"q": "ｃｈｒｏｍｅ"}).text
    assert 'data-put="ChromeOS 版本" data-category="software"' in known
    again = written(repo, handed_in(asks, {"fact": "ＣｈｒｏｍｅＯＳ版本", "observed": "15.2"}))
    assert f"- fact: {name}\n" in again
    assert "label: ChromeOS 版本\n" in again


def test_the_same_fact_twice_and_a_value_of_nothing_are_told(repo):
    asks = alone(repo)
    row = {"fact": "用戶端版本", "observed": "3.13"}
    assert "填了兩次" in handed_in(asks, row, {**row, "observed": "3.14"}).text
    assert "是什麼項目的值" in handed_in(asks, {"observed": "15"}).text


def test_a_name_is_made_of_the_label():
    assert fact_name_of("Kernel version") == "kernel-version"
    assert fact_name_of("macOS 版本") == fact_name_of("ＭacOS版本") != fact_name_of("macOS 語言")
    assert fact_name_of("臺北機房") == fact_name_of("台北機房")
    taken = {"kernel-version"}
    assert fact_name_of("Kernel version", taken).startswith("kernel-version-")
    for label in ("防毒軟體", "a.lock", "x" * 300, "-", "…", "é", "1", "版本 " * 80):
        assert is_fact_name(fact_name_of(label)), label
    names = [fact_name_of(f"項目{number}") for number in range(500)]
    assert len(set(names)) == 500


def test_the_command_prints_the_line_to_write(repo, capsys):
    found = said(capsys, repo, "confirm", "fact", "用戶端")["facts"]
    assert found[0]["fact"] == "client.version"
    assert ms(repo, "confirm", "fact", "client", "version") == 0
    assert "- {fact: client.version, observed: }" in capsys.readouterr().out
    assert ms(repo, "confirm", "fact", "ChromeOS", "版本", "--category", "software") == 0
    line = f"- {{fact: {fact_name_of('ChromeOS 版本')}, label: ChromeOS 版本, observed: }}"
    assert line in capsys.readouterr().out
    assert ms(repo, "confirm", "fact", "macOS", "版本") == 0  # which machines report
    assert "- {fact: macos.version, observed: }" in capsys.readouterr().out
    assert ms(repo, "confirm", "fact", "完全不同的") == 1
    assert "which category" in capsys.readouterr().err


def test_a_label_in_place_of_the_name_is_answered_with_it(repo, tmp_path, capsys):
    text = confirmation(9, facts='- {fact: 用戶端版本, observed: "3.16"}')
    file = repo / "records/confirmations/ENV-2026-0009.yaml"
    file.write_text(text, "utf-8")
    assert ms(repo, "confirm", "check", str(file)) == 1
    assert "the fact's name: client.version" in capsys.readouterr().err


def test_without_any_label_the_name_is_shown(tmp_path):
    repo = make_repo(tmp_path, {"manuals/operation/a.md": "# A\n"})
    asks = alone(repo)
    answer = handed_in(asks, {"fact": "player", "category": "software", "observed": "Safari"})
    page = asks.get(answer.headers["location"].partition("?")[0]).text
    assert "<p>player</p>" in page
