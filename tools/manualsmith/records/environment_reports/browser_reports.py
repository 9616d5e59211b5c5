"""Browsers: the text that one names itself by, ``about:support`` and ``chrome://version``."""

import re
from collections.abc import Mapping

from manualsmith.records.environment_reports.plain_values import version_of, windows
from manualsmith.records.environment_reports.report_text import MachineReport

_AGENT = re.compile(
    r"\s*(?:User-Agent: ?)?[\"']?(Mozilla/5\.0 \(([^()]+|[^()]*\([^()]*\)[^()]*)\)[ -~]*?)[\"']?\s*"
)
_LONGEST = 1000
_FULL = r"(\d+(?:\.\d+){3})(?= |$)"
# Of two that a text has, the first one here is meant: each of them calls itself the others, too.
_BROWSERS = (
    ("Microsoft Edge", re.compile(rf" (?:Edg|EdgA|EdgiOS)/{_FULL}")),
    ("Opera", re.compile(rf" OPR/{_FULL}")),
    ("Vivaldi", re.compile(r" Vivaldi/(\d+(?:\.\d+)+)(?= |$)")),
    ("Samsung Internet", re.compile(r" SamsungBrowser/(\d+\.\d+) .* Safari/\d")),
    ("Firefox", re.compile(r" Firefox/(\d+\.\d+)$")),
    ("Firefox", re.compile(r" FxiOS/(\d+\.\d+) .* ?Safari/\d")),
    ("Chrome", re.compile(r" CriOS/(\d+(?:\.\d+){3}) .*Safari/\d")),
    ("Chrome", re.compile(r" Chrome/(\d+(?:\.\d+){3}) (?:Mobile )?Safari/537\.36$")),
    ("Safari", re.compile(r" Version/(\d+(?:\.\d+)+) (?:Mobile/\w+ )?Safari/\d+(?:\.\d+)+$")),
)
_APPS = (
    ("desktop-client.version", re.compile(r"mirall/(\d+\.\d+\.\d+)")),
    ("android-app.version", re.compile(r"Nextcloud-android/(\d+\.\d+\.\d+)")),
    ("ios-app.version", re.compile(r"Nextcloud-iOS/(\d+\.\d+\.\d+)")),
)
_PADDING = re.compile(r"(?:\.0)+$")
_IOS = re.compile(r"(?:iPhone|CPU) OS (\d+(?:_\d+)*) like Mac OS X")
_ANDROID = re.compile(r"; Android (\d+(?:\.\d+)*); (?!K\))")
_FIREFOX = {
    "Name": "name",
    "名稱": "name",
    "Version": "version",
    "版本": "version",
    "Build ID": "build",
    "組建 ID": "build",
    "OS": "os",
    "作業系統": "os",
}
_CHROME = re.compile(
    r"(Google Chrome|Chromium|Microsoft Edge|Brave|Vivaldi|Opera)[\t:] ?(\d[\d.]+) .*"
)
_CHROME_SYSTEM = re.compile(r"(?:OS|作業系統)[\t:] ?(?P<os>.+)")
_RELEASE = re.compile(
    r"(?P<name>Windows \d+)(?: Version (?P<release>\w+))?(?: \(Build (?P<build>\d+)[\d.]*\))?"
)


def user_agent(report: MachineReport) -> Mapping[str, str] | None:
    """Return the browser or app. Its system only as far as it does not hide it.

    Windows 10 and 11 are the same to it, and newer versions of macOS, iOS and Android are called
    older ones: those are left out.
    """
    agent = _AGENT.fullmatch(report.text) if len(report.text) < _LONGEST else None
    if not agent:
        return None
    apps = {fact: found[1] for fact, look in _APPS if (found := look.search(agent[1]))}
    if apps:
        return apps
    seen = ((name, found[1]) for name, look in _BROWSERS if (found := look.search(agent[1])))
    name, version = next(seen, ("", ""))
    ios, android = _IOS.search(agent[2]), _ANDROID.search(f"; {agent[2]})")
    system = ios[1].replace("_", ".") if ios else ""
    if name == "Safari" and version_of(version).split(".")[0] != system.split(".")[0]:
        system = ""
    return {
        "browser.name": name,
        "browser.version": _PADDING.sub("", version) if version.count(".") > 1 else version,
        "ios.version": system,
        "android.version": android[1] if android else "",
        "device.type": next((one for one in ("iPhone", "iPad") if agent[2].startswith(one)), ""),
    }


def about_support(report: MachineReport) -> Mapping[str, str] | None:
    """Return Firefox, as the text that it copies says."""
    headings = ("Application Basics", "應用程式基本資訊", "應用程式資訊")
    if not any(heading in report.lines for heading in headings):
        return None
    found: dict[str, str] = {}
    for label, value in report.pairs:
        if name := _FIREFOX.get(label):
            found.setdefault(name, value)
    if not {"name", "version", "build"} <= {*found}:
        return None
    return {"browser.name": found["name"], "browser.version": found["version"]}


def chrome_version(report: MachineReport) -> Mapping[str, str] | None:
    """Return Chrome, or one of its kin, and the system that it runs on."""
    first = next((line for line in report.lines if line.strip()), "")
    browser = _CHROME.fullmatch(first)
    if not browser or not any(line.startswith("JavaScript") for line in report.lines):
        return None
    systems = filter(None, map(_CHROME_SYSTEM.fullmatch, report.lines))
    said = next((found["os"] for found in systems), "")
    system = _RELEASE.fullmatch(said.strip())
    mac = re.fullmatch(r"macOS Version (\d+(?:\.\d+)*) \(Build \w+\)", said.strip())
    return {
        "browser.name": browser[1].removeprefix("Google "),
        "browser.version": browser[2],
        **(windows(system["name"]) if system else {}),
        "windows.release": (system["release"] or "") if system else "",
        "windows.build": (system["build"] or "") if system else "",
        "macos.version": mac[1] if mac else "",
    }
