"""Send what waits in the outbox: signed as Standard Webhooks has it, within bounds."""

import base64
import binascii
import hashlib
import hmac
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from manualsmith.errors import UserError
from manualsmith.naming import near
from manualsmith.probes.read_source import post
from manualsmith.records.models.moments import as_moment, now
from manualsmith.settings.webhook_settings import Webhook
from manualsmith.text import t
from manualsmith.workflow.service.service_records import records_of
from manualsmith.workflow.webhooks.webhook_events import WebhookEvent, event_id
from manualsmith.workflow.webhooks.webhook_outbox import (
    Message,
    Outbox,
    collected,
    read_outbox,
    sending_alone,
    write_outbox,
)
from manualsmith.workflow.workspace.open_workspace import Workspace

_PREFIX = "whsec_"
_KEY_BYTES = range(24, 65)
_GONE = 410  # what a receiver answers that is not to be asked again
Status = Literal["sent", "waits", "failed", "given-up"]


@dataclass(frozen=True)
class Delivery:
    """What became of one message in one run; *reason* why it was not sent."""

    message: Message
    status: Status
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json``."""
        event = self.message.event
        told = {"webhook": self.message.webhook, "id": event.id, "kind": event.kind}
        return {**told, "ids": event.ids, "status": self.status, "reason": self.reason or None}


class _Unsent(Exception):
    """A try that failed; whether the receiver answered at all, and whether it is to be the last."""

    def __init__(self, reason: str, *, answered: bool, for_good: bool = False) -> None:
        super().__init__(reason)
        self.answered = answered
        self.for_good = for_good


def send_webhooks(
    workspace: Workspace, *, again: bool = False, dry_run: bool = False, patience: float = 600
) -> list[Delivery]:
    """Send what has happened since the last time and what is due again; return what became of it.

    again: what was given up is tried, too. *patience* is how many seconds another sender is waited
    for. Raises UserError where one is still at work then. What is sent and not noted, as where the
    machine stops between the two, is sent again under the same id.
    """
    repository = workspace.repository
    with sending_alone(repository, patience) as alone:
        if not alone:
            raise UserError(t("another manualsmith is sending: run it again later"))
        here = workspace.refreshed()
        outbox = read_outbox(repository)
        outbox = outbox.with_given_up_again() if again else outbox
        outbox = collected(here, records_of(here), outbox)
        if dry_run:
            return [Delivery(one, "waits", one.reason) for one in outbox.waiting]
        write_outbox(repository, outbox)
        return [one for name in _receivers(outbox) for one in _sent_to(here, name)]


def _receivers(outbox: Outbox) -> list[str]:
    return list(dict.fromkeys(one.webhook for one in outbox.waiting))


def _sent_to(workspace: Workspace, name: str) -> Iterator[Delivery]:
    """Send one receiver what is due; where it does not answer, nothing more is sent to it now."""
    repository, webhook = workspace.repository, workspace.settings.webhooks.webhooks[name]
    outbox = read_outbox(repository)
    silent: _Unsent | None = None
    try:
        key = _key(webhook)
    except UserError as error:
        reason = "; ".join(problem.message for problem in error.problems)
        yield from (Delivery(o, "failed", reason) for o in outbox.waiting if o.webhook == name)
        return
    for message in [one for one in outbox.waiting if one.webhook == name]:
        at = time.time()
        if message.due > at:
            yield Delivery(message, "waits", message.reason)
            continue
        try:
            if silent:
                raise silent
            _deliver(workspace, webhook, key, message.event)
            outbox, told = outbox.without(message), Delivery(message, "sent")
        except _Unsent as error:
            silent = None if error.answered else error
            failed = message.failed(str(error), at)
            last = error.for_good or failed.spent
            outbox = outbox.after_failure(message, failed, for_good=last)
            told = Delivery(failed, "given-up" if last else "failed", str(error))
        write_outbox(repository, outbox)
        yield told


def send_ping(workspace: Workspace, name: str) -> Delivery:
    """Send one receiver a message of the kind ``ping`` and return what became of it.

    Raises UserError where the settings have no such receiver, or there is no secret to sign with.
    """
    known = workspace.settings.webhooks.webhooks
    if name not in known:
        hint = t("nearest: {names}", names=", ".join(near(name, known) or known)) if known else None
        raise UserError(t("there is no webhook {name}", name=name), hint=hint)
    moment = as_moment(now())
    message = Message(
        name, WebhookEvent(event_id("ping", name, str(time.time_ns())), "ping", moment)
    )
    try:
        _deliver(workspace, known[name], _key(known[name]), message.event)
    except _Unsent as error:
        return Delivery(message, "failed", str(error))
    return Delivery(message, "sent")


def _deliver(workspace: Workspace, webhook: Webhook, key: bytes, event: WebhookEvent) -> None:
    body = json.dumps(event.body(texts=webhook.texts), ensure_ascii=False).encode()
    headers = signed_headers(key, event.id, int(time.time()), body)
    root = workspace.repository.folder
    try:
        status = post(webhook.url, body, headers, workspace.settings.webhooks.bounds, root)
    except UserError as error:
        reason = "; ".join(problem.message for problem in error.problems)
        raise _Unsent(reason, answered=False) from error
    if not 200 <= status < 300:
        reason = t("it answers {status}", status=status)
        raise _Unsent(reason, answered=True, for_good=status == _GONE)


def signed_headers(key: bytes, name: str, at: int, body: bytes) -> Mapping[str, str]:
    """Return the headers of a message: its id, when it is sent, and the signature of all three."""
    content = b".".join([name.encode(), str(at).encode(), body])
    signature = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": name,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{signature}",
    }


def _key(webhook: Webhook) -> bytes:
    """Return what a receiver's messages are signed with. Raises UserError where there is none."""
    secret = os.environ.get(webhook.secret, "")
    made = t("make one: {command}", command="echo whsec_$(openssl rand -base64 32)")
    if not secret:
        raise UserError(t("{variable} is not set in the environment", variable=webhook.secret),
                        hint=made)  # fmt: skip
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in _KEY_BYTES:
        said = t("{variable} holds no secret: whsec_ and 24 to 64 bytes in base64 are wanted",
                 variable=webhook.secret)  # fmt: skip
        raise UserError(said, hint=made)
    return key
