"""From an answer to a value: a JSON path, a regular expression, a version and its parts."""

import json
import re
from typing import Any

from manualsmith.errors import UserError
from manualsmith.settings.probe_settings import PARTS, Probe
from manualsmith.text import t

_LONGEST = 120
_SHOWN = 60
_YEAR = re.compile(r"20\d\d|\d\d")
_NUMBERS = re.compile(r"\d+(?:[._-]\d+)*")


def value_in(answer: bytes, probe: Probe) -> str:
    """Return the value that a probe's answer has, one line of text.

    Of several versions it is the newest; pre-releases are none. Raises UserError where there is no
    value of the form that the settings ask for.
    """
    text = answer.decode("utf-8-sig", "replace")
    told = _at_path(text, probe.path) if probe.path else [text.strip()]
    values = [found for one in told if (found := _matched(one, probe)) is not None]
    if not values:
        raise UserError(
            t("the pattern {pattern} matches nothing in {told}",
              pattern=probe.pattern, told=_shown(" ".join(told)))
        )  # fmt: skip
    for value in values:
        if len(value) > _LONGEST or not value.isprintable() or not value:
            raise UserError(t("no short line of text: {told}", told=_shown(value)))
    if probe.versioning != "plain":
        return _newest(values, probe)
    if len({*values}) > 1:
        raise UserError(t("several values, and it is not said which: {told}",
                          told=_shown(", ".join(values))))  # fmt: skip
    return values[0]


def _at_path(text: str, path: str) -> list[str]:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(t("the answer is no JSON: {told}", told=_shown(text))) from error
    try:
        found = jmespath.search(path, value)
    except JMESPathError as error:
        said = t("no JSON path: {path}: {reason}", path=path, reason=_shown(str(error)))
        raise UserError(said, hint="https://jmespath.org") from error
    values = found if isinstance(found, list) else [found]
    if not values or not all(isinstance(one, (str, int, float)) for one in values):
        raise UserError(t("no text or number is at {path}: {told}", path=path,
                          told=_shown(json.dumps(found, ensure_ascii=False))))  # fmt: skip
    return [_plain(one) for one in values]


def _plain(value: Any) -> str:  # noqa: ANN401 - what JSON has
    return value.strip() if isinstance(value, str) else json.dumps(value)


def _matched(text: str, probe: Probe) -> str | None:
    if probe.pattern is None:
        return text
    found = re.search(probe.pattern, text)
    return found[1].strip() if found and found[1] else None


def _newest(values: list[str], probe: Probe) -> str:
    """Return the newest version that is no pre-release, cut after the part that counts."""
    from packaging.version import InvalidVersion, Version

    read: list[tuple[Version, str]] = []
    for value in values:
        shown = value[1:] if value[:1] in "vV" else value
        form = re.sub("[-_]", ".", shown) if probe.versioning == "calver" else shown
        try:
            version = Version(form)
        except InvalidVersion as error:
            if len(values) > 1:  # such as the tag nightly
                continue
            raise UserError(t("no version: {told}", told=_shown(value))) from error
        if not version.is_prerelease:
            read.append((version, shown))
    if not read:
        raise UserError(t("no release is among: {told}", told=_shown(", ".join(values))))
    return _cut(max(read)[1], probe)


def _cut(version: str, probe: Probe) -> str:
    found = _NUMBERS.match(version)
    numbers = list(re.finditer(r"\d+", found[0])) if found else []
    calendar = probe.versioning == "calver"
    if not numbers or (calendar and not _YEAR.fullmatch(numbers[0][0])):
        raise UserError(t("no version that begins with a year: {told}", told=_shown(version)))
    if probe.part is None:
        return version[: numbers[-1].end()]
    wanted = PARTS[probe.versioning].index(probe.part)
    if wanted >= len(numbers):
        raise UserError(t("{version} has no part {part}", version=version, part=probe.part))
    return version[: numbers[wanted].end()]


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
