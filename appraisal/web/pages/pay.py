"""Pay as pages show it: statements line by line, plans figure by figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import Position, Shift, Team
from appraisal.models import PayLine, PayStatement, SchemeVersion
from appraisal.pay.figures import Parameter
from appraisal.pay.plan import GROUPS, Line, Plan
from appraisal.pay.rules import Table
from appraisal.pay.statements import FLOOR
from appraisal.pay.words import Entry, Speaker, money_text
from appraisal.scoring.scheme import parse_scheme
from appraisal.scoring.wording import threshold_text
from appraisal.web.pages.grades import joined, language

Label = Callable[[str, str], str]
MOST_LABELS = 500


@dataclass(frozen=True)
class StatementLine:
    """A line of a statement with its words.

    Attributes:
        amount: what it comes to, or whether a notice applies; empty where there is neither.
        is_money: the amount is one of money, and no such word.
    """

    code: str
    name: str
    words: str
    amount: str
    is_money: bool
    is_off: bool
    state: str
    has_rows: bool


@dataclass(frozen=True)
class StatementGroup:
    """The lines of one kind and what they come to."""

    code: str
    name: str
    lines: list[StatementLine]
    total: str


@dataclass(frozen=True)
class PlanLine:
    """A line of a plan in words."""

    code: str
    name: str
    words: str


@dataclass(frozen=True)
class ParameterRow:
    """A figure of a plan; ``value`` is empty where it is not set."""

    code: str
    name: str
    value: str
    is_missing: bool


def group_name(code: str) -> str:
    """What a group of lines is called."""
    names = {
        "pay": _("Earned"),
        "allowance": _("Allowances"),
        "deduction": _("Deductions"),
        "notice": _("To note"),
    }
    return names[code]


def labels(version: SchemeVersion | None = None) -> Label:
    """Names of grades, stars and places, in the language of the page. Queries: 3."""
    tag = language()
    known: dict[tuple[str, str], str] = {}
    for kind, model in (("position", Position), ("team", Team), ("shift", Shift)):
        for one in model.objects.all()[:MOST_LABELS]:
            known[kind, one.code] = one.name
    if version is not None:
        for grade in parse_scheme(version.document).grades:
            known["grade", grade.code] = grade.name.in_language(tag)

    def label(kind: str, code: str) -> str:
        if kind == "stars":
            return _stars(code)
        return known.get((kind, code)) or _FALLBACK.get(code, {}).get(tag[:2], code)

    return label


def _stars(code: str) -> str:
    if not code:
        return _("No stars")
    return ngettext("%(count)s star", "%(count)s stars", int(code)) % {"count": code}


_FALLBACK = {
    "excellent": {"en": "Excellent", "zh": "优秀"},
    "good": {"en": "Good", "zh": "良好"},
    "qualified": {"en": "Qualified", "zh": "合格"},
    "unqualified": {"en": "Unqualified", "zh": "不合格"},
    "early": {"en": "early shift", "zh": "早班"},
    "middle": {"en": "middle shift", "zh": "中班"},
    "night": {"en": "night shift", "zh": "夜班"},
    "office": {"en": "office", "zh": "行政班"},
    "key_accounts": {"en": "key accounts", "zh": "大客户专岗"},
    "home_broadband": {"en": "home broadband", "zh": "家庭宽带专岗"},
}


def place_names(names: Iterable[str]) -> list[str]:
    """Names of places; the codes among them, of places nobody made yet, as the plan means them."""
    return [_FALLBACK.get(name, {}).get(language()[:2], name) for name in names]


def speaker_of(plan: Plan, version: SchemeVersion) -> Speaker:
    """Who says the lines of a statement under a scheme, in the language of the page. Queries: 3."""
    has_stars = bool(parse_scheme(version.document).stars)
    return Speaker(plan, language(), labels(version), has_stars=has_stars)


def statement_groups(speaker: Speaker, lines: Iterable[PayLine]) -> list[StatementGroup]:
    """The lines of a statement by kind, in the order of the plan."""
    plan = speaker.plan
    stored = {line.line: line for line in lines}
    groups = []
    for code in GROUPS:
        members = [line for line in plan.lines if line.group == code and line.code in stored]
        rows = [statement_line(speaker, line, stored[line.code]) for line in members]
        amounts = [stored[line.code].amount for line in members]
        if code == "pay" and FLOOR in stored and stored[FLOOR].amount:
            rows.append(_floor_line(stored[FLOOR]))
            amounts.append(stored[FLOOR].amount)
        known = [amount for amount in amounts if amount is not None]
        total = money_text(sum(known, Decimal(0))) if known and code != "notice" else ""
        if rows:
            groups.append(StatementGroup(code, group_name(code), rows, total))
    return groups


def statement_line(speaker: Speaker, line: Line, stored: PayLine) -> StatementLine:
    """One line of a statement."""
    entry = entry_of(stored)
    amount = "" if stored.amount is None else money_text(stored.amount)
    if line.group == "notice" and stored.amount is not None:
        amount = _("applies") if stored.quantity else _("does not apply")
    return StatementLine(
        code=line.code,
        name=line.name.in_language(speaker.language),
        words=joined(speaker.entry(line, entry)),
        amount=amount,
        is_money=stored.amount is not None and line.group != "notice",
        is_off=not stored.amount and not (line.group == "notice" and stored.quantity),
        state=state_text(line, stored),
        has_rows=not isinstance(line.rule, Table) and line.code != FLOOR,
    )


def state_text(line: Line, stored: PayLine) -> str:
    """Why a line has no amount, in a word or two; empty where it has one."""
    if stored.state == PayLine.State.COUNTED:
        return ""
    if stored.state == PayLine.State.NO_DATA and isinstance(line.rule, Table):
        held = {"grade": _("No grade"), "stars": _("No stars")}
        return held.get(line.rule.by) or stored.get_state_display()
    return stored.get_state_display()


def entry_of(stored: PayLine) -> Entry:
    """A stored line as the words are made from it."""
    return Entry(
        state=stored.state,
        quantity=stored.quantity,
        amount=stored.amount,
        parts=stored.detail.get("parts", []),
        full=stored.detail.get("full", ""),
    )


def _floor_line(stored: PayLine) -> StatementLine:
    return StatementLine(
        code=FLOOR,
        name=_("Lifted to zero"),
        words=_("The plan lets nobody's net fall below zero."),
        amount=money_text(stored.amount or Decimal(0)),
        is_money=True,
        is_off=False,
        state="",
        has_rows=False,
    )


def plan_groups(plan: Plan, *, label: Label) -> list[tuple[str, list[PlanLine]]]:
    """The lines of a plan by kind, in words."""
    speaker = Speaker(plan, language(), label)
    tag = language()
    groups = []
    for code in GROUPS:
        members = [line for line in plan.lines if line.group == code]
        rows = [
            PlanLine(line.code, line.name.in_language(tag), joined(speaker.rule(line)))
            for line in members
        ]
        if rows:
            groups.append((group_name(code), rows))
    return groups


def parameter_rows(plan: Plan) -> list[ParameterRow]:
    """The figures of a plan in its order."""
    tag = language()
    return [
        ParameterRow(
            code=one.code,
            name=one.name.in_language(tag),
            value="" if one.value is None else figure_text(one, plan),
            is_missing=one.is_missing,
        )
        for one in plan.parameters
    ]


def figure_text(parameter: Parameter, plan: Plan) -> str:
    """A figure with its unit."""
    value = parameter.value or Decimal(0)
    if parameter.unit == "money":
        return f"{money_text(value)} {plan.currency.in_language(language())}"
    return threshold_text(value, parameter.unit, language())


def net_text(statement: PayStatement) -> str:
    """What a statement comes to."""
    return "" if statement.net is None else money_text(statement.net)
