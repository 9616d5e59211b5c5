"""Read ``[tool.manualsmith.probes]``: where facts of the environment can be read by machine."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import urlsplit

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import CATEGORIES, MANUAL_NAME
from manualsmith.naming import is_fact_name
from manualsmith.settings.layout_settings import Fault, SettingsText, must_be, setting_faults
from manualsmith.text import t

PROBES_TABLE = "probes"
# What the parts of a version are called; a version is cut after the one that is named.
PARTS: Mapping[str, tuple[str, ...]] = {
    "semver": ("major", "minor", "patch"),
    "calver": ("year", "month", "micro"),
    "plain": (),
}
SOURCES = ("url", "command", "file")
_PORTS = {"https": 443, "http": 80}
_LONGEST = 2_000
_MOST_SECONDS, _MOST_BYTES = 300, 50_000_000
_HOST = re.compile(r"(?:https?://)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?/?")


@dataclass(frozen=True)
class Origin:
    """What is asked: a scheme, a host in small letters, and a port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> "Origin":
        """Return the origin of an address. Raises ValueError for none that can be asked."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(url)
        return cls(parts.scheme, parts.hostname.lower(), parts.port or _PORTS[parts.scheme])

    def __str__(self) -> str:
        """Return it as an address begins."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


@dataclass(frozen=True)
class Probe:
    """One fact of a product, and where it can be read.

    Of *url*, *command* (a program and its arguments) and *file* one is set. *path* is a JMESPath
    expression for what was answered, *pattern* a regular expression whose first group is the value,
    *part* the last part of a version that counts. *place* is where the settings say so.
    """

    name: str
    product: str
    category: str
    fact: str
    url: str | None = None
    command: tuple[str, ...] = ()
    file: str | None = None
    path: str | None = None
    pattern: str | None = None
    part: str | None = None
    versioning: str = "plain"
    place: Place = field(default=Place(), compare=False)

    @property
    def source(self) -> str:
        """What is asked, as people may read it: an address without its query."""
        if self.url:
            return urlsplit(self.url)._replace(query="", fragment="").geturl()
        return self.file or self.command[0]


@dataclass(frozen=True)
class Bounds:
    """What may be asked over a network, and within which bounds.

    hosts: the origins that may be asked, and no other. private, networks: the hosts, and the
    networks, that may have an address which is not public. cafile: certificates of one's own, from
    the repository's root. seconds: how long it may take. max_bytes: of one answer. table: the
    settings that say so.
    """

    hosts: frozenset[Origin] = frozenset()
    private: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    cafile: str | None = None
    seconds: float = 10
    max_bytes: int = 1_000_000
    table: str = PROBES_TABLE


@dataclass(frozen=True)
class ProbeSettings(Bounds):
    """The probes by name, what they may ask, and within which bounds."""

    probes: Mapping[str, Probe] = field(default_factory=dict)


NO_PROBES = ProbeSettings()


def read_probes(table: Mapping[str, Any], source: SettingsText) -> ProbeSettings:
    """Return the probes that settings name. Raises UserError with all that is wrong with them."""
    named = {name: values for name, values in table.items() if isinstance(values, dict)}
    bounds = {name: value for name, value in table.items() if name not in named}
    problems = list(setting_faults(bounds, (PROBES_TABLE,), BOUND_FAULTS, source))
    hosts = frozenset() if problems else frozenset(map(_origin, bounds.get("hosts", ())))
    for name, values in named.items():
        problems += _probe_problems(name, values, hosts, source)
    problems = problems or list(_twice(named, source))
    if problems:
        raise UserError(problems)
    probes = {name: _probe(name, values, source) for name, values in named.items()}
    return ProbeSettings(probes=probes, **{**bounds_in(bounds), "hosts": hosts})


