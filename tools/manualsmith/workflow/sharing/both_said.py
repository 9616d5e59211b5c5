"""Put together what two sides have said of a suggestion: no comment is lost, and none is changed.

As in a three-way merge, words that one side changed are taken from it.
"""

from collections.abc import Sequence

from manualsmith.records.models.moments import instant
from manualsmith.records.models.suggestion import Comment, Suggestion


def put_together(
    seen: Suggestion | None, here: Suggestion, there: Suggestion
) -> tuple[Suggestion, Suggestion] | None:
    """Return the side whose words stand, and that with the comments of both.

    seen: what both sides agreed on last, where they did. None where both changed the words, or one
    has not what was said before.
    """
    before = seen.comments if seen else ()
    if any(one.comments[: len(before)] != before for one in (here, there)):
        return None
    stands = _with_its_words(seen, here, there)
    if stands is None:
        return None
    said = _in_order([*here.comments[len(before) :], *there.comments[len(before) :]])
    return stands, stands.model_copy(update={"comments": (*before, *said)})


def _with_its_words(
    seen: Suggestion | None, here: Suggestion, there: Suggestion
) -> Suggestion | None:
    if _says_the_same(here, there) or (seen and _says_the_same(seen, here)):
        return there
    return here if seen and _says_the_same(seen, there) else None


def _says_the_same(one: Suggestion, other: Suggestion) -> bool:
    """Return whether two records differ in their comments, and in the main they stand on, alone."""
    return _bare(one) == _bare(other)


def _bare(record: Suggestion) -> Suggestion:
    plain = [edit.model_copy(update={"result": "", "changes": ()}) for edit in record.edits]
    return record.model_copy(update={"edits": tuple(plain), "comments": ()})


def _in_order(said: Sequence[Comment]) -> list[Comment]:
    """Return comments as they were said, each once; of one moment, ours come first."""
    found: list[Comment] = []
    for one in sorted(said, key=lambda comment: instant(comment.at)):
        if one not in found:
            found.append(one)
    return found
