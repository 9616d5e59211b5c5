"""The facts of an environment that machines tell of themselves, each with its category and label.

A repository calls them otherwise in ``[tool.manualsmith.facts]``; other facts need no entry here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from manualsmith.text import marked


@dataclass(frozen=True)
class StandardFact:
    """A fact: its category in `layout.CATEGORIES`, and in English what people read for it."""

    category: str
    label: str


STANDARD_FACTS: Mapping[str, StandardFact] = {
    "computer.type": StandardFact("hardware", marked("Kind of computer")),
    "computer.maker": StandardFact("hardware", marked("Computer's maker")),
    "computer.model": StandardFact("hardware", marked("Computer's model")),
    "device.type": StandardFact("hardware", marked("Kind of device")),
    "processor.name": StandardFact("hardware", marked("Processor")),
    "processor.architecture": StandardFact("hardware", marked("Processor's architecture")),
    "memory.size": StandardFact("hardware", marked("Memory")),
    "graphics.name": StandardFact("hardware", marked("Graphics card")),
    "display.resolution": StandardFact("hardware", marked("Resolution of the screen")),
    "windows.version": StandardFact("software", marked("Windows version")),
    "windows.edition": StandardFact("software", marked("Windows edition")),
    "windows.release": StandardFact("software", marked("Windows release")),
    "windows.build": StandardFact("software", marked("Windows build")),
    "macos.version": StandardFact("software", marked("macOS version")),
    "linux.distribution": StandardFact("software", marked("Linux distribution")),
    "kernel.version": StandardFact("software", marked("Kernel version")),
    "desktop-environment.name": StandardFact("software", marked("Desktop environment")),
    "ios.version": StandardFact("software", marked("iOS version")),
    "android.version": StandardFact("software", marked("Android version")),
    "system.language": StandardFact("software", marked("Language of the system")),
    "directx.version": StandardFact("software", marked("DirectX version")),
    "browser.name": StandardFact("software", marked("Browser")),
    "browser.version": StandardFact("software", marked("Browser version")),
    "server.product": StandardFact("software", marked("Server's product")),
    "server.version": StandardFact("software", marked("Server version")),
    "server.maintenance": StandardFact("software", marked("Server's maintenance mode")),
    "desktop-client.version": StandardFact("software", marked("Desktop client version")),
    "android-app.version": StandardFact("software", marked("Android app version")),
    "ios-app.version": StandardFact("software", marked("iPhone app version")),
    "network.kind": StandardFact("network", marked("Kind of network")),
    "network.adapter": StandardFact("network", marked("Network adapter")),
    "network.protocols": StandardFact("network", marked("Kinds of addresses")),
    "network.mtu": StandardFact("network", marked("Largest packet (MTU)")),
    "network.vpn": StandardFact("network", marked("VPN")),
}
