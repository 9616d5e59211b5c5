"""Windows: ``systeminfo``, in English and in Taiwan's Chinese."""

import re
from collections.abc import Iterator, Mapping, Sequence

from manualsmith.records.environment_reports.plain_values import (
    adapter_names,
    architecture,
    gigabytes,
    maker,
    network_kind,
    plain_name,
    vpn,
    windows,
)
from manualsmith.records.environment_reports.report_text import MachineReport, labelled

_LABELS = {
    "OS Name": "name",
    "作業系統名稱": "name",
    "OS Version": "version",
    "作業系統版本": "version",
    "System Manufacturer": "maker",
    "系統製造商": "maker",
    "System Model": "model",
    "系統型號": "model",
    "System Type": "type",
    "系統類型": "type",
    "System Locale": "locale",
    "系統地區設定": "locale",
    "Total Physical Memory": "memory",
    "實體記憶體總計": "memory",
}
_CARDS = ("Network Card(s)", "網路卡")
_CARD = re.compile(r"(?P<blanks> +)\[\d\d\][:：] (?P<name>.+)")
_UNUSED = re.compile(r"(?:Status|狀態)[:：]\s*(?:Media disconnected|媒體.*|.*not present.*)", re.I)
_BUILD = re.compile(r"\b1?\d\.\d\.(\d{4,6})\b")
_LOCALE = re.compile(r"([a-z]{2})-([a-z]{2});")


def systeminfo(report: MachineReport) -> Mapping[str, str] | None:
    """Return the system and its connected network cards."""
    found: dict[str, str] = {}
    for label, value in labelled([line for line in report.lines if line[:1] not in (" ", "\t")]):
        if label in _LABELS:
            found.setdefault(_LABELS[label], value)
    if not {"name", "version", "type"} <= {*found} or not windows(found["name"]):
        return None
    return {
        **windows(found["name"]),
        **build(found["version"]),
        "computer.maker": maker(found.get("maker", "")),
        "computer.model": plain_name(found.get("model", "")),
        "processor.architecture": architecture(found["type"]),
        "memory.size": gigabytes(found.get("memory", "")),
        "system.language": _language(found.get("locale", "")),
        **_network([*_connected(report.lines)]),
    }


def build(text: str) -> Mapping[str, str]:
    """Return the number of the build in a version of Windows, such as 10.0.26100."""
    found = _BUILD.search(text)
    return {"windows.build": found[1]} if found else {}


def _language(text: str) -> str:
    found = _LOCALE.match(text)
    return f"{found[1]}-{found[2].upper()}" if found else ""


def _network(cards: Sequence[str]) -> Mapping[str, str]:
    return {
        "network.kind": network_kind(cards),
        "network.vpn": vpn(cards),
        "network.adapter": adapter_names(cards),
    }


def _connected(lines: Sequence[str]) -> Iterator[str]:
    """Yield the network cards that are connected; none where the list may be cut."""
    starts = [n for n, line in enumerate(lines) if line.startswith(_CARDS)]
    after = lines[starts[0] + 1 :] if starts else []
    ends = [n for n, line in enumerate(after) if line and not line.startswith(" ")]
    if not ends:
        return
    first = next(filter(None, map(_CARD.fullmatch, after)), None)
    depth = len(first["blanks"]) if first else 0
    name = ""
    for line in after[: ends[0]]:
        card = _CARD.fullmatch(line)
        if card and len(card["blanks"]) == depth:
            if name:
                yield name
            name = card["name"]
        elif _UNUSED.match(line.strip()):
            name = ""
    if name:
        yield name
