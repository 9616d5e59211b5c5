"""Send webhooks beside a desk that goes on: nobody who clicks waits for it."""

import threading
import traceback
from time import time

from manualsmith.errors import UserError
from manualsmith.git.refs import RefStamp, ref_stamp
from manualsmith.workflow.landing.adopt import try_to_adopt
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.webhooks.send_webhooks import send_webhooks
from manualsmith.workflow.webhooks.webhook_outbox import read_outbox
from manualsmith.workflow.workspace.open_workspace import Workspace

_PAUSE = 2.0  # seconds between two looks at the branches


def send_in_background(workspace: Workspace) -> None:
    """Tell the receivers that are set what happens, until this process ends."""
    if workspace.settings.webhooks.webhooks:
        threading.Thread(target=_keep_sending, args=(workspace,), daemon=True).start()


def _keep_sending(workspace: Workspace) -> None:
    stamps: list[RefStamp | None] = []
    wait = threading.Event()
    while True:
        try:
            if not stamps or not all(o and o.still_holds() for o in stamps) or _is_due(workspace):
                # before they are read: what moves meanwhile is seen the next time
                repositories = (workspace.repository, records_of(workspace).repository)
                stamps = [ref_stamp(one) for one in repositories]
                send_webhooks(try_to_adopt(workspace.refreshed()), patience=0)
        except UserError:
            stamps = []  # another one sends, or it cannot be: the next look tries again
        except Exception:  # noqa: BLE001 - the desk goes on, and so does this
            traceback.print_exc()
        wait.wait(_PAUSE)


def _is_due(workspace: Workspace) -> bool:
    known = workspace.settings.webhooks.webhooks
    waiting = read_outbox(workspace.repository).waiting
    return any(one.webhook in known and 0 < one.due <= time() for one in waiting)
