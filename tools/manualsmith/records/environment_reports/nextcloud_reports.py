"""Nextcloud: what its server and its desktop client say of themselves."""

import re
from collections.abc import Mapping

from manualsmith.records.environment_reports.plain_values import OFF, ON, distribution, windows
from manualsmith.records.environment_reports.report_text import MachineReport

_NEEDED = ("installed", "version", "versionstring", "productname")
_VERSION = re.compile(r"\d+(?:\.\d+)+(?: ?(?:RC|beta|alpha) ?\d*)?", re.IGNORECASE)
_ITEM = re.compile(r" *- (\w+): ?(.*)")
_CLIENT = re.compile(
    r"(?:Nextcloud|ownCloud)\b(?P<words>[^\n\d]{0,40}?)(?:version|版本)[^\w\n]*"
    r"(?P<version>\d+\.\d+\.\d+)\b.*",
    re.IGNORECASE,
)
_NAMES = re.compile(r"desktop|client|桌面|用戶端|客戶端", re.IGNORECASE)
_BUILT = ("Git revision", "Using Qt")
_SYSTEM = "Running on "


def status_json(report: MachineReport) -> Mapping[str, str] | None:
    """Return what ``status.php`` says, and ``occ status`` as JSON."""
    value = report.json
    if not isinstance(value, dict) or not {*_NEEDED} <= {*value}:
        return None
    return _status({name: str(one) for name, one in value.items() if isinstance(one, bool | str)})


def occ_status(report: MachineReport) -> Mapping[str, str] | None:
    """Return what ``occ status`` says."""
    found = [_ITEM.fullmatch(line) for line in report.lines if line.strip()]
    values = {one[1]: one[2] for one in found if one}
    return _status(values) if {*_NEEDED} <= {*values} else None


def _status(found: Mapping[str, str]) -> Mapping[str, str]:
    version = found.get("versionstring", "")
    modes = {"true": ON, "false": OFF}
    return {
        "server.product": found.get("productname", ""),
        "server.version": version if _VERSION.fullmatch(version) else "",
        "server.maintenance": modes.get(found.get("maintenance", "").lower(), ""),
    }


def desktop_client(report: MachineReport) -> Mapping[str, str] | None:
    """Return the version that the client says on its page or its command line, and the system.

    A version alone, which may as well be the server's, is none of it.
    """
    first, *rest = [line.strip() for line in report.text.strip().split("\n")]
    client = _CLIENT.fullmatch(first)
    if not client or any(map(_CLIENT.fullmatch, rest)):
        return None
    if not (_NAMES.search(client["words"]) or any(map(_built, rest))):
        return None
    systems = [line for line in report.lines if line.startswith(_SYSTEM)]
    name = systems[0].removeprefix(_SYSTEM).split(",")[0] if systems else ""
    linux = not windows(name) and "macOS" not in name
    return {
        "desktop-client.version": client["version"],
        "windows.version": windows(name).get("windows.version", ""),
        "linux.distribution": distribution(name) if linux else "",
    }


def _built(line: str) -> bool:
    return line.startswith(_BUILT)
