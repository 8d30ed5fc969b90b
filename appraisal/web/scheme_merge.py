"""Two people in one draft: of what a form sends, only what was changed in it is taken over.

A form of the editor sends what stood in its fields when it was drawn. What still reads so was not
touched and leaves the draft alone; what reads otherwise is taken over, unless the draft says
something third by now: then the draft stands, and whoever typed is told both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from appraisal.web.pages.compare import value_text
from appraisal.web.pages.scheme_fields import Field
from appraisal.web.scheme_forms import (
    KEEP_EMPTY,
    Bound,
    Document,
    Units,
    at,
    bind,
    change_rows,
    put,
    read_fields,
)

STOOD = "stood"
"""The field of a form that carries how its fields read when it was drawn, as a query string."""
SENT = "sent"
"""The field that carries, a line each, what the form sent since; it need not have had an answer."""
MOST_SENT = 20
UnitsFor = Callable[[QueryDict | None], Units]
"""The units of what a form sent, or of what is stored."""


@dataclass(frozen=True)
class Clash:
    """A field that was changed here and elsewhere.

    Attributes:
        theirs: what stands; nothing where the field is gone.
    """

    label: str
    mine: str
    theirs: str | None

    @property
    def words(self) -> str:
        """What is told to whoever came second."""
        told = {"field": self.label, "mine": self.mine, "theirs": self.theirs}
        if self.theirs is None:
            return _("%(field)s: %(mine)s is not saved, because it was removed meanwhile.") % told
        return (
            _(
                "%(field)s: you entered %(mine)s, but meanwhile it was set to %(theirs)s, which"
                " stands. Enter yours again to put it in its place."
            )
            % told
        )


@dataclass
class Merged:
    """A document with what was changed in a form.

    Attributes:
        clashes: what was not taken over.
        is_stale: whether the form shows something that was changed elsewhere.
    """

    document: Document
    clashes: list[Clash] = field(default_factory=list)
    is_stale: bool = False


def drawn(fields: Iterable[Field], document: Document, *, units: Units) -> str:
    """What a form with these fields sends if nobody touches it, as a query string."""
    return _as_sent(fields, document, units).urlencode()


def merge(
    document: Document,
    data: QueryDict,
    fields: Sequence[Field],
    *,
    units_for: UnitsFor,
    gone: Sequence[Field] = (),
) -> Merged:
    """Take over what was changed in a form; without what stood, all that it sent.

    Args:
        document: as it stands now.
        fields: those that the document has a place for.
        gone: those that the form shows and the document has no place for any more.
    """
    mine = read_fields(data, fields, document, units=units_for(data))
    mine = change_rows(mine, data.get("do", ""))
    if STOOD not in data:
        return Merged(mine)
    stood = _read_on(str(data[STOOD]))
    stored = _as_sent(fields, document, units_for(None))
    lines = [line for line in data.get(SENT, "").splitlines() if line]
    said = _Said(
        fields=fields,
        before=read_fields(stood, fields, document, units=units_for(stood)),
        now=read_fields(stored, fields, document, units=units_for(None)),
        own=[
            read_fields(one, fields, document, units=units_for(one))
            for one in map(_read_on, lines[-MOST_SENT:])
        ],
    )
    merged = Merged(deepcopy(document))
    for one in fields:
        new = _value(one, mine)
        if not _is_sent(data, one) or new == _value(one, said.now):
            continue
        is_touched = new != _value(one, said.before)
        if not _is_sent(stood, one) or not said.was_moved(one, is_touched=is_touched):
            put(merged.document, one.name, at(mine, one.name))
        elif is_touched:
            unit = units_for(None)(one.name)
            words = (value_text(one, at(doc, one.name), unit) for doc in (mine, document))
            merged.clashes.append(Clash(str(one.label), *words))
        else:
            merged.is_stale = True
    merged.clashes += _of_gone(gone, data, stood, units_for)
    return merged


@dataclass(frozen=True)
class _Said:
    """How the fields read: as the form was drawn, as it is stored, as the form sent them since."""

    fields: Sequence[Field]
    before: Document
    now: Document
    own: list[Document]

    def was_moved(self, one: Field, *, is_touched: bool) -> bool:
        """Whether somebody else changed it; another kind of rule throws all its figures away."""
        is_kind = is_touched and one.name == "rule.type"
        rule = [other for other in self.fields if is_kind and other.name.startswith("rule.")]
        return any(self._was_moved(other) for other in (one, *rule))

    def _was_moved(self, one: Field) -> bool:
        now = _value(one, self.now)
        return all(now != _value(one, said) for said in (self.before, *self.own))


def _value(one: Field, document: Document) -> Any:
    """What stands in a field, to be compared: boxes are ticked in no order."""
    value = at(document, one.name)
    return {str(code) for code in value} if one.kind == "codes" and value else value


def _read_on(text: str) -> QueryDict:
    """What a form sent while it went on being typed in: empty rows count too."""
    read = QueryDict(text, mutable=True)
    read[KEEP_EMPTY] = "1"
    return read


def _of_gone(
    gone: Sequence[Field], data: QueryDict, stood: QueryDict, units_for: UnitsFor
) -> list[Clash]:
    mine, before = (read_fields(one, gone, {}, units=units_for(one)) for one in (data, stood))
    return [
        Clash(str(one.label), value_text(one, at(mine, one.name), units_for(None)(one.name)), None)
        for one in gone
        if _is_sent(data, one) and at(mine, one.name) != at(before, one.name)
    ]


def _is_sent(data: QueryDict, one: Field) -> bool:
    suffix = {"rows": ".rows", "codes": ".sent"}.get(one.kind, "")
    return one.name + suffix in data


def _as_sent(fields: Iterable[Field], document: Document, units: Units) -> QueryDict:
    sent = QueryDict(mutable=True)
    for bound in bind(fields, document, units=units, choices={}, errors={}):
        _send(sent, bound)
    sent[KEEP_EMPTY] = "1"
    return sent


def _send(sent: QueryDict, bound: Bound) -> None:
    if bound.field.kind == "rows":
        sent[f"{bound.name}.rows"] = str(len(bound.rows))
        for part in (part for row in bound.rows for part in row):
            _send(sent, part)
    elif bound.field.kind == "codes":
        sent[f"{bound.name}.sent"] = "1"
        known: set[Any] = {code for code, _label in bound.options} or set(bound.chosen)
        sent.setlist(bound.name, [code for code in bound.chosen if code in known])
    elif bound.field.kind != "heading":
        sent[bound.name] = bound.text