def bounds_in(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Bounds` that a table of settings without faults sets, but its hosts."""
    private = [_network_or_name(one) for one in table.get("private", ())]
    return {
        **{name: table[name] for name in ("cafile", "seconds", "max_bytes") if name in table},
        "private": frozenset(one for one in private if isinstance(one, str)),
        "networks": tuple(one for one in private if not isinstance(one, str)),
    }


def _probe(name: str, values: Mapping[str, Any], source: SettingsText) -> Probe:
    plain: dict[str, Any] = {**values, "command": tuple(values.get("command", ()))}
    return Probe(name, **plain, place=source.place(PROBES_TABLE, name))


def _origin(entry: str) -> Origin:
    return Origin.of(entry if "://" in entry else f"https://{entry}")


def _network_or_name(entry: str) -> str | IPv4Network | IPv6Network:
    try:
        return ip_network(entry.strip("[]"))
    except ValueError:
        return entry.lower()


def text_fault(value: object) -> str | None:
    """Return what a setting has to be, None where it is a text."""
    right = isinstance(value, str) and value.strip() and value.isprintable()
    return None if right and len(str(value)) <= _LONGEST else t("a text")


def _host(value: object) -> bool:
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        return False
    try:
        return bool(_origin(value))
    except ValueError:  # such as a port that is too great
        return False


def _hosts(value: object) -> str | None:
    if isinstance(value, list) and all(map(_host, value)):
        return None
    return t("a list of hosts, such as cloud.example.org or http://intranet.example:8080")


def _private(value: object) -> str | None:
    if isinstance(value, list) and all(text_fault(one) is None for one in value):
        return None
    return t("a list of hosts, addresses or networks, such as 10.0.0.0/8")


def _within(most: int, *kinds: type) -> Fault:
    def fault(value: object) -> str | None:
        if type(value) in kinds and 0 < value <= most:  # type: ignore[operator]
            return None
        return t("a number from 1 to {most}", most=f"{most:,}")

    return fault


def address_fault(value: object) -> str | None:
    """Return what a setting has to be, None where it is an address that can be asked."""
    wanted = t("an address without a password, such as https://cloud.example.org/status.php")
    try:
        right = isinstance(value, str) and value.isascii() and "@" not in urlsplit(value).netloc
        return None if right and not text_fault(value) and Origin.of(str(value)) else wanted
    except ValueError:
        return wanted


def _command(value: object) -> str | None:
    if isinstance(value, list) and value and all(isinstance(o, str) and o for o in value):
        return None
    return t('a program and its arguments, such as ["occ", "status"]: no shell reads it')


def _pattern(value: object) -> str | None:
    try:
        if isinstance(value, str) and re.compile(value).groups:
            return None
    except re.error:
        pass
    return t("a regular expression with a group, such as {example}", example=r"'v(\d+\.\d+)'")


def _one_of(names: Mapping[str, Any] | tuple[str, ...]) -> Fault:
    def fault(value: object) -> str | None:
        right = isinstance(value, str) and value in names
        return None if right else t("one of: {names}", names=", ".join(names))

    return fault


def _fact(value: object) -> str | None:
    if isinstance(value, str) and is_fact_name(value):
        return None
    return t("small letters and digits, joined by . or -, such as server.version")


BOUND_FAULTS: Mapping[str, Fault] = {
    "hosts": _hosts,
    "private": _private,
    "cafile": text_fault,
    "seconds": _within(_MOST_SECONDS, int, float),
    "max_bytes": _within(_MOST_BYTES, int),
}
_OF_PROBE: Mapping[str, Fault] = {
    "product": text_fault,
    "category": _one_of(CATEGORIES),
    "fact": _fact,
    "url": address_fault,
    "command": _command,
    "file": text_fault,
    "path": text_fault,
    "pattern": _pattern,
    "part": text_fault,
    "versioning": _one_of(PARTS),
}
_NEEDED = tuple(one.name for one in fields(Probe))[1:4]


def _probe_problems(
    name: str, values: Mapping[str, Any], hosts: frozenset[Origin], source: SettingsText
) -> Iterator[Problem]:
    place, at = source.place(PROBES_TABLE, name), f"{PROBES_TABLE}.{name}"
    if not re.fullmatch(MANUAL_NAME, name):
        yield must_be(at, t("named by small letters, digits and hyphens, such as server"), place)
    faults = list(setting_faults(values, (PROBES_TABLE, name), _OF_PROBE, source))
    yield from faults
    for key in _NEEDED:
        if key not in values:
            yield Problem(t("setting {name} is missing", name=f"{at}.{key}"), place)
    if sum(key in values for key in SOURCES) != 1:
        yield must_be(at, t("read from one of: {names}", names=", ".join(SOURCES)), place)
    if faults:
        return
    parts = PARTS[values.get("versioning", "plain")]
    if "part" in values and values["part"] not in parts:
        said = t("one of: {names}", names=", ".join(parts) or t("none, where versions are plain"))
        yield must_be(f"{at}.part", said, source.place(PROBES_TABLE, name, "part"))
    if "url" in values and Origin.of(values["url"]) not in hosts:
        origin = Origin.of(values["url"])
        said = t("{origin} is not among the hosts that may be asked", origin=origin)
        entry = str(origin).removeprefix("https://")
        hint = t("allow it: [tool.manualsmith.probes] hosts = {hosts}", hosts=f'["{entry}"]')
        yield Problem(said, source.place(PROBES_TABLE, name, "url"), hint)


def _twice(named: Mapping[str, Mapping[str, Any]], source: SettingsText) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], str] = {}
    for name, values in named.items():
        other = first.setdefault(tuple(values[key] for key in _NEEDED), name)
        if other != name:
            said = t("{name} reads the fact that {other} reads", name=name, other=other)
            yield Problem(said, source.place(PROBES_TABLE, name))
