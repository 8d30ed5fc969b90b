"""What a sample counts, for one case of it."""

from __future__ import annotations

from typing import Final

_LONG_ENDINGS: Final = ("ches", "shes", "sses", "xes")


def singular(noun: str) -> str:
    """The English noun for one: ``contacts offered`` gives ``contact offered``.

    The word that is counted comes first, as in every definition of the library; one that does
    not end in s stays as it is.
    """
    head, space, rest = noun.partition(" ")
    if head.endswith(_LONG_ENDINGS):
        head = head[:-2]
    elif head.endswith("s") and not head.endswith("ss"):
        head = head[:-1]
    return f"{head}{space}{rest}"
