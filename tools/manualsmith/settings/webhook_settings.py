"""Read ``[tool.manualsmith.webhooks]``: who is told of what was answered and decided."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from manualsmith.errors import Place, Problem, UserError
from manualsmith.layout import MANUAL_NAME
from manualsmith.settings.layout_settings import Fault, SettingsText, must_be, setting_faults
from manualsmith.settings.probe_settings import (
    BOUND_FAULTS,
    Bounds,
    Origin,
    address_fault,
    bounds_in,
)
from manualsmith.text import t

WEBHOOKS_TABLE = "webhooks"
EVENTS = (
    "request.explained",
    "incident.resolved",
    "suggestion.accepted",
    "suggestion.rejected",
    "suggestion.withdrawn",
    "suggestion.superseded",
    "suggestion.reverted",
    "pages.published",
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)


@dataclass(frozen=True)
class Webhook:
    """One receiver: its address, and of which events it is told.

    secret: the environment variable that holds what messages are signed with. texts: whether it is
    told the words of answers, too, and not titles alone. place: where the settings say so.
    """

    name: str
    url: str
    secret: str
    events: tuple[str, ...] = EVENTS
    texts: bool = False
    place: Place = field(default=Place(), compare=False)


@dataclass(frozen=True)
class WebhookSettings:
    """The receivers by name, what bounds messages, and the desk's address that they link to."""

    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    bounds: Bounds = Bounds(table=WEBHOOKS_TABLE)
    desk: str | None = None


def read_webhooks(table: Mapping[str, Any], source: SettingsText) -> WebhookSettings:
    """Return the receivers that settings name. Raises UserError with all that is wrong."""
    named = {name: values for name, values in table.items() if isinstance(values, dict)}
    general = {name: value for name, value in table.items() if name not in named}
    problems = list(setting_faults(general, (WEBHOOKS_TABLE,), _GENERAL, source))
    for name, values in named.items():
        problems += _receiver_problems(name, values, source)
    if problems:
        raise UserError(problems)
    webhooks = {name: _receiver(name, values, source) for name, values in named.items()}
    hosts = frozenset(Origin.of(one.url) for one in webhooks.values())
    bounds = Bounds(**{**bounds_in(general), "hosts": hosts, "table": WEBHOOKS_TABLE})
    return WebhookSettings(webhooks, bounds, general.get("desk", "").rstrip("/") or None)


def _receiver(name: str, values: Mapping[str, Any], source: SettingsText) -> Webhook:
    plain: dict[str, Any] = {**values, "events": tuple(values.get("events", EVENTS))}
    return Webhook(name, **plain, place=source.place(WEBHOOKS_TABLE, name))


def _receiver_problems(
    name: str, values: Mapping[str, Any], source: SettingsText
) -> Iterator[Problem]:
    place, at = source.place(WEBHOOKS_TABLE, name), f"{WEBHOOKS_TABLE}.{name}"
    if not re.fullmatch(MANUAL_NAME, name):
        yield must_be(at, t("named by small letters, digits and hyphens, such as server"), place)
    yield from setting_faults(values, (WEBHOOKS_TABLE, name), _OF_RECEIVER, source)
    for key in ("url", "secret"):
        if key not in values:
            yield Problem(t("setting {name} is missing", name=f"{at}.{key}"), place)


def _https(value: object) -> str | None:
    if address_fault(value) is None and str(value).startswith("https://"):
        return None
    return t("an https address without a password, such as https://chat.example.org/hook")


def _variable(value: object) -> str | None:
    if isinstance(value, str) and _VARIABLE.fullmatch(value):
        return None
    return t("the name of an environment variable, such as CHAT_SECRET: never the secret itself")


def _events(value: object) -> str | None:
    if isinstance(value, list) and value and all(one in EVENTS for one in value):
        return None
    return t("some of: {names}", names=", ".join(EVENTS))


def _yes_or_no(value: object) -> str | None:
    return None if isinstance(value, bool) else t("true or false")


_GENERAL: Mapping[str, Fault] = {
    **{name: BOUND_FAULTS[name] for name in ("private", "cafile", "seconds")},
    "desk": _https,
}
_OF_RECEIVER: Mapping[str, Fault] = {
    "url": _https,
    "secret": _variable,
    "events": _events,
    "texts": _yes_or_no,
}
