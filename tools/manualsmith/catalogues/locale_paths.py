"""Which files of a product's catalogues are of a locale: each project names them in its own way."""

import re
from functools import lru_cache

# The script that a territory's Chinese, or Serbian, is written in where files name that instead.
_SCRIPTS = {
    ("zh", "tw"): "hant",
    ("zh", "hk"): "hant",
    ("zh", "mo"): "hant",
    ("zh", "cn"): "hans",
    ("zh", "sg"): "hans",
}
_PARTS = re.compile(r"[-_]")


def component_in(path: str, locale: str) -> str | None:
    """Return what is left of a file's path without its locale; None where it is of another one.

    ``apps/files/l10n/zh_TW.json`` and ``res/values-zh-rTW/strings.xml`` are of ``zh_TW``, the first
    of the component ``apps/files/l10n.json``. It is the same in each release.
    """
    found = _pattern(locale).search(path)
    if not found:
        return None
    return (path[: found.start()].rstrip("-._ /") + path[found.end() :]).lstrip("./")


@lru_cache
def _pattern(locale: str) -> re.Pattern[str]:
    """Return what finds a locale as a part of a name in a path, however it is written."""
    language, *rest = _PARTS.split(locale.lower())
    subtags = rest or [""]
    territory, named = subtags[-1], subtags[0] if len(subtags) > 1 else ""
    script = named or _SCRIPTS.get((language, territory), "")
    forms = [[language, script, territory], [language, territory], [language, script]]
    ways = {"[-_]".join(filter(None, form)) for form in forms} if territory else {language}
    if script and territory:
        ways |= {rf"b\+{language}\+{script}\+{territory}", rf"b\+{language}\+{script}"}
    if territory:
        ways.add(f"{language}-r{territory}")
    longest_first = sorted(ways - {language} if territory else ways, key=len, reverse=True)
    return re.compile(rf"(?<![^/._ -])(?:{'|'.join(longest_first)})(?![^/._ -])", re.IGNORECASE)
