"""The very rows behind a KPI's value: which count, which do not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When

from kpi.conditions import Rows, within
from kpi.formula import Formula, nodes, parts
from kpi.formula.compiler import measures_in, own_measures, resolve, walk
from kpi.formula.explain import Whose, evidence
from kpi.formula.fields import FACTS
from kpi.frames import Window, facts_in
from kpi.places import Led

Verdict = Literal["met", "unmet", "above", "below", "counted", "out"]
Shown = Literal["all", "counted", "out"]

# Columns that the model does not store but computes when asked.
_COMPUTED = "next_contact_s"
# What a row is about: rows about something else are no part of the figure, not even left out.
_SUBJECTS = {
    "events": {"kind"},
    "figures": {"figure"},
    "reviews": {"form"},
    "tickets": {"kind"},
    "trainings": {"kind", "course"},
}


@dataclass(frozen=True)
class Part:
    """The rows of one kind of fact that a value rests on.

    Attributes:
        column: the day that dates them.
        scope: whose rows: the person's own, the team's, those of the teams led, the peers', or
            the whole centre's.
        above: the condition of the rows above the line; None where none stand there.
        below: likewise below the line.
        added: what is added up over the rows above the line; None where rows are counted.
        fields: the fields that the formula reads, in its order.
    """

    fact: str
    column: str
    scope: Whose
    above: nodes.Row | None
    below: nodes.Row | None
    added: nodes.Row | None
    fields: tuple[str, ...]

    @property
    def is_share(self) -> bool:
        """Whether some rows count below the line only: those that miss the condition."""
        return self.above is not None and self.below is not None and self.above != self.below

    @property
    def conditions(self) -> tuple[nodes.Row, ...]:
        """What a row must meet to count at all, one by one."""
        return _split(self.below if self.below is not None else self.above)

    @property
    def subjects(self) -> list[tuple[nodes.Row, ...]]:
        """What its rows are about, above and below the line; an empty one is anything."""
        sides = [side for side in (self.above, self.below) if side is not None]
        found = [tuple(one for one in _split(side) if self._tells(one)) for side in sides]
        return list(dict.fromkeys(found))

    def _tells(self, condition: nodes.Row) -> bool:
        read = {field.name for field in fields_in(condition)}
        return bool(read) and read <= _SUBJECTS.get(self.fact, set())


@dataclass(frozen=True)
class Tally:
    """How many rows there are, count, and meet the condition; and what they add up to."""

    rows: int
    counted: int
    above: int
    below: int
    excluded: int
    added: Any


@dataclass(frozen=True)
class Reason:
    """Why a row does not count: an exclusion, a missing field, or a condition it misses."""

    kind: Literal["excluded", "missing", "condition"]
    node: nodes.Row | None = None


def parts_of(formula: Formula, *, anchor: str, imported: frozenset[str]) -> tuple[Part, ...]:
    """The kinds of rows a formula rests on in a period, those of ``over(...)`` among one's own.

    Args:
        anchor: the day that dates the KPI, as its version says.
        imported: kinds of facts that were imported for the period.
    """
    root = resolve(formula, imported)
    measures = measures_in(root)
    return tuple(
        Part(
            fact=one.fact,
            column=anchor if anchor in FACTS[one.fact].anchors else "day",
            scope=one.scope,
            above=one.counts,
            below=one.base,
            added=_added(root, one.fact, one.scope),
            fields=_fields(measures, one.fact),
        )
        for one in evidence(formula, imported=imported)
    )


def rows_of(
    part: Part,
    *,
    window: Window,
    agent_id: int | None = None,
    team_id: int | None = None,
    position_id: int | None = None,
    is_stamped_only: bool = False,
    led: Iterable[Led] = (),
    peers: Iterable[int] = (),
) -> QuerySet[Any]:
    """The rows of a part, each told whether it counts.

    Args:
        agent_id: whose rows, where the part is one's own.
        team_id: whose rows, where the part is the team's.
        position_id: of one's own and of the peers' rows only those stamped with this position,
            and those without a stamp; None for all.
        is_stamped_only: of one's own rows none without a stamp either.
        led: which teams' rows on which days, where the part is that of the teams led.
        peers: whose rows, where the part is the peers'.
    Returns:
        Rows about what the part is about, annotated with ``is_above``, ``is_below``,
        ``is_counted`` and, for each condition, ``holds_0`` ... Excluded rows are among them and
        do not count.
    """
    rows = Rows(period=window.period, watermark=window.watermark)
    facts: QuerySet[Any] = facts_in(window, part.fact, column=part.column)
    unstamped = Q(position_id__isnull=False) if is_stamped_only else Q()
    whose = {
        "own": _own([agent_id], position_id) & unstamped,
        "team": Q(team_id=team_id),
        "led": _of_teams_led(led, part.column),
        "peers": _own(list(peers), position_id),
        "centre": Q(),
    }
    facts = facts.filter(whose[part.scope], _about(part, rows))
    kept = Q(exclusion_id__isnull=True)
    above, below = _condition(part.above, rows), _condition(part.below, rows)
    told = {f"holds_{at}": _flag(rows.condition(one)) for at, one in enumerate(part.conditions)}
    if _COMPUTED in part.fields:
        told[_COMPUTED] = rows.value(nodes.FieldRef(part.fact, _COMPUTED))
    return facts.annotate(
        is_above=_flag(above & kept),
        is_below=_flag(below & kept),
        is_counted=_flag((above | below) & kept),
        **told,
    )


def _own(agents: list[int | None], position_id: int | None) -> Q:
    if position_id is None:
        return Q(agent_id__in=agents)
    in_position = Q(position_id__isnull=True) | Q(position_id=position_id)
    return Q(agent_id__in=agents) & in_position


def _of_teams_led(led: Iterable[Led], column: str) -> Q:
    found = Q(pk__in=[])
    for span in led:
        found |= Q(team_id=span.team_id) & within(column, span.starts_on, span.ends_on)
    return found


def shown(facts: QuerySet[Any], which: Shown) -> QuerySet[Any]:
    """All rows, only those that count, or only those left out; in the order of their time."""
    if which != "all":
        facts = facts.filter(is_counted=which == "counted")
    related = ("agent", "batch", "exclusion__excluded_by__agent")
    return facts.select_related(*related).order_by("day", *_moments(facts), "pk")


def tally(part: Part, facts: QuerySet[Any], *, window: Window) -> Tally:
    """Count and add up the rows of a part. Queries: 1."""
    wanted: dict[str, Any] = {
        "rows": Count("pk"),
        "counted": Count("pk", filter=Q(is_counted=True)),
        "above": Count("pk", filter=Q(is_above=True)),
        "below": Count("pk", filter=Q(is_below=True)),
        "excluded": Count("pk", filter=Q(exclusion_id__isnull=False)),
    }
    if part.added is not None:
        value = Rows(period=window.period, watermark=window.watermark).value(part.added)
        wanted["added"] = Sum(value, filter=Q(is_above=True))
    return Tally(**{"added": None} | facts.order_by().aggregate(**wanted))


def verdict_of(part: Part, fact: Any) -> Verdict:
    """Whether a row counts, and where a condition is asked of those that do, whether it is met."""
    if not fact.is_counted:
        return "out"
    if not part.is_share:
        return "counted"
    if len(part.subjects) > 1:
        return "above" if fact.is_above else "below"
    return "met" if fact.is_above else "unmet"


def reason_of(part: Part, fact: Any) -> Reason:
    """Why a row that is out does not count; the first condition it misses is told."""
    if fact.exclusion_id is not None:
        return Reason("excluded")
    for at, node in enumerate(part.conditions):
        if not getattr(fact, f"holds_{at}"):
            return _missed(node, fact)
    return Reason("condition")


def _missed(node: nodes.Row, fact: Any) -> Reason:
    for field in fields_in(node):
        if getattr(fact, _attribute(field.name), None) is None:
            return Reason("missing", field)
    return Reason("condition", node)


def fields_in(node: nodes.Row | None) -> Iterator[nodes.FieldRef]:
    """The fields that a row expression reads, in its order."""
    match node:
        case nodes.FieldRef():
            yield node
        case nodes.Compare(_, left, right) | nodes.Arith(_, left, right):
            yield from fields_in(left)
            yield from fields_in(right)
        case nodes.InList(operand, _, _) | nodes.IsNone(operand, _) | nodes.Not(operand):
            yield from fields_in(operand)
        case nodes.BoolOp(_, operands):
            for operand in operands:
                yield from fields_in(operand)


def _split(where: nodes.Row | None) -> tuple[nodes.Row, ...]:
    if isinstance(where, nodes.BoolOp) and where.operator == "and":
        return where.operands
    return () if where is None or isinstance(where, nodes.Literal) else (where,)


def _about(part: Part, rows: Rows) -> Q:
    if not all(part.subjects):
        return Q()
    about = Q(pk__in=[])
    for conditions in part.subjects:
        about |= rows.condition(nodes.BoolOp("and", conditions))
    return about


def _attribute(name: str) -> str:
    return "day" if name == "date" else name


def _fields(measures: tuple[nodes.Measure, ...], fact: str) -> tuple[str, ...]:
    """What is added up first, then what decides, so that a reader sees the figure first."""
    mine = [measure for measure in measures if measure.fact == fact]
    found = [field for measure in mine for field in fields_in(measure.row)]
    found += [field for measure in mine for field in fields_in(measure.where)]
    return tuple(dict.fromkeys(_attribute(field.name) for field in found))


def _added(root: nodes.Value, fact: str, scope: Whose) -> nodes.Row | None:
    """What is added up above the line; None where there is no sum or more than one."""
    above, _below = parts.split(parts.ratio_of(root))
    if isinstance(root, nodes.Peers):
        scope = "own"
    sums = [
        measure.row
        for node in walk(above)
        for measure in own_measures(node)
        if (measure.fact, measure.scope, measure.function) == (fact, scope, "sum")
    ]
    return sums[0] if len(sums) == 1 else None


def _condition(node: nodes.Row | None, rows: Rows) -> Q:
    return Q(pk__in=[]) if node is None else rows.condition(node)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))


def _moments(facts: QuerySet[Any]) -> list[str]:
    own = {field.name for field in facts.model._meta.fields}
    return [
        name for name in ("started_at", "created_at", "answered_at", "reviewed_at") if name in own
    ]
