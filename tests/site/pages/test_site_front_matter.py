"""A page whose front matter cannot be read is named by the build, by ``suggest`` and ``audit``."""

from pathlib import Path

import pytest

from gitrepo import commit, git, refs
from manuals import FACT, STEP, confirmation
from manualsmith.cli.group import run
from small_site import PAGES, Site, write_site

GOOD = """---
title: 登入
product: nextcloud
environment: {software: {client.version: "3.13"}}
---
# 登入

## 第一次登入

1. 打開用戶端 3.13。
2. 輸入帳號。
3. 按登入。
"""
# each by the place that is told of it
FAULTY = {
    "manuals/troubleshooting/sync.md:2:12": GOOD.replace("title: 登入", "title: 同步問題: 桌面版"),
    "manuals/operation/list.md:4:14": GOOD.replace('{software: {client.version: "3.13"}}', "[a]"),
    "manuals/operation/words.md:2:11": GOOD.replace("title: 登入", "keywords: {甲: 乙}"),
    "manuals/operation/related.md:2:10": GOOD.replace("title: 登入", "related: web-sign-in.md"),
    "manuals/operation/twice.md:5:1": GOOD.replace("---\n#", "title: 甲\n---\n#"),
    "manuals/operation/opened.md:1:1": GOOD.replace("---\n#", "#"),
    "manuals/operation/big5.md:2:8": GOOD.encode("cp950"),
    "manuals/operation/utf16.md": GOOD.encode("utf-16"),
}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = write_site(tmp_path / "repository", PAGES)
    git(made.root, "init", "-q", "-b", "main")
    record = confirmation(findings=(STEP,), facts=FACT)
    good = {
        "manuals/operation/sign-in.md": GOOD,
        "records/confirmations/ENV-2026-0001.yaml": record,
    }
    faulty = {place.partition(":")[0]: text for place, text in FAULTY.items()}
    commit(made.root, {**good, **faulty})
    return made


def test_the_build_names_each_and_fails_again_and_again(site: Site) -> None:
    for _ in range(2):
        done = site.build()
        assert done.returncode != 0
        for place in FAULTY:
            assert f"{place}: " in done.stderr
    plain = site.build("--no-strict")
    assert plain.returncode == 0, plain.stderr
    assert "第一次登入" in site.html("manuals/operation/sign-in")
    assert not (site.out / "manuals/operation/big5").exists()


def test_suggest_and_audit_name_each_until_it_is_mended(site: Site, capsys) -> None:
    for command in (("suggest", "--all"), ("suggest", "--all"), ("audit", "--strict")):
        assert run(["-C", str(site.root), *command]) == 1
        out, err = capsys.readouterr()
        for place in FAULTY:
            assert f"{place}: " in " ".join((out + err).split()), command
    assert sum("/suggest/" in ref for ref in refs(site.root)) == 2  # the rest was done
    commit(site.root, {place.partition(":")[0]: None for place in FAULTY})
    assert run(["-C", str(site.root), "suggest", "--all"]) == 0
    assert run(["-C", str(site.root), "suggest", "--all"]) == 0
