"""macOS: ``system_profiler`` as text, as JSON and as XML (a property list)."""

import plistlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manualsmith.records.environment_reports.plain_values import (
    DESKTOP,
    LAPTOP,
    architecture,
    gigabytes,
    network_kind,
    plain_name,
    resolution,
    version_of,
)
from manualsmith.records.environment_reports.report_text import MachineReport, labelled

_SYSTEM = re.compile(r"(?:macOS|OS X|Mac OS X) [\d.]+ \(\w+\)")
_PARTS = {
    "SPHardwareDataType": "hardware",
    "SPSoftwareDataType": "software",
    "SPDisplaysDataType": "displays",
    "SPNetworkDataType": "network",
}
_NO_SERVICE = ("Bluetooth", "Thunderbolt")


@dataclass
class _Mac:
    system: str = ""
    kernel: str = ""
    model: str = ""
    chip: str = ""
    memory: str = ""
    graphics: str = ""
    screen: str = ""
    service: str = ""  # the kind of the first network service that has an address


def text_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return what the text says: sections at the left, their items further in."""
    mac, service = _Mac(), ""
    section = ""
    for line in report.lines:
        if line[:1].strip():
            section = line.rstrip(":")
        for label, value in labelled([line]):
            if section == "Network" and label == "Type":
                service = value
            elif section == "Network" and label == "IPv4 Addresses" and value and not mac.service:
                mac.service = service
            elif name := _LABELS.get((section, label)):
                setattr(mac, name, getattr(mac, name) or value)
    return _told(mac)


_LABELS = {
    ("Software", "System Version"): "system",
    ("Software", "Kernel Version"): "kernel",
    ("Hardware", "Model Name"): "model",
    ("Hardware", "Chip"): "chip",
    ("Hardware", "Processor Name"): "chip",
    ("Hardware", "Memory"): "memory",
    ("Graphics/Displays", "Chipset Model"): "graphics",
    ("Graphics/Displays", "Resolution"): "screen",
}


def json_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return what the JSON says: a list of items by their type."""
    value = report.json
    if not isinstance(value, dict) or not any(name.startswith("SP") for name in value):
        return None
    return _told(_of_items({name: value.get(name) for name in _PARTS}))


def xml_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return what the property list says: types, each with its items."""
    if "<plist" not in report.text or "_dataType" not in report.text:
        return None
    try:
        value = plistlib.loads(report.text.encode(), fmt=plistlib.FMT_XML)
    except Exception:  # noqa: BLE001 - plistlib raises whatever a damaged list leads it to
        return None
    return _told(
        _of_items({str(part.get("_dataType")): part.get("_items") for part in _dicts(value)})
    )


def _of_items(parts: Mapping[str, Any]) -> _Mac:
    hardware, software, displays, network = (_dicts(parts.get(name)) for name in _PARTS)
    screens = [one for card in displays for one in _dicts(card.get("spdisplays_ndrvs"))]
    connected = [one for one in network if one.get("ip_address")]
    return _Mac(
        system=_first(software, "os_version"),
        kernel=_first(software, "kernel_version"),
        model=_first(hardware, "machine_name"),
        chip=_first(hardware, "chip_type", "cpu_type"),
        memory=_first(hardware, "physical_memory"),
        graphics=_first(displays, "sppci_model"),
        screen=_first(screens, "_spdisplays_pixels", "_spdisplays_resolution"),
        service=_first(connected, "type"),
    )


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _first(items: Sequence[Mapping[str, Any]], *names: str) -> str:
    return next(_texts(items, names), "")


def _texts(items: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    for item in items:
        for name in names:
            if isinstance(item.get(name), str):
                yield item[name]


def _told(mac: _Mac) -> Mapping[str, str] | None:
    if not (_SYSTEM.fullmatch(mac.system) or mac.model.startswith(("Mac", "iMac"))):
        return None
    model = plain_name(mac.model)
    kind = LAPTOP if model.startswith("MacBook") else DESKTOP
    wanted = mac.service and not mac.service.startswith(_NO_SERVICE)
    return {
        "macos.version": version_of(mac.system),
        "kernel.version": mac.kernel,
        "computer.maker": "Apple" if model else "",
        "computer.model": model,
        "computer.type": kind if model else "",
        "processor.name": plain_name(mac.chip),
        "processor.architecture": architecture(mac.chip)
        or ("x86-64" if "Intel" in mac.chip else ""),
        "memory.size": gigabytes(mac.memory),
        "graphics.name": plain_name(mac.graphics),
        "display.resolution": resolution(mac.screen),
        "network.kind": network_kind([mac.service]) if wanted else "",
    }
