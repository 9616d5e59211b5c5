"""A site's settings are read as MkDocs reads them."""

import pytest
from mkdocs.utils.yaml import yaml_load

from manualsmith.errors import UserError
from manualsmith.workflow.workspace.site_dialect import dialect_of

SETTINGS = {
    "a mapping": "markdown_extensions: {toc: {permalink: true, toc_depth: 010}}",
    "twice": "markdown_extensions: {tables: {}}\nmarkdown_extensions: {toc: {title: a}}",
    "by a name": "x: &x {title: a}\nmarkdown_extensions:\n  toc:\n    <<: *x\n    permalink: yes",
    "a function": "markdown_extensions:\n  toc:\n    slugify: !!python/name:os.path.join",
    "from the environment": "markdown_extensions: {toc: {title: !ENV TITLE}}",
    "a number from it": "markdown_extensions: {toc: {toc_depth: !ENV [NONE, DEPTH, 2]}}",
    "nothing from it": "markdown_extensions: {toc: {toc_depth: !ENV [NONE, 2], title: !ENV NONE}}",
}


@pytest.mark.parametrize("text", SETTINGS.values(), ids=SETTINGS)
def test_as_mkdocs_reads_them(text, monkeypatch):
    monkeypatch.setenv("TITLE", "目錄")
    monkeypatch.setenv("DEPTH", "3")
    dialect = dialect_of({"mkdocs.yml": text.encode()}.get, lambda: True)
    assert dialect.settings == yaml_load(text)["markdown_extensions"]


def test_what_cannot_be_read_is_told_with_its_place():
    with pytest.raises(UserError, match=r"mkdocs\.yml:2:4: the site's settings cannot be read"):
        dialect_of({"mkdocs.yml": b"a: 1\nb: !nothing c\n"}.get)


RUNS = [
    "toc: {{slugify: !!python/object/apply:os.system ['touch {mark}']}}",
    "toc: {{slugify: !!python/object/apply:pathlib.Path.touch "
    "[!!python/object/apply:pathlib.Path ['{mark}']]}}",
    "toc: {{slugify: !!python/object/new:subprocess.Popen [[touch, '{mark}']]}}",
    "toc: {{slugify: !!python/object/apply:mkdocs.utils.write_file [!!binary '', '{mark}']}}",
    "toc: {{slugify: !!python/name:os.system }}",
    "toc: {{slugify: !!python/module:antigravity }}",
    "toc: {{? !!python/object/apply:os.system ['touch {mark}'] : x}}",
    "'subprocess:Popen': {{args: [touch, '{mark}']}}",
    "'markdown.core:markdownFromFile': {{input: /dev/null, output: '{mark}'}}",
    "antigravity: {{}}",
    "os: {{}}",
]


@pytest.mark.parametrize("text", RUNS)
def test_nothing_that_a_repository_names_is_run(tmp_path, text):
    mark = tmp_path / "mark"
    data = f"markdown_extensions:\n  {text.format(mark=mark)}\n".encode()
    with pytest.raises(UserError, match=r"would run .*, which is not known") as told:
        dialect_of({"mkdocs.yml": data}.get)
    assert "manualsmith.trustCode" in told.value.problems[0].hint
    assert not mark.exists()


@pytest.mark.parametrize("text", RUNS[:4])
def test_what_is_beside_the_extensions_is_left_alone(tmp_path, text):
    mark = tmp_path / "mark"
    assert dialect_of({"mkdocs.yml": f"{text.format(mark=mark)}\n".encode()}.get).extensions
    assert not mark.exists()


KNOWN = [
    "toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}",
    "toc: {slugify: !!python/name:manualsmith.site.slugs.slugify }",
    "pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji }",
    "'markdown.extensions.tables:TableExtension': {}",
]


@pytest.mark.parametrize("text", KNOWN)
def test_what_sites_name_is_known(text):
    data = f"markdown_extensions:\n  {text}\n".encode()
    assert "<h1" in dialect_of({"mkdocs.yml": data}.get).html("# 甲")


def test_no_other_file_comes_onto_a_page(tmp_path):
    secret = tmp_path / "secret.md"
    secret.write_text("秘密", "utf-8")
    data = f"markdown_extensions:\n  pymdownx.snippets: {{base_path: ['{tmp_path}', /]}}\n".encode()
    for page in ("--8<-- 'secret.md'\n", f"--8<-- '{secret}'\n"):
        assert "秘密" in dialect_of({"mkdocs.yml": data}.get, lambda: True).html(page)
        assert "秘密" not in dialect_of({"mkdocs.yml": data}.get).html(page)
