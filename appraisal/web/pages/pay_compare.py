"""Two versions of a pay plan in words: figures and lines that came, went or changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from appraisal.pay.figures import Parameter
from appraisal.pay.plan import Line, Plan
from appraisal.pay.words import Speaker
from appraisal.scoring.reading import Text
from appraisal.web.pages.compare import ADDED, CHANGED, REMOVED, Difference
from appraisal.web.pages.grades import joined, language
from appraisal.web.pages.pay import Label, figure_text, group_name, place_names


def differences(before: Plan, after: Plan, *, label: Label) -> list[Difference]:
    """What differs between two plans: the whole, then figures and lines in the plan's order."""
    return [
        *_whole(before, after),
        *_figures(before, after),
        *_lines(before, after, label),
    ]


def _whole(before: Plan, after: Plan) -> Iterator[Difference]:
    yes, no = (
        _("A net below zero is lifted to zero."),
        _("A net may fall below zero; it is shown as it is."),
    )
    pairs = (
        (_("Name in English"), before.name.en, after.name.en),
        (_("Name in Chinese"), before.name.zh, after.name.zh),
        (_("Description"), _spoken(before.description), _spoken(after.description)),
        (_("Currency"), _spoken(before.currency), _spoken(after.currency)),
        (_("Positions"), *(_(", ").join(place_names(one.positions)) for one in (before, after))),
        (_("Net"), *(yes if one.floor_at_zero else no for one in (before, after))),
    )
    for what, old, new in pairs:
        if old != new:
            yield Difference(_("About the plan"), CHANGED, what, old or "–", new or "–")


def _spoken(text: Text) -> str:
    return text.in_language(language())


def _figures(before: Plan, after: Plan) -> Iterator[Difference]:
    held = {one.code: one for one in before.parameters}
    left = {one.code for one in after.parameters}
    what = _("Figure")
    for old in before.parameters:
        if old.code not in left:
            yield Difference(_spoken(old.name), REMOVED, what, _value(old, before), "")
    for new in after.parameters:
        if new.code not in held:
            yield Difference(_spoken(new.name), ADDED, what, "", _value(new, after))
        elif held[new.code] != new or before.currency != after.currency:
            yield from _figure(held[new.code], new, _value(held[new.code], before), after)


def _figure(old: Parameter, new: Parameter, told: str, after: Plan) -> Iterator[Difference]:
    where = _spoken(new.name)
    if old.name != new.name:
        yield Difference(where, CHANGED, _("Name"), _both(old.name), _both(new.name))
    if told != _value(new, after):
        yield Difference(where, CHANGED, _("Figure"), told, _value(new, after))


def _both(text: Text) -> str:
    return f"{text.en} / {text.zh}"


def _value(parameter: Parameter, plan: Plan) -> str:
    if parameter.value is not None:
        return figure_text(parameter, plan)
    return _("no limit") if parameter.optional else _("not set")


def _lines(before: Plan, after: Plan, label: Label) -> Iterator[Difference]:
    held = {line.code: line for line in before.lines}
    left = {line.code for line in after.lines}
    speakers = [Speaker(plan, language(), label) for plan in (before, after)]
    for old in before.lines:
        if old.code not in left:
            yield Difference(
                _spoken(old.name), REMOVED, group_name(old.group), joined(speakers[0].rule(old)), ""
            )
    for new in after.lines:
        if new.code not in held:
            told = joined(speakers[1].rule(new))
            yield Difference(_spoken(new.name), ADDED, group_name(new.group), "", told)
        elif held[new.code].dump() != new.dump():
            yield from _line(held[new.code], new, speakers)
    orders = [[line for line in plan.lines if line.code in held.keys() & left]
              for plan in (before, after)]  # fmt: skip
    if [line.code for line in orders[0]] != [line.code for line in orders[1]]:
        names = [_(", ").join(_spoken(line.name) for line in lines) for lines in orders]
        yield Difference(_("Lines"), CHANGED, _("Order"), *names)


def _line(old: Line, new: Line, speakers: list[Speaker]) -> Iterator[Difference]:
    """What a line says of itself; where its words are the same, the fields of the document."""
    where = _spoken(new.name)
    found: list[tuple[str, str, str]] = []
    if old.name != new.name:
        found.append((_("Name"), _both(old.name), _both(new.name)))
    if old.group != new.group:
        found.append((_("Kind"), group_name(old.group), group_name(new.group)))
    told = [joined(speaker.rule(line)) for speaker, line in zip(speakers, (old, new), strict=True)]
    if told[0] != told[1]:
        found.append((_("Rule"), told[0], told[1]))
    before, after = old.dump(), new.dump()
    names = [name for name in before | after if before.get(name) != after.get(name)]
    if not found:
        found = [(name, str(before.get(name, "–")), str(after.get(name, "–"))) for name in names]
    for what, was, now in found:
        yield Difference(where, CHANGED, what, was, now)
