"""Linux: ``inxi``, whose lines are words with a colon, each followed by what it says."""

import re
from collections.abc import Mapping

from manualsmith.records.environment_reports.plain_values import (
    architecture,
    chassis,
    distribution,
    gigabytes,
    maker,
    network_kind,
    plain_name,
    processor,
    resolution,
)
from manualsmith.records.environment_reports.report_text import MachineReport

_SECTION = re.compile(r"([A-Z][A-Za-z]+):(.*)")
_NEEDED = ("System", "CPU")
_END = "\0"  # after the last word of a section that is whole
_CONNECTED = re.compile(r"Device-\d+: (?P<card>(?:(?!Device-\d|IF:).)*?) driver:"
                        r"(?:(?!Device-\d).)*?IF: (?P<name>\S+) state: up")  # fmt: skip


def inxi(report: MachineReport) -> Mapping[str, str] | None:
    """Return the system, the machine and its devices."""
    sections = _sections(report)
    if not {*_NEEDED} <= {*sections} or not _said(sections["System"], "Kernel"):
        return None
    system, cpu = sections["System"], sections["CPU"]
    machine, graphics = sections.get("Machine", ""), sections.get("Graphics", "")
    memory = sections.get("Memory", "") + sections.get("Info", "")
    cards = [f"{found['card']} {_kind(found['name'])}" for found in
             _CONNECTED.finditer(sections.get("Network", ""))]  # fmt: skip
    desktop = _said(system, "Desktop"), _said(system, "v")
    return {
        "linux.distribution": distribution(_said(system, "Distro")),
        "kernel.version": _said(system, "Kernel").split(" ")[0],
        "desktop-environment.name": " ".join(filter(None, desktop)) if desktop[0] else "",
        "computer.type": chassis(_said(machine, "Type")),
        "computer.maker": maker(_said(machine, "System")),
        "computer.model": plain_name(_said(machine, "product")),
        "processor.name": processor(_said(cpu, "model")),
        "processor.architecture": architecture(_said(system, "arch")),
        "memory.size": gigabytes(_said(memory, "total") or _said(memory, "Memory")),
        "graphics.name": plain_name(_said(graphics, "Device-1")),
        "display.resolution": resolution(_said(graphics, "resolution")),
        "network.kind": network_kind(cards),
    }


def _sections(report: MachineReport) -> Mapping[str, str]:
    """Return the words of each section on one line; the last one may be cut."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in report.lines:
        if heading := _SECTION.fullmatch(line):
            found.setdefault(name, []).append(f"{_END}:")
            name = heading[1]
            found[name] = [heading[2]]
        elif line.startswith(" "):
            found.setdefault(name, []).append(line.strip())
    return {name: " ".join(words) for name, words in found.items()}


def _said(section: str, word: str) -> str:
    """Return what follows a word and its colon, up to the next of such words."""
    found = re.search(rf"(?<!\S){re.escape(word)}: (.*?) (?=(?:[\w./-]+|{_END}):(?:\s|$))", section)
    return found[1].strip() if found else ""


def _kind(interface: str) -> str:
    """Return what the name of an interface says of it: those of wireless ones begin with wl."""
    return "Wi-Fi" if interface.startswith("wl") else "Ethernet"
