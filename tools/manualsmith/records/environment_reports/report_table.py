"""The reports that are known: one entry for each, and which of them a text is.

A reader is a function from a report to the facts that it tells, by their names in
`standard_facts.STANDARD_FACTS`; None where the report is of another kind. It takes what is listed,
and nothing else of the report, so that names, numbers of devices and addresses stay outside.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from manualsmith.errors import UserError
from manualsmith.records.environment_reports import (
    browser_reports,
    dxdiag_reports,
    inxi_report,
    linux_hardware,
    linux_reports,
    macos_reports,
    msinfo_reports,
    nextcloud_reports,
    windows_report,
)
from manualsmith.records.environment_reports.report_text import MachineReport, read_text
from manualsmith.text import t

Reader = Callable[[MachineReport], Mapping[str, str] | None]


@dataclass(frozen=True)
class ReportKind:
    """A kind of report: what people call it, what makes one, words that it has, and its reader."""

    label: str
    made_by: str
    signs: Sequence[str]
    read: Reader


# By the name that ``--json`` has.
REPORTS: Mapping[str, ReportKind] = {
    "systeminfo": ReportKind(
        "Windows systeminfo",
        "systeminfo > report.txt",
        ("OS Name", "OS Version", "System Type", "Hotfix", "作業系統名稱", "系統類型", "網路卡"),
        windows_report.systeminfo,
    ),
    "msinfo32": ReportKind(
        "Windows msinfo32 (.txt)",
        "msinfo32 /report report.txt",
        ("[System Summary]", "OS Name\t", "[系統摘要]", "作業系統名稱\t"),
        msinfo_reports.text_report,
    ),
    "msinfo32-nfo": ReportKind(
        "Windows msinfo32 (.nfo)",
        "msinfo32 /nfo report.nfo",
        ("<MsInfo", "<Category"),
        msinfo_reports.nfo_report,
    ),
    "dxdiag": ReportKind(
        "Windows dxdiag (.txt)",
        "dxdiag /t report.txt",
        ("Time of this report:", "DirectX Version:", "Card name:", "Operating System:"),
        dxdiag_reports.text_report,
    ),
    "dxdiag-xml": ReportKind(
        "Windows dxdiag (.xml)",
        "dxdiag /x report.xml",
        ("<DxDiag", "<SystemInformation"),
        dxdiag_reports.xml_report,
    ),
    "system_profiler": ReportKind(
        "macOS system_profiler",
        "system_profiler -detailLevel mini SPHardwareDataType SPSoftwareDataType",
        ("Hardware Overview:", "System Software Overview:", "Model Identifier:"),
        macos_reports.text_report,
    ),
    "system_profiler-json": ReportKind(
        "macOS system_profiler -json",
        "system_profiler -json SPHardwareDataType SPSoftwareDataType SPNetworkDataType",
        ('"SPHardwareDataType"', '"SPSoftwareDataType"', '"_name"'),
        macos_reports.json_report,
    ),
    "system_profiler-xml": ReportKind(
        "macOS system_profiler -xml, .spx",
        "system_profiler -xml SPHardwareDataType SPSoftwareDataType SPNetworkDataType",
        ("<plist", "_dataType", "SPHardwareDataType"),
        macos_reports.xml_report,
    ),
    "inxi": ReportKind(
        "Linux inxi",
        "inxi -Fc0",
        ("Distro:", "Kernel:", "Machine:", "Graphics:", "Device-1:"),
        inxi_report.inxi,
    ),
    "lshw": ReportKind(
        "Linux lshw -json",
        "lshw -json",
        ('"logicalname"', '"class"', '"businfo"'),
        linux_hardware.lshw,
    ),
    "ip-addr": ReportKind(
        "Linux ip -j addr",
        "ip -j addr",
        ('"ifname"', '"addr_info"', '"operstate"'),
        linux_hardware.ip_addr,
    ),
    "hostnamectl": ReportKind(
        "Linux hostnamectl",
        "hostnamectl",
        ("Static hostname:", "Operating System:", "Chassis:", "Icon name:"),
        linux_reports.hostnamectl,
    ),
    "hostnamectl-json": ReportKind(
        "Linux hostnamectl --json",
        "hostnamectl --json=short",
        ('"StaticHostname"', '"OperatingSystemPrettyName"', '"KernelRelease"'),
        linux_reports.hostnamectl_json,
    ),
    "os-release": ReportKind(
        "Linux os-release",
        "cat /etc/os-release",
        ("PRETTY_NAME=", "VERSION_ID=", "ID_LIKE="),
        linux_reports.os_release,
    ),
    "user-agent": ReportKind(
        "User-Agent",
        "navigator.userAgent",
        ("Mozilla/5.0", "AppleWebKit/", "Gecko/"),
        browser_reports.user_agent,
    ),
    "about-support": ReportKind(
        "Firefox about:support",
        "about:support",
        ("Application Basics", "Build ID:", "應用程式基本資訊", "組建 ID"),
        browser_reports.about_support,
    ),
    "chrome-version": ReportKind(
        "Chrome, Edge chrome://version",
        "chrome://version",
        ("Google Chrome\t", "Microsoft Edge\t", "Chromium\t", "JavaScript\t"),
        browser_reports.chrome_version,
    ),
    "nextcloud-status": ReportKind(
        "Nextcloud status.php, occ status --output=json",
        "curl https://cloud.example.org/status.php",
        ('"versionstring"', '"productname"', '"needsDbUpgrade"'),
        nextcloud_reports.status_json,
    ),
    "occ-status": ReportKind(
        "Nextcloud occ status",
        "php occ status",
        ("- versionstring:", "- needsDbUpgrade:", "- productname:"),
        nextcloud_reports.occ_status,
    ),
    "desktop-client": ReportKind(
        "Nextcloud desktop client",
        "nextcloud --version",
        ("Nextcloud version", "Desktop Client", "桌面版用戶端", "Git revision"),
        nextcloud_reports.desktop_client,
    ),
}
_NEAREST = 3


@dataclass(frozen=True)
class ReadReport:
    """A report that was read: the name of its kind, and the facts that it tells, by their names."""

    kind: str
    facts: Mapping[str, str]


def read_report(data: bytes) -> ReadReport:
    """Return what a report tells.

    Raises UserError where the bytes are no text, no report that is known, or several in one.
    """
    report = read_text(data)
    found = {
        name: told for name, kind in REPORTS.items() if (told := kind.read(report)) is not None
    }
    if not found:
        raise _unknown(report)
    if len(found) > 1:
        names = ", ".join(REPORTS[name].label for name in found)
        raise UserError(
            t("several reports in one: {names}", names=names), hint=t("give each by itself")
        )
    [(name, values)] = found.items()
    facts = {fact: value for fact, value in values.items() if value}
    if not facts:
        raise UserError(
            t("a report of {name} that tells nothing of use", name=REPORTS[name].label),
            hint=t("made by: {command}", command=REPORTS[name].made_by),
        )
    return ReadReport(name, facts)


def _unknown(report: MachineReport) -> UserError:
    """Return what is said of a text that is no report, or of which a part is missing."""
    there = {name: sum(sign in report.text for sign in one.signs) for name, one in REPORTS.items()}
    nearest = sorted((name for name in there if there[name]), key=lambda name: -there[name])
    taken = t("taken: {names}", names=", ".join(one.label for one in REPORTS.values()))
    if not nearest:
        return UserError(t("no report that is known"), hint=taken)
    names = t("; ").join(
        f"{REPORTS[name].label} ({REPORTS[name].made_by})" for name in nearest[:_NEAREST]
    )
    return UserError(
        t("no report that is known, or a part of one"),
        hint=t("nearest: {names}", names=names) + t("; ") + taken,
    )
