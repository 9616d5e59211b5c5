"""Linux: ``hostnamectl``, as text and as JSON, and the file ``os-release``."""

import re
from collections.abc import Mapping

from manualsmith.records.environment_reports.plain_values import (
    architecture,
    chassis,
    distribution,
    maker,
    plain_name,
)
from manualsmith.records.environment_reports.report_text import MachineReport

_VARIABLE = re.compile(r"([A-Z][A-Z0-9_]*)=(?:\"([^\"]*)\"|'([^']*)'|(\S*))")
_NEEDED = ("Operating System", "Kernel")


def hostnamectl(report: MachineReport) -> Mapping[str, str] | None:
    """Return the system and the machine."""
    found = dict(reversed(report.pairs))  # the first of two counts
    names = ("Static hostname", "Transient hostname", "Icon name")
    if not any(name in found for name in names) or not all(name in found for name in _NEEDED):
        return None
    return _machine(
        {
            "OperatingSystemPrettyName": found["Operating System"],
            "KernelRelease": found["Kernel"].removeprefix("Linux "),
            "Chassis": found.get("Chassis", ""),
            "HardwareVendor": found.get("Hardware Vendor", ""),
            "HardwareModel": found.get("Hardware Model", ""),
        }
    ) | {"processor.architecture": architecture(found.get("Architecture", "").replace("-", "_"))}


def hostnamectl_json(report: MachineReport) -> Mapping[str, str] | None:
    """Return the system and the machine."""
    value = report.json
    if not isinstance(value, dict) or not {"KernelRelease", "StaticHostname"} <= {*value}:
        return None
    return _machine({name: one for name, one in value.items() if isinstance(one, str)})


def _machine(found: Mapping[str, str]) -> dict[str, str]:
    return {
        "linux.distribution": distribution(found.get("OperatingSystemPrettyName", "")),
        "kernel.version": found.get("KernelRelease", ""),
        "computer.type": chassis(found.get("Chassis", "")),
        "computer.maker": maker(found.get("HardwareVendor", "")),
        "computer.model": plain_name(found.get("HardwareModel", "")),
    }


def os_release(report: MachineReport) -> Mapping[str, str] | None:
    """Return the distribution."""
    lines = [line for line in report.lines if line and not line.startswith("#")]
    found = [_VARIABLE.fullmatch(line) for line in lines]
    if not all(found):
        return None
    values = {one[1]: one[2] or one[3] or one[4] or "" for one in found if one}
    if not {"ID", "NAME", "PRETTY_NAME"} <= {*values}:
        return None
    return {"linux.distribution": distribution(values["PRETTY_NAME"])}
