"""Windows: what ``msinfo32`` exports, as text and as XML, in English and in Taiwan's Chinese."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from manualsmith.records.environment_reports.plain_values import (
    architecture,
    chassis,
    gigabytes,
    maker,
    plain_name,
    processor,
    resolution,
    windows,
)
from manualsmith.records.environment_reports.report_text import MachineReport
from manualsmith.records.environment_reports.windows_report import build

_SUMMARY = ("System Summary", "系統摘要")
_DISPLAY = ("Display", "顯示")
_LABELS = {
    "OS Name": "os",
    "作業系統名稱": "os",
    "Version": "version",
    "版本": "version",
    "System Manufacturer": "maker",
    "系統製造商": "maker",
    "System Model": "model",
    "系統型號": "model",
    "System Type": "type",
    "系統類型": "type",
    "Processor": "processor",
    "處理器": "processor",
    "Platform Role": "role",
    "平台角色": "role",
    "Installed Physical Memory (RAM)": "memory",
    "已安裝的實體記憶體 (RAM)": "memory",
    "Name": "card",
    "名稱": "card",
    "Resolution": "resolution",
    "解析度": "resolution",
}
_OF_DISPLAY = ("card", "resolution")
# section, label and value
_Item = tuple[str, str, str]


def text_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return the summary and the screen of a text export: sections, items parted by tabs."""
    if not any(f"[{name}]" in report.lines for name in _SUMMARY):
        return None
    return _told(_of_lines(report))


def nfo_report(report: MachineReport) -> Mapping[str, str] | None:
    """Return the summary and the screen of an XML export."""
    root = report.xml
    return _told(_of_xml(root)) if root is not None and root.tag == "MsInfo" else None


def _of_lines(report: MachineReport) -> Iterator[_Item]:
    section = ""
    for line in report.lines:
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        label, tab, value = line.partition("\t")
        if tab:
            yield section, label.strip(), value.strip()


def _of_xml(root: Element) -> Iterator[_Item]:
    for section in root.iter("Category"):
        for item in section.findall("Data"):
            texts = [(one.text or "").strip() for one in item]
            if len(texts) > 1:
                yield section.get("name", ""), texts[0], texts[1]


def _told(items: Iterator[_Item]) -> Mapping[str, str] | None:
    found: dict[str, str] = {}
    for section, label, value in items:
        name = _LABELS.get(label)
        sections = _DISPLAY if name in _OF_DISPLAY else _SUMMARY
        if name and section in sections:
            found.setdefault(name, value)
    if not windows(found.get("os", "")):
        return None
    return {
        **windows(found["os"]),
        **build(found.get("version", "")),
        "computer.maker": maker(found.get("maker", "")),
        "computer.model": plain_name(found.get("model", "")),
        "computer.type": chassis(found.get("role", "")),
        "processor.name": processor(found.get("processor", "")),
        "processor.architecture": architecture(found.get("type", "")),
        "memory.size": gigabytes(found.get("memory", "")),
        "graphics.name": plain_name(found.get("card", "")),
        "display.resolution": resolution(found.get("resolution", "")),
    }
