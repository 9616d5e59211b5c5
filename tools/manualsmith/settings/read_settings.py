"""Settings: ``[tool.manualsmith]`` of the repository's ``pyproject.toml``, each with a default."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import DEFAULT, FACT_LABELS, Layout
from manualsmith.naming import is_fact_name
from manualsmith.settings.label_settings import LabelSettings, read_label_settings
from manualsmith.settings.layout_settings import (
    FOLDERS_TABLE,
    MANUALS_TABLE,
    MARKDOWN,
    SettingsText,
    must_be,
    read_layout,
)
from manualsmith.settings.organisation_settings import (
    FACTS_TABLE,
    ORGANISATION_TABLE,
    read_fact_labels,
    read_organisation,
)
from manualsmith.settings.probe_settings import NO_PROBES, ProbeSettings, read_probes
from manualsmith.settings.webhook_settings import WebhookSettings, read_webhooks
from manualsmith.standard_facts import STANDARD_FACTS
from manualsmith.text import t

PYPROJECT = "pyproject.toml"
_SPAN = re.compile(r"([1-9][0-9]{0,3})([dwmy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
DUE_HOURS = {"urgent": 4, "high": 8, "normal": 24, "low": 72}
OnDeleted = Literal["ask", "reject", "keep"]
OwnSuggestions = Literal["allow", "remark", "refuse"]
Forge = Literal["github", "gitlab", "gitea", "forgejo", "none"]


@dataclass(frozen=True)
class Upkeep:
    """Who keeps a page true, by role, and in how many days it is to be confirmed again.

    None: nothing is said of it.
    """

    owner: str | None = None
    every: int | None = None

    def over(self, other: "Upkeep") -> "Upkeep":
        """Return it, with what *other* says where it says nothing."""
        return Upkeep(self.owner or other.owner, self.every or other.every)


@dataclass(frozen=True)
class ConfirmSettings:
    """``[tool.manualsmith.confirm]``: by whom and how often pages that say nothing are confirmed.

    everything: of all pages; manuals and products: of theirs, by name. A product goes first.
    """

    everything: Upkeep = Upkeep()
    manuals: Mapping[str, Upkeep] = field(default_factory=dict)
    products: Mapping[str, Upkeep] = field(default_factory=dict)

    def of(self, manual: str, product: str) -> Upkeep:
        """Return what holds for the pages of a manual and a product."""
        by_product = self.products.get(product, Upkeep())
        return by_product.over(self.manuals.get(manual, Upkeep())).over(self.everything)


def days_of(text: str) -> int:
    """Return the days of a time such as ``90d``, ``12w``, ``6m`` (of 30) or ``1y`` (of 365).

    Raises ValueError for anything else.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return int(found[1]) * _DAYS[found[2]]


