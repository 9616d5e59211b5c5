"""Pages as other builders have them: their front matter, their components, their Markdown."""

import json

import pytest

from desks import ms
from gitrepo import commit, git, make_repo
from manuals import confirmation

LAYOUT = """\
[tool.manualsmith]
markdown = "commonmark"
[tool.manualsmith.manuals.guide]
folder = "docs"
kind = "operation"
product = "nextcloud"
"""
DOCUSAURUS = """---
id: sign-in
sidebar_position: 2
tags: [account, {label: 登入, permalink: /in}]
environment: {software: {client.version: "3.13"}}
---

import Tabs from '@theme/Tabs';
import Shared from './_shared.mdx';

# 登入

用戶端 3.13 的畫面。

<Tabs>
<TabItem value="mac">

## 在 Mac 上 {#on-mac}

1. 打開用戶端。
2. 按「登入」。

</TabItem>
</Tabs>

:::tip[注意]
先開機。
:::

<Shared />
"""
VITEPRESS = """---
title: 登入
outline: [2, 3]
head:
  - [meta, {name: description, content: x}]
environment: {software: {client.version: "3.13"}}
---
# 登入

用戶端 3.13 的畫面。

<script setup>
import { ref } from 'vue'
const a = ref(1)
</script>

## 在 Mac 上 {#on-mac}

::: code-group
```sh [npm]
npm i
```
:::

1. 打開用戶端。
2. 按「登入」。
"""
HUGO = """---
title: 登入
weight: 20
date: 2026-11-20T10:00:00+08:00
aliases: [/in/]
environment:
  software:
    client.version: "3.13"
---

用戶端 3.13 的畫面。

{{< tabs >}}
{{% tab "Mac" %}}

## 在 Mac 上

1. 打開用戶端。
2. 按「登入」。
{{% /tab %}}
{{< /tabs >}}
"""
JEKYLL = HUGO.replace("{{< tabs >}}", "{% include note.html %}").replace("weight", "layout")
PAGES = {
    "Docusaurus": ("docs/in/sign-in.mdx", DOCUSAURUS),
    "VitePress": ("docs/in/sign-in.md", VITEPRESS),
    "Hugo": ("docs/in/sign-in.md", HUGO),
    "Jekyll": ("docs/in/sign-in.md", JEKYLL),
}


def begun(tmp_path, files, *findings, facts=""):
    record = {
        "records/confirmations/ENV-2026-0001.yaml": confirmation(findings=findings, facts=facts)
    }
    repo = make_repo(tmp_path, {"pyproject.toml": LAYOUT, **files, **record})
    git(repo, "config", "manualsmith.staff", "S-0412")
    return repo


def finding(page, edit, number=1):
    return (
        f"- id: {number}\n    summary: 改\n    manual: guide\n    page: {page}\n"
        f"    reason: 不同\n    edit: {edit}\n"
    )


@pytest.mark.parametrize("builder", PAGES)
def test_facts_and_edits_work_and_nothing_else_changes(builder, tmp_path, capsys):
    path, text = PAGES[builder]
    page = path.removeprefix("docs/")
    step = "{action: replace-step, section: [在 Mac 上], step: 2, text: 按「允許存取」。}"
    fact = '- {fact: client.version, documented: "3.13", observed: "3.16"}'
    repo = begun(tmp_path, {path: text}, finding(page, step), facts=fact)
    ms(repo, "audit", "--json")
    kinds = {one["kind"] for one in json.loads(capsys.readouterr().out)}
    assert not kinds & {"invalid", "page"}
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().out
    assert ms(repo, "review", "accept", "--all") == 0, capsys.readouterr().err
    made = (repo / path).read_text("utf-8")
    assert made == text.replace("3.13", "3.16").replace("按「登入」", "按「允許存取」")
    assert ms(repo, "verify", "--range", "main~2..main") == 0


@pytest.mark.parametrize("builder", PAGES)
def test_words_of_a_component_are_not_lost(builder, tmp_path, capsys):
    """An edit beside them leaves them as they are; one across them is refused."""
    path, text = PAGES[builder]
    page = path.removeprefix("docs/")
    edits = ["{action: delete-section, section: [在 Mac 上]}",
             "{action: append-to-section, section: [在 Mac 上], text: 多一段。}"]  # fmt: skip
    findings = [finding(page, edit, n) for n, edit in enumerate(edits, start=1)]
    repo = begun(tmp_path, {path: text}, *findings)
    ms(repo, "suggest", "--all")
    for ref in git(repo, "for-each-ref", "--format=%(refname)", "refs/heads/suggest").split():
        made = git(repo, "show", f"{ref}:{path}")
        for word in ("<Tabs>", "</Tabs>", "{{< tabs >}}", "{{< /tabs >}}", "<Shared />", "<script"):
            assert made.count(word) == text.count(word)


def test_toml_front_matter_is_left_as_it_is(tmp_path, capsys):
    text = "+++\ntitle = '登入'\n+++\n\n字。\n"
    edit = "{action: set-front-matter, key: [order], value: '3'}"
    repo = begun(tmp_path, {"docs/a.md": text}, finding("a.md", edit))
    assert ms(repo, "suggest", "--all") == 1
    assert "TOML (+++)" in capsys.readouterr().out


INCLUDES = {
    '--8<-- "shared/a.md"': "shared/a.md",
    ';--8<-- "shared/a.md"': None,
    '{% include-markdown "../shared/a.md" %}': "shared/a.md",
    "{% include 'shared/a.md' %}": "shared/a.md",
    "{!shared/a.md!}": "shared/a.md",
    "import A from '../shared/a.md'": "shared/a.md",
    '--8<-- "../../etc/passwd"': None,
}


@pytest.mark.parametrize("line", INCLUDES)
def test_words_that_a_page_takes_in_are_named_with_their_file(line, tmp_path, capsys):
    files = {"docs/a.md": f"# 頁\n\n{line}\n", "shared/a.md": "一段共用的文字。\n"}
    edit = "{action: replace-text, quote: 共用的文字, text: 別的}"
    repo = begun(tmp_path, files, finding("a.md", edit))
    assert ms(repo, "suggest", "--all") == 1
    told = capsys.readouterr().out
    named = "the page takes that from shared/a.md: make the edit there"
    assert (named in told) == (INCLUDES[line] is not None)
    commit(repo, {})


def test_commonmark_is_read_as_commonmark(tmp_path, capsys):
    """A list by two blanks is one inside the step to these builders, and to MkDocs none."""
    text = "# 頁\n\n## 步驟\n\n1. 一\n   - 內\n2. 二\n"
    edit = "{action: replace-step, section: [步驟], step: 2, text: 別的}"
    repo = begun(tmp_path, {"docs/a.md": text}, finding("a.md", edit))
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().out
    assert ms(repo, "review", "accept", "--all") == 0
    assert (repo / "docs/a.md").read_text("utf-8") == text.replace("二", "別的")


def test_no_heading_gets_an_id_that_nobody_asked_for(tmp_path, capsys):
    text = "# P\n\n## T\n\n<Btn a={() => go()}>\n\nx\n\n</Btn>\n\n## U\n\ny\n"
    repo = begun(
        tmp_path, {"docs/a.md": text}, finding("a.md", "{action: delete-section, section: [U]}")
    )
    assert ms(repo, "suggest", "--all") == 0, capsys.readouterr().out
    assert ms(repo, "review", "accept", "--all") == 0
    assert (repo / "docs/a.md").read_text("utf-8") == text[: text.index("\n## U")]
