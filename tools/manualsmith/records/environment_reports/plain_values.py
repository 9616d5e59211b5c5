"""Values as people write them, whatever a machine's own spelling of versions, sizes and names is.

Where a value is not of the form that is expected there is none: the answer is the empty text.
"""

import re
from collections.abc import Collection, Mapping

from manualsmith.text import marked

# What is said in words, in English; it is put into the manuals' language where it is written.
LAPTOP, DESKTOP = marked("laptop"), marked("desktop computer")
TABLET, SERVER, VIRTUAL = marked("tablet"), marked("server"), marked("virtual machine")
WIRED, WIRELESS = marked("wired network"), marked("wireless network")
BOTH = marked("wired and wireless network")
CONNECTED, ON, OFF = marked("connected"), marked("on"), marked("off")
WORDS = (LAPTOP, DESKTOP, TABLET, SERVER, VIRTUAL, WIRED, WIRELESS, BOTH, CONNECTED, ON, OFF)

_NOTHING = re.compile(
    r"to be filled by .*|default string|system (?:product|manufacturer) ?(?:name)?|not (?:specified"
    r"|available|applicable)|none|n/?a|unknown|standard|o\.?e\.?m\.?|-+|\?+|0+|無法使用|無|不適用",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\((?:R|TM|C)\)|[®™©]", re.IGNORECASE)
_COMPANY = re.compile(
    r"(?:,? +(?:inc|corp|corporation|co|ltd|limited|llc|gmbh|computer)\b\.?,?)+$", re.IGNORECASE
)
_VERSION = re.compile(r"\d+(?:\.\d+)*")
_SIZE = re.compile(r"(?<![\d,.])(\d{1,15}(?:,\d{3}){0,3}(?:\.\d{1,9})?) ?([KMGT]?)i?B\b")
_SIZES = {"": 2**-30, "K": 2**-20, "M": 2**-10, "G": 1.0, "T": 2.0**10}
_RESOLUTION = re.compile(r"(\d{3,5}) ?[x×X] ?(\d{3,5})")
_SPEED = re.compile(r"(?:,? *\(\d+ CPUs\))?,? *(?:@|~)? *\d+(?:\.\d+)? ?[MG]hz\b.*", re.IGNORECASE)
_ARCHITECTURES = (
    ("ARM64", re.compile(r"\b(?:arm64|aarch64|arm 64-bit)\b|^Apple M\d", re.IGNORECASE)),
    ("x86-64", re.compile(r"\b(?:x64|x86[-_]64|amd64|Intel Core)\b", re.IGNORECASE)),
    ("x86", re.compile(r"\b(?:x86|i[3-6]86)\b", re.IGNORECASE)),
)
_WINDOWS = re.compile(
    r"(?:Microsoft )?Windows (?P<version>Server \d{4}|\d+(?:\.\d)?)(?: R2)?"
    r"(?: (?P<edition>[A-Za-z][A-Za-z ]*?|[一-鿿]{2,8}))?(?: N)?(?: (?:64|32)-bit)?(?: ?[(,].*)?"
)
_EDITIONS = {
    "家用版": "Home",
    "專業版": "Pro",
    "企業版": "Enterprise",
    "教育版": "Education",
    "專業教育版": "Pro Education",
    "專業工作站版": "Pro for Workstations",
}
_DISTRIBUTION = re.compile(r"([A-Za-z][^\d(\[\"]*)(\d[\w.]*)?")
_WIRELESS = re.compile(r"wi-?fi|wireless|wlan|802\.11|airport|無線", re.IGNORECASE)
_TUNNEL = re.compile(r"vpn|wireguard|tap-|wintun|anyconnect|fortinet|tailscale", re.IGNORECASE)
_CHASSIS = {
    LAPTOP: ("laptop", "notebook", "portable", "convertible", "sub notebook", "mobile", "行動"),
    DESKTOP: ("desktop", "tower", "mini tower", "mini-pc", "all in one", "桌上型", "桌面"),
    TABLET: ("tablet", "detachable", "slate"),
    SERVER: ("server", "enterprise server", "rack mount chassis"),
    VIRTUAL: ("vm", "virtual machine", "kvm", "container"),
}


def plain_name(text: str) -> str:
    """Return the name of a thing without marks of trade, empty for what stands where none is."""
    text = " ".join(_MARKS.sub("", text).split())
    return "" if _NOTHING.fullmatch(text) else text


def maker(text: str) -> str:
    """Return a company's name without what says that it is one."""
    return _COMPANY.sub("", plain_name(text))


def processor(text: str) -> str:
    """Return a processor's name without its speed; empty for a family, which names none."""
    name = _SPEED.sub("", plain_name(text))
    return "" if "Family" in name else name.removesuffix(" CPU")


def architecture(text: str) -> str:
    """Return the architecture that a text names."""
    return next((name for name, pattern in _ARCHITECTURES if pattern.search(text)), "")


def version_of(text: str) -> str:
    """Return the first version in a text: digits, joined by dots."""
    found = _VERSION.search(text)
    return found[0] if found else ""


def gigabytes(text: str) -> str:
    """Return a size in whole gigabytes, such as 16 GB for ``16,036 MB``."""
    found = _SIZE.search(text)
    if not found:
        return ""
    size = round(float(found[1].replace(",", "")) * _SIZES[found[2]])
    return f"{size} GB" if size else ""


def resolution(text: str) -> str:
    """Return a screen's width and height in pixels."""
    found = _RESOLUTION.search(text)
    return f"{found[1]}x{found[2]}" if found else ""


def windows(text: str) -> Mapping[str, str]:
    """Return the version and edition that the name of a Windows has."""
    found = _WINDOWS.fullmatch(text.strip())
    if not found:
        return {}
    return {
        "windows.version": f"Windows {found['version']}",
        "windows.edition": _EDITIONS.get(found["edition"], found["edition"] or ""),
    }


def distribution(text: str) -> str:
    """Return a Linux distribution's name and version, without the version's nickname."""
    found = _DISTRIBUTION.match(text.strip())
    return f"{found[1].strip()} {found[2] or ''}".strip() if found else ""


def chassis(text: str) -> str:
    """Return the kind of computer that a machine says it is."""
    words = " ".join(re.sub(r"[^\w -]", " ", text).lower().split())
    return next((kind for kind, names in _CHASSIS.items() if words in names), "")


def network_kind(adapters: Collection[str]) -> str:
    """Return how a machine is connected, by what its connected adapters are called."""
    real = [one for one in adapters if not _TUNNEL.search(one)]
    wireless = [bool(_WIRELESS.search(one)) for one in real]
    if not real:
        return ""
    return BOTH if len({*wireless}) == 2 else WIRELESS if wireless[0] else WIRED


def adapter_names(adapters: Collection[str]) -> str:
    """Return the names of adapters, but for those of tunnels."""
    return " + ".join(plain_name(one) for one in adapters if not _TUNNEL.search(one))


def vpn(adapters: Collection[str]) -> str:
    """Return whether a tunnel is among the connected adapters; empty where none is."""
    return CONNECTED if any(map(_TUNNEL.search, adapters)) else ""
