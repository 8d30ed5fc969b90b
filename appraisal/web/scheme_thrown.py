"""A way back in the scheme editor: what somebody threw away is kept in their session.

That is an item or a group that was removed, and a rule that gave way to one of another kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from appraisal.models import SchemeVersion
from appraisal.web import scheme_changes as changes
from appraisal.web.pages.compare import rule_text
from appraisal.web.pages.scheme_editor import KPIs, entry_name, unit_of
from appraisal.web.scheme_changes import Document

MOST = 20
"""So many things are kept of a draft; the oldest goes first."""
_KEY = "scheme_thrown"


@dataclass(frozen=True)
class Thrown:
    """One thing that was thrown away.

    Attributes:
        kind: "rule", "items" or "groups".
        code: of the item whose rule it was, or of the item or group that was removed.
        rule: as it stood.
        gone: what was removed, as :func:`scheme_changes.removed_with` gives it.
    """

    kind: str
    code: str
    rule: Document = field(default_factory=dict)
    gone: dict[str, list[list[Any]]] = field(default_factory=dict)
    id: str = field(default_factory=lambda: get_random_string(8))


def of_rule(item: Document, *, old_in: Document) -> list[Thrown]:
    """The rule of an item, unless nothing was ever written in it."""
    rule = item.get("rule")
    has_figures = isinstance(rule, dict) and rule.keys() - {"type", "better"}
    return [Thrown("rule", str(old_in.get("code")), rule=rule)] if rule and has_figures else []


def of_entry(document: Document, key: str, code: str) -> list[Thrown]:
    """An item, or a group with its items."""
    gone = changes.removed_with(document, key, code)
    return [Thrown(key, code, gone=gone)] if gone[key] else []


def last_rule(kept: Sequence[Thrown], code: str, kind: str) -> Thrown | None:
    """The last rule of a kind that an item had."""
    rules = (one for one in reversed(kept) if one.kind == "rule" and one.code == code)
    return next((one for one in rules if one.rule.get("type") == kind), None)


def offered(kept: Sequence[Thrown], document: Document) -> Thrown | None:
    """What was thrown away last and can be put back."""
    return next((one for one in reversed(kept) if _fits(one, document)), None)


def _fits(one: Thrown, document: Document) -> bool:
    if one.kind == "rule":
        return changes.find(document, "items", one.code) is not None
    return not any(
        changes.find(document, key, str(entry.get("code")))
        for key, numbered in one.gone.items()
        for _number, entry in numbered
    )


def taken_back(one: Thrown, document: Document) -> Document:
    """The document with it put back; as it is where that cannot be any more."""
    if not _fits(one, document):
        return document
    if one.kind == "rule":
        item = changes.find(document, "items", one.code) or {}
        return changes.replaced(document, "items", one.code, item | {"rule": one.rule})
    return changes.put_back(document, one.gone)


def words_of(one: Thrown, document: Document, kpis: KPIs) -> str:
    """What was thrown away, as a sentence."""
    if one.kind == "rule":
        item = changes.find(document, "items", one.code) or {}
        told = {"name": entry_name(item), "rule": rule_text(one.rule, unit_of(item, kpis))}
        return _("The rule of “%(name)s” was: %(rule)s.") % told
    name = {"name": entry_name(one.gone[one.kind][0][1])}
    if one.kind == "groups":
        return _("“%(name)s” and its items were removed.") % name
    return _("“%(name)s” was removed.") % name


def kept_of(session: SessionBase, version: SchemeVersion) -> list[Thrown]:
    """What somebody threw away of a draft, the last at the end."""
    held = session.get(_KEY, {})
    return [Thrown(**one) for one in held.get(str(version.pk), ())]


def keep(
    session: SessionBase,
    version: SchemeVersion,
    *,
    more: Sequence[Thrown],
    less: Sequence[Thrown],
) -> None:
    """Keep more, and drop what was put back; of other drafts nothing is kept then."""
    if not more and not less:
        return
    back = {one.id for one in less}
    left = [one for one in kept_of(session, version) if one.id not in back]
    session[_KEY] = {str(version.pk): [asdict(one) for one in (*left, *more)][-MOST:]}
