"""A problem request (異常處理申請單, O2.2.1): what a user reported, in the user's words."""

from typing import Annotated, Literal, get_args

from pydantic import ConfigDict, Field

from manualsmith.markdown.edit_models import Model
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.fields import (
    IncidentId,
    Moment,
    NoneIsNoList,
    NoneIsNoMapping,
    OneLine,
    PictureName,
    RequestId,
    Text,
)
from manualsmith.text import t

Severity = Literal["urgent", "high", "normal", "low"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
# What a request and the incident that takes it up are sorted by.
SORTED_BY = ("category", "item", "impact")


class Closing(Model):
    """Why a request needs no incident: when, by whom, and the reason."""

    model_config = ConfigDict(title="結案")

    at: Moment
    by: OneLine
    reason: Text


class Request(Model):
    """One request.

    ``page`` is the page that it was reported from, ``source`` its number in another system, by
    which an import knows it again. ``channel`` is how it came in, ``unit`` the requester's,
    ``category`` what kind of trouble it is, ``item`` the device or service, ``impact`` whom it
    keeps from their work: in the words of the desk. ``assignee`` is whose work it is.
    """

    model_config = ConfigDict(title="異常處理申請單（O2.2.1）")

    schema_: Annotated[Literal["manualsmith/request/v1"], Field(alias="schema")] = (
        "manualsmith/request/v1"
    )
    id: RequestId
    at: Moment
    product: OneLine
    severity: Severity = "normal"
    impact: OneLine | None = None
    staff: OneLine | None = None
    assignee: OneLine | None = None
    requester: OneLine | None = None
    unit: OneLine | None = None
    channel: OneLine | None = None
    category: OneLine | None = None
    item: OneLine | None = None
    symptom: OneLine
    detail: Text | None = None
    page: OneLine | None = None
    environment: Annotated[Environment, NoneIsNoMapping] = Environment()
    source: OneLine | None = None
    incident: IncidentId | None = None
    pictures: Annotated[tuple[PictureName, ...], NoneIsNoList] = ()
    closed: Closing | None = None

    @property
    def sorted_as(self) -> dict[str, str | None]:
        """What an incident takes over from it: its category, item and impact."""
        return {name: getattr(self, name) for name in SORTED_BY}

    @property
    def free(self) -> bool:
        """Whether nobody has taken it up or closed it."""
        return not (self.incident or self.closed)


def severity_name(severity: Severity) -> str:
    """Return a severity as people say it."""
    return {
        "urgent": t("urgent"),
        "high": t("high"),
        "normal": t("normal"),
        "low": t("low"),
    }[severity]
