"""What a form says beside its record: titles of pages, other records, when a page was so."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from manualsmith.errors import UserError
from manualsmith.git.blobs import BlobReader
from manualsmith.git.history import moment_of_blob
from manualsmith.git.lfs.large_objects import content
from manualsmith.layout import MANUALS, organisation, picture_path
from manualsmith.markdown.action_table import Action
from manualsmith.markdown.edit_models import AddPage
from manualsmith.markdown.reading.page_title import page_title
from manualsmith.paper.forms.form import Form
from manualsmith.records.models.request import Request
from manualsmith.records.pictures import is_picture, refuse_otherwise
from manualsmith.text import t
from manualsmith.workflow.service.service_records import Any_, Desk, read_desk, records_of
from manualsmith.workflow.workspace.open_workspace import Workspace
from manualsmith.workflow.workspace.snapshot import main_snapshot

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class FormSources:
    """Where forms look things up; nothing is read until a form asks for it."""

    def __init__(self, workspace: Workspace, desk: Desk | None = None) -> None:
        self._workspace = workspace
        self._known = desk

    @cached_property
    def _desk(self) -> Desk:
        return self._known or read_desk(records_of(self._workspace))

    @cached_property
    def _titles(self) -> dict[tuple[str, str], str]:
        return {}

    def page_title(self, manual: str, page: str, edit: Action | None = None) -> str:
        """Return the title of a page: as *edit* has it that adds the page, else as main has it.

        Its path where it is not there.
        """
        if isinstance(edit, AddPage):
            return edit.title
        key = (manual, page)
        if key not in self._titles:
            self._titles[key] = self._read_title(manual, page) or page
        return self._titles[key]

    def _read_title(self, manual: str, page: str) -> str:
        if manual not in MANUALS:
            return ""
        with BlobReader(self._workspace.repository) as reader:
            blob = main_snapshot(self._workspace, reader).page(MANUALS[manual], page)
        return page_title(blob.text) if blob else ""

    def requests(self, ids: tuple[str, ...]) -> list[Request]:
        """Return the requests of these ids that can be read."""
        found = (self.record(one) for one in ids)
        return [one for one in found if isinstance(one, Request)]

    def record(self, record_id: str) -> Any_ | None:
        """Return a record of the desk; None where there is none that can be read."""
        kinds: Mapping[str, Mapping[str, Any_]] = {
            "REQ": self._desk.requests,
            "INC": self._desk.incidents,
            "WLK": self._desk.walkthroughs,
            "ENV": self._desk.confirmations,
        }
        return kinds.get(record_id[:3], {}).get(record_id)

    def moment_of(self, manual: str, page: str, blob: str) -> str | None:
        """Return from when main had a page with these bytes; None where that is not known."""
        if manual not in MANUALS:
            return None
        tip, path = self._workspace.main.tip, MANUALS[manual].path(page)
        return moment_of_blob(self._workspace.repository, tip, path, blob)

    def picture(self, name: str, brought: str = "") -> bytes:
        """Return the bytes of a record's picture, empty where it is not there.

        brought: the blob of one that a suggestion brings to a page.
        """
        if not is_picture(name):
            return b""
        if brought:
            return self._read(self._workspace, brought, name)
        records = self._desk.workspace
        return self._read(records, f"{records.main.tip}:{picture_path(name)}", name)

    def _read(self, workspace: Workspace, spec: str, name: str) -> bytes:
        with BlobReader(workspace.repository) as reader:
            blob = reader.get(spec)
        try:
            data = (content(workspace.repository, blob.data) if blob else None) or b""
            refuse_otherwise(name, data)
        except UserError:  # it is said on the form that it is not there
            return b""
        return data

    def filled(self, form: Form) -> Form:
        """Return a form with its pictures and the organisation's mark, to be printed.

        Raises UserError where the mark is set and is not there.
        """
        shown = tuple(replace(one, data=self.picture(one.name, one.blob)) for one in form.pictures)
        return replace(form, pictures=shown, mark=self.mark)

    def template(self, output: str, kind: str) -> tuple[str, bytes] | None:
        """Return a form's own template as main has it: its path and bytes; None where none is.

        output: the standard's number. kind: ``html`` or ``docx``.
        """
        if not (folder := organisation().templates):
            return None
        path = f"{folder.rstrip('/')}/{output}.{kind}"
        with BlobReader(self._workspace.repository) as reader:
            blob = reader.get(f"{self._workspace.main.tip}:{path}")
        return (path, blob.data) if blob else None

    @cached_property
    def mark(self) -> bytes:
        """The bytes of the organisation's mark; empty where none is set.

        Raises UserError where main has no such picture.
        """
        if not (path := organisation().mark):
            return b""
        with BlobReader(self._workspace.repository) as reader:
            blob = reader.get(f"{self._workspace.main.tip}:{path}")
        if blob is None or not blob.data.startswith(_PICTURES):
            hint = t("set another one in pyproject.toml: [tool.manualsmith.organisation] mark")
            raise UserError(t("main has no PNG or JPEG {path}", path=path), hint=hint)
        return blob.data
