"""Windows: what ``dxdiag`` saves, as text and as XML. It is in English on every Windows."""

import re
from collections.abc import Mapping

from manualsmith.records.environment_reports.plain_values import (
    architecture,
    gigabytes,
    maker,
    plain_name,
    processor,
    resolution,
    windows,
)
from manualsmith.records.environment_reports.report_text import MachineReport

_BUILD = re.compile(r"Build (\d{4,6})\b")
_FIRST = "Time of this report"
# the text's labels, and the elements of the XML
_SYSTEM = {
    "Operating System": "OperatingSystem",
    "System Manufacturer": "SystemManufacturer",
    "System Model": "SystemModel",
    "Processor": "Processor",
    "Memory": "Memory",
    "DirectX Version": "DirectXVersion",
}
_SCREEN = {"Card name": "CardName", "Current Mode": "CurrentMode"}


def text_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return the system, and the first graphics card."""
    labels = [label for label, _ in report.pairs]
    if _FIRST not in labels:
        return None
    found: dict[str, str] = {}
    for label, value in report.pairs[labels.index(_FIRST) :]:
        if name := {**_SYSTEM, **_SCREEN}.get(label):
            found.setdefault(name, value)
    return _told(found)


def xml_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return the system, and the first graphics card."""
    root = report.xml
    if root is None or root.tag != "DxDiag":
        return None
    within = [
        *(("SystemInformation", name) for name in _SYSTEM.values()),
        *(("DisplayDevices/DisplayDevice", name) for name in _SCREEN.values()),
    ]
    return _told({name: root.findtext(f"{above}/{name}") or "" for above, name in within})


def _told(found: Mapping[str, str]) -> Mapping[str, str] | None:
    system = found.get("OperatingSystem", "")
    if not windows(system):
        return None
    build = _BUILD.search(system)
    bits = "x64" if "64-bit" in system and "ARM" not in system else ""
    direct = found.get("DirectXVersion", "")
    return {
        **windows(system),
        "windows.build": build[1] if build else "",
        "computer.maker": maker(found.get("SystemManufacturer", "")),
        "computer.model": plain_name(found.get("SystemModel", "")),
        "processor.name": processor(found.get("Processor", "")),
        "processor.architecture": architecture(bits),
        "memory.size": gigabytes(found.get("Memory", "")),
        "directx.version": direct if re.fullmatch(r"DirectX [\d.]+", direct) else "",
        "graphics.name": plain_name(found.get("CardName", "")),
        "display.resolution": resolution(found.get("CurrentMode", "")),
    }