@dataclass(frozen=True)
class DeskSettings:
    """``[tool.manualsmith.desk]``: a team's desk behind a proxy that asks people who they are.

    hosts: the names that the proxy calls it by. user_header, group_header, email_header: where the
    proxy says who it is; groups are separated by commas. trusted: the addresses, or networks, of
    the proxy. roles: the groups that are staff, reviewer and lead. sites: the origins of the sites
    whose readers' answers are counted, such as ``https://manuals.example.org``; none without it.
    """

    hosts: tuple[str, ...] = ()
    user_header: str = "X-Forwarded-User"
    group_header: str = "X-Forwarded-Groups"
    email_header: str = "X-Forwarded-Email"
    trusted: tuple[str, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What a repository may set.

    main: the branch that holds the published manuals; found by its usual names where not set.
    remote: the git remote that ids are claimed on, and that ``--push`` and ``--fetch`` mean.
    forge: what serves that remote, for merge requests; told by the host's name where not set.
    allow_html: tags without attributes that suggested text may use, such as ``br``.
    allow_personal: texts that look like personal data but may stand in records.
    protect_main: whether the hook keeps manual changes that no accepted suggestion explains, and
        the deletion of suggestions that are not decided, out of main.
    protect_paths: patterns of further files that no push changes, where main is protected.
    allowed_signers: the file in the repository that says whose SSH signatures count, as git's
        ``gpg.ssh.allowedSignersFile``; where it is set, who decides signs. It is protected as well.
    records: the folder of another repository that holds ``records/``, from this one's root; this
        one holds them where it is not set. A git setting ``manualsmith.records`` goes before it.
    desk: who may at a team's desk; see `DeskSettings`.
    on_deleted: what becomes of an open suggestion whose branch somebody deleted on the remote, or
        whose merge request they closed, without merging it: ``ask`` asks about it once, ``reject``
        rejects it, ``keep`` pushes it.
    own_suggestions: what is said to who accepts what they proposed themselves.
    due_hours: within how many hours a request of each severity is to be resolved.
    confirm: by whom and how often pages are to be confirmed; see `ConfirmSettings`.
    reported_facts: what the manuals call a fact that a machine's report tells, by its standard
        name; empty for one that is not to be taken.
    probes: where facts of the environment can be read by machine; see `ProbeSettings`.
    labels: how manuals quote the words of screens; see `LabelSettings`.
    webhooks: who is told of what was answered and decided; see `WebhookSettings`.
    layout: where the manuals and the records are, and which Markdown pages are in: the tables
        ``manuals`` and ``folders``, and ``markdown``. With it whose they are, and what people read
        for the names of facts: the tables ``organisation`` and ``facts``.
    """

    main: str | None = None
    remote: str = "origin"
    forge: Forge | None = None
    allow_html: tuple[str, ...] = ()
    allow_personal: tuple[str, ...] = ()
    protect_main: bool = False
    protect_paths: tuple[str, ...] = ()
    allowed_signers: str | None = None
    records: str | None = None
    on_deleted: OnDeleted = "ask"
    own_suggestions: OwnSuggestions = "remark"
    desk: DeskSettings = DeskSettings()
    due_hours: Mapping[str, int] = field(default_factory=lambda: DUE_HOURS)
    confirm: ConfirmSettings = ConfirmSettings()
    reported_facts: Mapping[str, str] = field(default_factory=dict)
    probes: ProbeSettings = NO_PROBES
    labels: LabelSettings = LabelSettings()
    webhooks: WebhookSettings = WebhookSettings()
    layout: Layout = DEFAULT


def read_settings(pyproject: bytes | None, file: str = PYPROJECT) -> Settings:
    """Return the settings in a ``pyproject.toml``; the defaults where there is none.

    Raises UserError for a file that is no TOML, an unknown setting or a value of the wrong type.
    """
    if pyproject is None:
        return Settings()
    try:
        text = pyproject.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UserError(t("not a TOML file: {reason}", reason=error), Place(file)) from error
    values = table.get("tool", {}).get("manualsmith", {})
    source = SettingsText(text, file)
    known = {field.name: field.type for field in fields(Settings) if field.name != "layout"}
    of_layout = (MANUALS_TABLE, FOLDERS_TABLE, MARKDOWN, ORGANISATION_TABLE, FACTS_TABLE)
    tables = {name: values.pop(name) for name in of_layout if name in values}
    names = ", ".join((*known, *of_layout))
    problems = [
        Problem(message, source.place(name), t("settings: {names}", names=names))
        for name, value in values.items()
        if (message := _wrong(name, value, known))
    ]
    if problems:
        raise UserError(problems)
    if tables:
        values["layout"] = _layout(tables, source)
    if "desk" in values:
        values["desk"] = _desk(values["desk"], source)
    if "confirm" in values:
        values["confirm"] = _confirm(values["confirm"], values.get("layout", DEFAULT), source)
    if "probes" in values:
        values["probes"] = read_probes(values["probes"], source)
    if "labels" in values:
        manuals = values.get("layout", DEFAULT).manuals
        values["labels"] = read_label_settings(values["labels"], manuals, source)
    if "webhooks" in values:
        values["webhooks"] = read_webhooks(values["webhooks"], source)
    if "due_hours" in values:
        values["due_hours"] = {**DUE_HOURS, **values["due_hours"]}
    plain: dict[str, Any] = {name: _plain(value) for name, value in values.items()}
    return Settings(**plain)


def _layout(tables: Mapping[str, Any], source: SettingsText) -> Layout:
    """Return the layout, with whose it is. Raises UserError with what is wrong."""
    made = read_layout(tables, source)
    if ORGANISATION_TABLE in tables:
        whose = read_organisation(tables[ORGANISATION_TABLE], source)
        made = replace(made, organisation=whose)
    if FACTS_TABLE in tables:
        labels = read_fact_labels(tables[FACTS_TABLE], source)
        made = replace(made, facts={**FACT_LABELS, **labels})
    return made


def read_settings_in(folder: Path) -> Settings:
    """Return the settings that a folder has, as `read_settings` does."""
    file = folder / PYPROJECT
    return read_settings(file.read_bytes() if file.is_file() else None, str(file))


def _desk(table: Mapping[str, Any], source: SettingsText) -> DeskSettings:
    """Return the desk's settings. Raises UserError for what is none."""
    known: dict[str, Any] = {one.name: one.type for one in fields(DeskSettings)}
    problems = [
        Problem(message, source.place("desk", name), t("settings: {names}", names=", ".join(known)))
        for name, value in table.items()
        if (message := _wrong(name, value, known))
    ]
    if problems:
        raise UserError(problems)
    values: dict[str, Any] = {name: _plain(value) for name, value in table.items()}
    roles = {role: tuple(groups) for role, groups in table.get("roles", {}).items()}
    return DeskSettings(**{**values, "roles": roles})


def _confirm(table: Mapping[str, Any], layout: Layout, source: SettingsText) -> ConfirmSettings:
    """Return by whom and how often pages are confirmed. Raises UserError for what is none."""
    problems: list[Problem] = []
    own = {name: value for name, value in table.items() if name not in ("manuals", "products")}
    everything = _upkeep(own, ("confirm",), source, problems)
    found: dict[str, dict[str, Upkeep]] = {}
    for kind in ("manuals", "products"):
        tables = table.get(kind, {})
        if not isinstance(tables, dict):
            problems.append(must_be(f"confirm.{kind}", t("a table"), source.place("confirm", kind)))
            continue
        for name in tables if kind == "manuals" else ():
            if name not in layout.manuals:
                hint = t("manuals: {names}", names=", ".join(layout.manuals))
                said = t("there is no manual {name}", name=name)
                problems.append(Problem(said, source.place("confirm", kind, name), hint))
        found[kind] = {
            name: _upkeep(one, ("confirm", kind, name), source, problems)
            for name, one in tables.items()
        }
    if problems:
        raise UserError(problems)
    return ConfirmSettings(everything, found["manuals"], found["products"])


def _upkeep(
    table: object, path: tuple[str, ...], source: SettingsText, problems: list[Problem]
) -> Upkeep:
    """Return what one table says of owner and time; what is wrong is added to *problems*."""
    name, known = ".".join(path), ("owner", "every")
    if not isinstance(table, dict):
        problems.append(must_be(name, t("a table"), source.place(*path)))
        return Upkeep()
    wrong: dict[str, str] = {}
    for key, value in table.items():
        if key not in known:
            wrong[key] = t("[tool.manualsmith] has no setting {name}", name=f"{name}.{key}")
        elif not isinstance(value, str) or not value.strip():
            wrong[key] = t("setting {name} must be {wanted}", name=key, wanted=t("a text"))
        elif key == "every" and not _SPAN.fullmatch(value.strip()):
            wrong[key] = not_a_time(value)
    hint = t("settings: {names}", names=", ".join(known))
    problems += [Problem(said, source.place(*path, key), hint) for key, said in wrong.items()]
    if wrong:
        return Upkeep()
    return Upkeep(table.get("owner"), days_of(table["every"]) if "every" in table else None)


def not_a_time(text: str) -> str:
    """Return what is said of a time that is none."""
    return t("{text} is no time: write 90d, 12w, 6m or 1y", text=repr(text))


def _is_roles(value: object) -> bool:
    return isinstance(value, dict) and all(
        role in ("staff", "reviewer", "lead")
        and isinstance(groups, list)
        and all(isinstance(group, str) for group in groups)
        for role, groups in value.items()
    )


def _wrong(name: str, value: object, known: dict[str, Any]) -> str | None:
    if name not in known:
        return t("[tool.manualsmith] has no setting {name}", name=name)
    if choices := _choices(known[name]):
        right, wanted = value in choices, t("one of: {names}", names=", ".join(choices))
    elif name == "due_hours":
        right = isinstance(value, dict) and all(
            key in DUE_HOURS and type(hours) is int and hours > 0 for key, hours in value.items()
        )
        wanted = t("hours for some of: {names}", names=", ".join(DUE_HOURS))
    elif name == "reported_facts":
        right = isinstance(value, dict) and all(
            key in STANDARD_FACTS and isinstance(own, str) and (not own or is_fact_name(own))
            for key, own in value.items()
        )
        wanted = t("names of facts for some of: {names}", names=", ".join(STANDARD_FACTS))
    elif name in ("desk", "confirm", "probes", "labels", "webhooks"):
        right, wanted = isinstance(value, dict), t("a table")
    elif name == "roles":
        right, wanted = (
            _is_roles(value),
            t("groups for some of: {names}", names="staff, reviewer, lead"),
        )
    elif known[name] is bool:
        right, wanted = isinstance(value, bool), t("true or false")
    elif tuple[str, ...] in (known[name], *get_args(known[name])):
        right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        wanted = t("a list of texts")
    else:
        right, wanted = isinstance(value, str), t("a text")
    return None if right else t("setting {name} must be {wanted}", name=name, wanted=wanted)


def _choices(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a type as annotations have it
    """Return the texts that a setting's type allows, none where it allows any."""
    literals = (part for part in (kind, *get_args(kind)) if get_origin(part) is Literal)
    return tuple(text for literal in literals for text in get_args(literal))


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
