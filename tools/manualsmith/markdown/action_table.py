"""The table of edit actions: all that the tool knows of each one, in one entry.

A new action is a model in `edit_models`, a function in ``actions/``, and its entry here. What
walks over the table (records, the desk, drift, the tests) then has it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import Field, TypeAdapter

from manualsmith.markdown import edit_models as models
from manualsmith.markdown.edit_models import EditAction
from manualsmith.text import marked

Action = EditAction
Pointed = Literal["words", "step", "cell", "section", "entry"]


@dataclass(frozen=True)
class ActionKind:
    """One action.

    label: what people call it, in English; `text.t` puts it into their language.
    make: its function in ``actions/``, from a page and an edit to text edits; "" where the whole
    page gives way.
    again: the function in ``drift/`` that does it on a page which has changed since; "" where its
    words are carried over.
    pointed: what is pointed at for it in the desk; asks: the fields that the form then asks for.
    fills: the form begins with what stands there. only: the kind of manual whose pages it is for.
    finding: whether a finding may ask for it. adds: it adds to the manual, and corrects nothing.
    """

    model: type[EditAction]
    label: str
    make: str = ""
    again: str = ""
    pointed: tuple[Pointed, ...] = ()
    asks: tuple[str, ...] = ()
    fills: bool = False
    only: str = ""
    finding: bool = True
    adds: bool = False

    @property
    def function(self) -> Callable[..., Any]:
        """The function named by *make*; a function of its module is imported when it is used."""
        return _named("actions", self.make)

    @property
    def again_function(self) -> Callable[..., Any] | None:
        """The function named by *again*, None where its words are carried over."""
        return _named("drift", self.again) if self.again else None


def _named(room: str, path: str) -> Callable[..., Any]:
    module, _, name = path.partition(".")
    home = import_module(f"manualsmith.markdown.{room}.{module}")
    found: Callable[..., Any] = getattr(home, name)
    return found


# In the order that people are offered them in.
ACTIONS: Mapping[str, ActionKind] = {
    "replace-text": ActionKind(
        models.ReplaceText,
        marked("change words"),
        "word_actions.replace_text",
        pointed=("words",),
        asks=("text", "picture"),
        fills=True,
    ),
    "insert-text": ActionKind(
        models.InsertText,
        marked("add words"),
        "word_actions.insert_text",
        pointed=("words",),
        asks=("text", "position", "picture"),
        adds=True,
    ),
    "delete-text": ActionKind(
        models.DeleteText,
        marked("take words out"),
        "word_actions.delete_text",
        pointed=("words",),
    ),
    "replace-step": ActionKind(
        models.ReplaceStep,
        marked("change a step"),
        "step_actions.replace_step",
        "same_step.step_edit",
        pointed=("step",),
        asks=("text", "picture"),
        fills=True,
    ),
    "insert-step": ActionKind(
        models.InsertStep,
        marked("add a step"),
        "step_actions.insert_step",
        "same_step.step_edit",
        pointed=("step",),
        asks=("text", "position", "picture"),
        adds=True,
    ),
    "delete-step": ActionKind(
        models.DeleteStep,
        marked("take a step out"),
        "step_actions.delete_step",
        "same_step.step_edit",
        pointed=("step",),
    ),
    "move-step": ActionKind(
        models.MoveStep,
        marked("move a step"),
        "step_actions.move_step",
        "same_step.step_edit",
        pointed=("step",),
        asks=("to", "position"),
    ),
    "replace-entry": ActionKind(
        models.ReplaceEntry,
        marked("correct an entry"),
        "entry_actions.replace_entry",
        "retargeting.replace_entry",
        pointed=("entry",),
        asks=("entry", "picture"),
    ),
    "append-to-section": ActionKind(
        models.AppendToSection,
        marked("add to a section"),
        "section_actions.append_to_section",
        "retargeting.append_to_section",
        pointed=("section", "entry"),
        asks=("text", "picture"),
        adds=True,
    ),
    "replace-section": ActionKind(
        models.ReplaceSection,
        marked("rewrite a section"),
        "section_actions.replace_section",
        "retargeting.replace_section",
        pointed=("section",),
        asks=("text", "picture"),
        fills=True,
    ),
    "rename-section": ActionKind(
        models.RenameSection,
        marked("give a section another heading"),
        "section_actions.rename_section",
        "retargeting.rename_section",
        pointed=("section",),
        asks=("heading",),
    ),
    "insert-section": ActionKind(
        models.InsertSection,
        marked("add a section"),
        "section_actions.insert_section",
        "retargeting.new_section",
        pointed=("section",),
        asks=("text", "heading", "picture"),
        adds=True,
    ),
    "add-entry": ActionKind(
        models.AddEntry,
        marked("add an entry"),
        "entry_actions.add_entry",
        "retargeting.new_section",
        pointed=("section",),
        asks=("entry", "picture"),
        only="troubleshooting",
        adds=True,
    ),
    "delete-section": ActionKind(
        models.DeleteSection,
        marked("take a section out"),
        "section_actions.delete_section",
        "retargeting.delete_section",
    ),
    "set-cell": ActionKind(
        models.SetCell,
        marked("change a cell"),
        "table_actions.set_cell",
        "same_row.row_edit",
        pointed=("cell",),
        asks=("text", "picture"),
        fills=True,
    ),
    "add-row": ActionKind(
        models.AddRow,
        marked("add a row"),
        "table_actions.add_row",
        "same_row.row_edit",
        adds=True,
    ),
    "delete-row": ActionKind(
        models.DeleteRow,
        marked("take a row out"),
        "table_actions.delete_row",
        "same_row.row_edit",
    ),
    "add-page": ActionKind(
        models.AddPage,
        marked("add a page"),
        "page_actions.add_page",
        "retargeting.on_the_page",
        adds=True,
    ),
    "move-page": ActionKind(models.MovePage, marked("move a page")),
    "remove-page": ActionKind(models.RemovePage, marked("remove a page")),
    "set-front-matter": ActionKind(
        models.SetFrontMatter,
        marked("set the front matter"),
        "page_actions.set_front_matter",
        "retargeting.set_front_matter",
    ),
    "replace-fact": ActionKind(
        models.ReplaceFact,
        marked("change a fact"),
        "fact_actions.replace_fact",
        "retargeting.on_the_page",
        finding=False,
    ),
}


def one_of(kinds: Iterable[ActionKind]) -> Any:  # noqa: ANN401 - a type that is made here
    """Return the type of an edit that is one of these actions, told by its field ``action``."""
    return Annotated[Union[tuple(kind.model for kind in kinds)], Field(discriminator="action")]  # noqa: UP007


if TYPE_CHECKING:
    Edit = EditAction
else:
    Edit = one_of(ACTIONS.values())

EDIT_ADAPTER: TypeAdapter[Action] = TypeAdapter(Edit)
