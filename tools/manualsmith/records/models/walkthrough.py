"""A walkthrough (操作方式確認表, O2.1.1): a user was led through a page's steps."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from manualsmith.layout import first_manual
from manualsmith.markdown.edit_models import HeadingPath, Model, Ordinal, StepNumber
from manualsmith.records.models.environment import Environment
from manualsmith.records.models.fields import (
    ConfirmationId,
    Day,
    ManualName,
    NoneIsNoList,
    NoneIsNoMapping,
    ObjectId,
    OneLine,
    PagePath,
    PictureName,
    Release,
    RequestId,
    Text,
    WalkthroughId,
)
from manualsmith.text import t

Result = Literal["as-written", "differs", "failed", "not-applicable"]
Occasion = Literal["launch", "request"]
Overall = Literal["unfinished", "as-written", "corrected", "failed"]


class WalkedStep(Model):
    """One step as the page has it, and how it went; ``result`` is None until somebody did it.

    tab: the tab of the page that it stands in, such as ``iPhone``. ``not-applicable`` is a step for
    another environment, such as those of another tab. seen: what the step should say. before: a
    step that was missing before this one.
    """

    model_config = ConfigDict(title="步驟")

    section: HeadingPath
    list: Ordinal | None = None
    step: StepNumber
    tab: OneLine | None = None
    text: Text
    result: Result | None = None
    seen: Text | None = None
    before: Text | None = None
    note: Text | None = None
    pictures: Annotated[tuple[PictureName, ...], NoneIsNoList] = ()


class Walkthrough(Model):
    """One walkthrough; ``blob`` is the page as it was, in the manuals of ``release``, if any.

    occasion: why it was done (P2.1.1): a product's launch, or a user's need.
    """

    model_config = ConfigDict(title="操作方式確認表（O2.1.1）")

    schema_: Annotated[Literal["manualsmith/walkthrough/v1"], Field(alias="schema")] = (
        "manualsmith/walkthrough/v1"
    )
    id: WalkthroughId
    date: Day
    product: OneLine
    release: Release | None = None
    occasion: Occasion | None = None
    staff: OneLine | None = None
    requester: OneLine | None = None
    request: RequestId | None = None
    manual: ManualName = Field(default_factory=lambda: first_manual("operation").name)
    page: PagePath
    section: HeadingPath | None = None
    blob: ObjectId
    environment: Annotated[Environment, NoneIsNoMapping] = Environment()
    steps: Annotated[tuple[WalkedStep, ...], Field(min_length=1)]
    confirmation: ConfirmationId | None = None

    @property
    def unfinished(self) -> tuple[WalkedStep, ...]:
        """The steps that nobody has done yet."""
        return tuple(step for step in self.steps if step.result is None)

    @property
    def told(self) -> bool:
        """Whether any step was done."""
        return any(step.result not in (None, "not-applicable") for step in self.steps)

    @property
    def adjusted(self) -> bool:
        """Whether a step was adjusted to what was seen (P2.1.2)."""
        return any(step.seen or step.before for step in self.steps)

    @property
    def overall(self) -> Overall:
        """How the whole of it went."""
        results = {step.result for step in self.steps}
        if None in results:
            return "unfinished"
        if "failed" in results:
            return "failed"
        return "corrected" if "differs" in results else "as-written"


def occasion_name(occasion: Occasion) -> str:
    """Return why a walkthrough was done as people say it."""
    return {
        "launch": t("a new product goes live"),
        "request": t("a user's need"),
    }[occasion]


def overall_name(overall: Overall) -> str:
    """Return how a whole walkthrough went as people say it."""
    return {
        "unfinished": t("not finished"),
        "as-written": t("done as the manual says"),
        "corrected": t("done, with steps that the manual should say otherwise"),
        "failed": t("not done: there are steps that failed"),
    }[overall]


def result_name(result: Result | None) -> str:
    """Return how a step went as people say it."""
    if result is None:
        return t("not done yet")
    return {
        "as-written": t("as written"),
        "differs": t("differs"),
        "failed": t("could not do"),
        "not-applicable": t("not for this environment"),
    }[result]
