"""A product's words, from each kind of catalogue: its keys, and what the screens say."""

import json
from pathlib import Path

import pytest

from manualsmith.catalogues.locale_paths import component_in
from manualsmith.catalogues.read_catalogue import LabelKey, read_catalogue
from manualsmith.errors import UserError

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

msgctxt "menu"
msgid "Security"
msgstr "安全性"

msgid "%n file"
msgid_plural "%n files"
msgstr[0] "%n 個檔案"

#, fuzzy
msgid "Guessed"
msgstr "猜的"

#~ msgid "Removed"
#~ msgstr "拿掉的"

msgid "Raw"
msgstr ""
"""
XLIFF = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file source-language="en" target-language="zh-TW" original="app" datatype="plaintext"><body>
<trans-unit id="menu.security"><source>Security</source><target>安全性</target></trans-unit>
</body></file></xliff>
"""
XLIFF_2 = """<?xml version="1.0"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="zh-TW">
<file id="f"><unit id="security"><segment><source>Security</source><target>安全性</target></segment>
</unit></file></xliff>
"""
ANDROID = r"""<?xml version="1.0" encoding="utf-8"?>
<resources><string name="security">安全性</string><string name="it">it\'s \"甲\"</string>
<plurals name="files"><item quantity="other">%d 個檔案</item></plurals></resources>
"""
STRINGS = '/* menu */\n"security" = "安全性";\n"say" = "說 \\"好\\"";\n'
STRINGSDICT = """<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict><key>files</key>
<dict><key>NSStringLocalizedFormatKey</key><string>%#@n@</string><key>n</key><dict>
<key>NSStringFormatSpecTypeKey</key><string>NSStringPluralRuleType</string>
<key>NSStringFormatValueTypeKey</key><string>d</string><key>other</key><string>%d 個檔案</string>
</dict></dict></dict></plist>
"""
TS = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="zh_TW">
<context><name>Menu</name>
<message><source>&amp;Security</source><translation>安全性(&amp;S)</translation></message>
<message><source>Old</source><translation type="vanished">舊</translation></message>
<message><source>Raw</source><translation type="unfinished"></translation></message>
</context></TS>
"""
RESX = """<?xml version="1.0" encoding="utf-8"?><root>
<data name="Security" xml:space="preserve"><value>安全性</value></data></root>
"""
NEXTCLOUD = {
    "translations": {"Security": "安全性", "_%n file_::_%n files_": ["%n 個檔案"]},
    "pluralForm": "nplurals=1; plural=0;",
}
FILES = "%n 個檔案"
# what the file is called, what is in it, and its words by context and name
KINDS = {
    "a.po": (PO, {("menu", "Security"): "安全性", ("", "%n file"): FILES, ("", "Raw"): "Raw"}),
    "a.xlf": (XLIFF, {("", "app/menu.security"): "安全性"}),
    "b.xliff": (XLIFF_2, {("", "security"): "安全性"}),
    "strings.xml": (
        ANDROID,
        {("", "security"): "安全性", ("", "it"): 'it\'s "甲"', ("", "files"): "%d 個檔案"},
    ),
    "a.strings": (STRINGS, {("", "security"): "安全性", ("", "say"): '說 "好"'}),
    "a.stringsdict": (STRINGSDICT, {("", "files:n"): "%d 個檔案"}),
    "a.ts": (TS, {("Menu", "&Security"): "安全性(&S)", ("Menu", "Raw"): "Raw"}),
    "a.resx": (RESX, {("", "Security"): "安全性"}),
    "nextcloud.json": (
        json.dumps(NEXTCLOUD),
        {("", "Security"): "安全性", ("", "_%n file_::_%n files_"): FILES},
    ),
    "flat.json": ('{"a.b": "安全性", "n": 3}', {("", ".a.b"): "安全性"}),
    "nested.json": (
        '{"menu": {"security": "安全性", "list": ["一"]}}',
        {("", ".menu.security"): "安全性", ("", ".menu.list[0]"): "一"},
    ),
    "extension.json": (
        '{"security": {"message": "安全性", "description": "the menu"}}',
        {("", "security"): "安全性"},
    ),
    "formatjs.json": ('{"a": {"defaultMessage": "安全性", "description": "d"}}',
                      {("", "a"): "安全性"}),
    "go.json": ('[{"id": "security", "translation": "安全性"}]', {("", "security"): "安全性"}),
    "app.arb": (
        '{"@@locale": "zh_TW", "security": "安全性", "@security": {"description": "d"}}',
        {("", "security"): "安全性"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_catalogue(name, tmp_path):
    text, wanted = KINDS[name]
    (tmp_path / name).write_text(text, "utf-8")
    found = read_catalogue(tmp_path / name, "zh_TW").wordings
    assert {(key.context, key.name): said for key, said in found.items()} == wanted


def test_strings_in_utf_16(tmp_path):
    file = tmp_path / "a.strings"
    file.write_bytes(STRINGS.encode("utf-16"))
    assert "安全性" in read_catalogue(file, "zh_TW").wordings.values()


PATHS = {
    "apps/files/l10n/zh_TW.json": "apps/files/l10n.json",
    "res/values-zh-rTW/strings.xml": "res/values/strings.xml",
    "res/values-b+zh+Hant+TW/strings.xml": "res/values/strings.xml",
    "App/zh-Hant.lproj/Main.strings": "App.lproj/Main.strings",
    "translations/client_zh_TW.ts": "translations/client.ts",
    "Texts.zh-TW.resx": "Texts.resx",
    "locale/zh_TW/LC_MESSAGES/app.po": "locale/LC_MESSAGES/app.po",
    "lib/app_zh_Hant_TW.arb": "lib/app.arb",
    "i18n/zh-tw.json": "i18n.json",
    "i18n/zh_CN.json": None,
    "i18n/zh-Hans.json": None,
    "i18n/zh.json": None,
    "i18n/en.json": None,
    "i18n/azh_TW.json": None,
    "i18n/zh_TWN.json": None,
}


@pytest.mark.parametrize("path", PATHS)
def test_what_a_path_says_of_its_locale(path):
    assert component_in(path, "zh_TW") == component_in(path, "zh-TW") == PATHS[path]


@pytest.mark.parametrize(
    ("path", "locale", "component"),
    [
        ("i18n/zh_CN.json", "zh_CN", "i18n.json"),
        ("i18n/zh-Hans.json", "zh-CN", "i18n.json"),
        ("values-de/strings.xml", "de", "values/strings.xml"),
        ("i18n/de.json", "de_AT", None),
        ("i18n/sr-Latn.json", "sr-Latn", "i18n.json"),
        ("en/app.po", "en", "app.po"),
        ("open/app.po", "en", None),
    ],
)
def test_other_locales(path, locale, component):
    assert component_in(path, locale) == component


def test_a_folder_is_read_by_its_locale(tmp_path):
    for name in ("apps/one/l10n/zh_TW.json", "apps/two/l10n/zh_TW.json", "apps/one/l10n/de.json",
                 ".git/zh_TW.json", "apps/one/src/zh_TW.ts"):  # fmt: skip
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"translations": {"Save": name}}), "utf-8")
    (tmp_path / "apps/one/src/zh_TW.ts").write_text("export const save = 1\n", "utf-8")
    found = read_catalogue(tmp_path, "zh_TW")
    assert found.wordings == {
        LabelKey(f"apps/{app}/l10n.json", "", "Save"): f"apps/{app}/l10n/zh_TW.json"
        for app in ("one", "two")
    }


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text", "said", "hint"),
    [
        ("a.json", '{"a": ', "this catalogue cannot be read", ""),
        ("a.po", 'msgid "a\nmsgstr "b"\n', "", ""),
        ("strings.xml", "<resources><string", "this catalogue cannot be read", ""),
        ("a.json", "{}", "no words of a product's screens", ""),
        ("a.json", "3", "no words of a product's screens", ""),
        ("a.txt", "Security", "no catalogue of a kind that is read", ".po"),
    ],
)
def test_what_is_no_catalogue(name, text, said, hint, tmp_path):
    file = write(tmp_path, name, text)
    with pytest.raises(UserError) as caught:
        read_catalogue(file, "zh_TW")
    [problem] = caught.value.problems
    assert said in problem.message
    assert problem.place.file == str(file)
    assert hint in (problem.hint or "")


def test_what_is_not_there(tmp_path):
    with pytest.raises(UserError, match="no such file or folder"):
        read_catalogue(tmp_path / "gone", "zh_TW")
    write(tmp_path, "l10n/de.json", '{"a": "b"}')
    with pytest.raises(UserError, match="no catalogue of zh_TW") as caught:
        read_catalogue(tmp_path, "zh_TW")
    assert "l10n/de.json" in caught.value.problems[0].hint


def bomb(entities: str, body: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE r [{entities}]>{body}'


GROWS = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)
OUTSIDE = '<!ENTITY h SYSTEM "file://{file}">'
BODIES = {
    "strings.xml": '<resources><string name="a">&h;</string>'
                   '<string name="b">字</string></resources>',
    "a.resx": '<root><data name="a"><value>&h;</value></data>'
              '<data name="b"><value>字</value></data></root>',
    "a.ts": '<TS version="2.1"><context><name>M</name><message><source>S</source>'
            "<translation>&h;</translation></message></context></TS>",
    "a.xlf": XLIFF.partition("?>")[2].replace("安全性", "&h;"),
    "b.xlf": XLIFF_2.partition("?>")[2].replace("安全性", "&h;"),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_catalogue_takes_no_time_and_reads_no_other_file(name, tmp_path):
    file = write(tmp_path, name, bomb(GROWS, BODIES[name]))
    with pytest.raises(UserError, match="cannot be read"):
        read_catalogue(file, "zh_TW")
    other = write(tmp_path, "other", "a secret of this machine")
    write(tmp_path, name, bomb(OUTSIDE.format(file=other), BODIES[name]))
    assert "secret" not in " ".join(read_catalogue(file, "zh_TW").wordings.values())


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "}" * 100_000])
def test_json_that_is_too_deep(text, tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read_catalogue(write(tmp_path, "a.json", text), "zh_TW")
