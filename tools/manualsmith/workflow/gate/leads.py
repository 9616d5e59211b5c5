"""Who pushes, as the server knows it, and whether they may do what no suggestion explains."""

import os
from collections.abc import Mapping

from manualsmith.git.repository import Repository
from manualsmith.workflow.verify.signatures import signature_of

LEADS = "manualsmith.leads"
PUSHER = "manualsmith.pusher"
# Where servers say who was let in: git's http-backend behind a web server, GitLab, Gitea and
# Forgejo, Gitolite. None of them can be set by who pushes over the network.
_KNOWN = ("REMOTE_USER", "GL_USERNAME", "GITEA_PUSHER_NAME", "GITEA_PUSHER_EMAIL", "GL_USER")


def pushers(repository: Repository, environment: Mapping[str, str] = os.environ) -> set[str]:
    """Return the names that the server gives who pushes; none where it does not know.

    The setting ``manualsmith.pusher`` of the server's git names the variable where it has it.
    """
    named = repository.config(PUSHER)
    return {environment[name] for name in ((named,) if named else _KNOWN) if environment.get(name)}


def deciders(
    repository: Repository, environment: Mapping[str, str] = os.environ
) -> frozenset[str] | None:
    """Return the names that who pushes may decide by, None where the server ties them to none.

    It does in its own git configuration, by the account: ``manualsmith.ACCOUNT.decides``.
    """
    found = [
        name
        for one in pushers(repository, environment)
        if not set(one) & set("\n\0")
        for name in repository.configs(f"manualsmith.{one}.decides")
    ]
    return frozenset(found) if found else None


def is_lead(repository: Repository, tip: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether a lead pushes main to *tip*, or has signed that commit.

    Leads are named in the server's own git configuration, ``manualsmith.leads``, once each: as the
    server calls them, as their key is called among the allowed signers, or by its fingerprint.
    """
    leads = set(repository.configs(LEADS))
    if not leads:
        return False
    if leads & pushers(repository, environment):
        return True
    signed = signature_of(repository, tip)
    return signed.is_good and bool(leads & {signed.signer, signed.key})
