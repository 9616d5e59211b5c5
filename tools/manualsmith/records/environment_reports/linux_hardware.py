"""Linux: ``lshw -json`` and ``ip -j addr``."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from manualsmith.records.environment_reports.plain_values import (
    CONNECTED,
    adapter_names,
    architecture,
    chassis,
    gigabytes,
    maker,
    network_kind,
    plain_name,
    processor,
    resolution,
)
from manualsmith.records.environment_reports.report_text import MachineReport

_TUNNELS = ("tun", "tap", "wg", "ppp", "tailscale")
_INNER = ("docker", "br-", "veth", "virbr", "lxc", "cni", "podman", "vnet")


def lshw(report: MachineReport) -> Mapping[str, str] | None:
    """Return the machine: its parts by their class, each with those within it."""
    value = report.json
    tops = value if isinstance(value, list) else [value]
    parts = [part for top in tops for part in _parts(top)]
    if not any({"id", "class"} <= {*part} for part in parts):
        return None
    system = _of(parts, "system")
    whole = next((part for part in parts if part.get("id") == "memory"), {})
    card, cpu = _of(parts, "display"), _of(parts, "processor")
    linked = [part for part in parts if part.get("class") == "network" and _linked(part)]
    size = whole.get("size")
    graphics = " ".join(filter(None, (maker(_text(card, "vendor")), _text(card, "product"))))
    return {
        "computer.type": chassis(_text(_inner(system, "configuration"), "chassis")),
        "computer.maker": maker(_text(system, "vendor")),
        "computer.model": plain_name(_text(system, "product").partition(" (")[0]),
        "processor.name": processor(_text(cpu, "product")),
        "processor.architecture": architecture("x64" if cpu.get("width") == 64 else ""),
        "memory.size": gigabytes(f"{size} B") if isinstance(size, int) else "",
        "graphics.name": plain_name(graphics),
        "display.resolution": resolution(
            _text(_inner(card, "configuration"), "resolution").replace(",", "x")
        ),
        "network.kind": network_kind([_kind(part) for part in linked]),
        "network.adapter": adapter_names([_text(part, "product") for part in linked]),
    }


def _parts(value: object) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            children = part.get("children")
            waiting += reversed(children if isinstance(children, list) else ())


def _of(parts: Sequence[dict[str, Any]], wanted: str) -> dict[str, Any]:
    return next((part for part in parts if part.get("class") == wanted), {})


def _inner(part: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = part.get(name)
    return found if isinstance(found, dict) else {}


def _text(part: Mapping[str, Any], name: str) -> str:
    found = part.get(name)
    return found if isinstance(found, str) else ""


def _linked(part: Mapping[str, Any]) -> bool:
    inner = _inner(part, "configuration")
    return bool(inner.get("ip")) and bool(_text(part, "product"))


def _kind(part: Mapping[str, Any]) -> str:
    return "Wi-Fi" if "wireless" in _inner(part, "configuration") else "Ethernet"


def ip_addr(report: MachineReport) -> Mapping[str, str] | None:
    """Return how the machine is connected: the interfaces that are up and have an address."""
    value = report.json
    found = value if isinstance(value, list) else []
    links = [one for one in found if isinstance(one, dict) and "ifname" in one]
    if not links or not all("addr_info" in one for one in links):
        return None
    up = [one for one in links if _families(one) and not _text(one, "ifname").startswith(_INNER)]
    real = [one for one in up if not _text(one, "ifname").startswith(_TUNNELS)]
    sizes = {one["mtu"] for one in real if isinstance(one.get("mtu"), int)}
    families = sorted({family for one in up for family in _families(one)})
    wireless = ["Wi-Fi" if _text(one, "ifname").startswith("wl") else "Ethernet" for one in real]
    return {
        "network.kind": network_kind(wireless),
        "network.vpn": CONNECTED if len(real) < len(up) else "",
        "network.protocols": ", ".join(families),
        "network.mtu": str(min(sizes)) if sizes else "",
    }


def _families(link: Mapping[str, Any]) -> set[str]:
    """Return the kinds of addresses that reach beyond the link."""
    info = link.get("addr_info")
    names = {"inet": "IPv4", "inet6": "IPv6"}
    return {
        names[_text(one, "family")]
        for one in (info if isinstance(info, list) else ())
        if isinstance(one, dict) and one.get("scope") == "global" and _text(one, "family") in names
    }
