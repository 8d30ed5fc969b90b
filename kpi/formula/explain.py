"""Explain a formula: in words, as numerator and denominator, and by the rows that count."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, cast

from kpi.formula import nodes, parts
from kpi.formula.canonical import value_text
from kpi.formula.compiler import Formula, children, resolve
from kpi.formula.fields import FACTS
from kpi.formula.rows import joined
from kpi.formula.words import bracketed_row, condition_words, phrase, sign

EVERYTHING: Final = frozenset(FACTS)

Whose = nodes.Scope | Literal["peers"]
_Read = tuple[nodes.Measure, Whose]

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "with": ("{rows} ({condition})", "{rows}（{condition}）"),
    "own": ("{rows}", "{rows}"),
    "team": ("the team's {rows}", "本班组的{rows}"),
    "led": ("the {rows} of the teams led", "所带班组的{rows}"),
    "centre": ("the whole centre's {rows}", "全中心的{rows}"),
    "count": ("number of {rows}", "{rows}数量"),
    "sum": ("total {row} of {rows}", "{rows}的{row}合计"),
    "avg": ("mean {row} of {rows}", "{rows}的平均{row}"),
    "min": ("lowest {row} of {rows}", "{rows}的最低{row}"),
    "max": ("highest {row} of {rows}", "{rows}的最高{row}"),
    "median": ("median {row} of {rows}", "{rows}的{row}中位数"),
    "percentile": ("{percent}th percentile of {row} of {rows}", "{rows}的{row}第{percent}百分位数"),
    "stdev": ("standard deviation of {row} of {rows}", "{rows}的{row}标准差"),
    "distinct": ("number of different values of {row} in {rows}", "{rows}中不同{row}的数量"),
    "share": ("share of {base} that meet: {condition}", "{base}中满足“{condition}”的占比"),
    "all": ("share of {base}", "{base}的占比"),
    "least": ("the smaller of {list}", "{list}中的较小者"),
    "greatest": ("the larger of {list}", "{list}中的较大者"),
    "sqrt": ("the square root of {list}", "{list}的平方根"),
    "coalesce": ("the first with data of {list}", "{list}中首个有数据者"),
    "and": (" and ", "与"),
    "imported": (
        "{present} (where {fact} were not imported: {otherwise})",
        "{present}（未导入{fact}时：{otherwise}）",
    ),
    "rating": ("the rating {code}", "评分项 {code}"),
    "score_of": ("the scores of one's {code}", "绩效得分（{code}）"),
    "peers": ("peer average of {operand}", "同岗同班次平均：{operand}"),
    "over": (
        "{function} over the {grain}s of the period: {operand}",
        "按{grain}计算后取{function}：{operand}",
    ),
}
_FUNCTIONS: Final[dict[str, tuple[str, str]]] = {
    "avg": ("mean", "平均值"),
    "min": ("lowest", "最低值"),
    "max": ("highest", "最高值"),
    "median": ("median", "中位数"),
    "percentile": ("percentile", "百分位数"),
    "stdev": ("standard deviation", "标准差"),
}
_GRAINS: Final = {"day": ("day", "日"), "week": ("week", "周"), "month": ("month", "月")}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which rows of one fact count in a formula.

    Attributes:
        scope: whose rows: the group's own, its team's, those of the teams led, its peers', or
            all of the centre.
        counts: rows that stand above the line; ``Literal(True)`` for all, None for none.
        base: rows that stand below the line; likewise. None also where there is no line.
    """

    fact: str
    scope: Whose
    counts: nodes.Row | None
    base: nodes.Row | None


def explain(formula: Formula, language: str, *, imported: frozenset[str] | None = None) -> str:
    """Say in one sentence what a formula measures.

    Args:
        language: ``zh...`` for Chinese, else English.
        imported: where given, only the branch of ``imported()`` that holds is told.
    """
    root = formula.root if imported is None else resolve(formula, imported)
    text = _words(root, language)
    return text[:1].upper() + text[1:]


def numerator_and_denominator(
    formula: Formula, *, imported: frozenset[str] = EVERYTHING
) -> tuple[str, str | None]:
    """Give what stands above and below the line, as formulas; None where there is no line."""
    above, below = parts.split(parts.ratio_of(resolve(formula, imported)))
    return value_text(above), None if below is None else value_text(below)


def explain_parts(
    formula: Formula, language: str, *, imported: frozenset[str] = EVERYTHING
) -> tuple[str, str | None]:
    """Say numerator and denominator in words; None where there is no line."""
    above, below = parts.split(parts.ratio_of(resolve(formula, imported)))
    return _words(above, language), None if below is None else _words(below, language)


def evidence(formula: Formula, *, imported: frozenset[str] = EVERYTHING) -> tuple[Evidence, ...]:
    """Say which rows count, so that a page can list them.

    Args:
        imported: kinds of facts that were imported for the period.

    Returns:
        One entry per fact and scope, in the order of the formula. Two measures on one side
        of the line count a row that either of them counts.
    """
    counts, base = _sides(resolve(formula, imported))
    grouped = dict.fromkeys((measure.fact, scope) for measure, scope in (*counts, *base))
    return tuple(
        Evidence(fact, scope, _rows(counts, fact, scope), _rows(base, fact, scope))
        for fact, scope in grouped
    )


def _sides(node: nodes.Value) -> tuple[list[_Read], list[_Read]]:
    """Give the measures above and those below the line, each with whose rows it reads."""
    match node:
        case nodes.Measured(measure):
            return [(measure, measure.scope)], []
        case nodes.Average(total, rows):
            return [(total, total.scope)], [(rows, rows.scope)]
        case nodes.Peers(operand):
            above, below = _sides(operand)
            return [(one, "peers") for one, _ in above], [(one, "peers") for one, _ in below]
        case nodes.Binary("/", left, right):
            (a, b), (c, d) = _sides(left), _sides(right)
            return [*a, *d], [*b, *c]
        case _:
            sides = [_sides(child) for child in children(node)]
            above = [measure for side in sides for measure in side[0]]
            return above, [measure for side in sides for measure in side[1]]


def _rows(read: Iterable[_Read], fact: str, scope: Whose) -> nodes.Row | None:
    chosen = [measure for measure, whose in read if (measure.fact, whose) == (fact, scope)]
    wheres = dict.fromkeys((measure.rows or measure).where for measure in chosen)
    if not wheres:
        return None
    if None in wheres:
        return nodes.Literal(value=True)
    return joined("or", cast("list[nodes.Row]", list(wheres)))


def _phrase(key: str, language: str, **filled: str) -> str:
    english, chinese = _PHRASES[key]
    return (chinese if language.startswith("zh") else english).format(**filled)


def _words(node: nodes.Value, language: str) -> str:
    match node:
        case nodes.Number(value):
            return format(Decimal(value), ",f")
        case nodes.Measured(measure):
            return _measure_words(measure, language, function=measure.function)
        case nodes.Average(total, _):
            return _measure_words(total, language, function="avg")
        case nodes.Negative(operand):
            return f"−{_bracketed(operand, language)}"
        case nodes.Binary():
            return _binary_words(node, language)
        case nodes.Call(name, arguments):
            listed = _phrase("and", language).join(_bracketed(part, language) for part in arguments)
            return _phrase(name, language, list=listed)
        case _:
            return _other_words(node, language)


def _other_words(node: nodes.Value, language: str) -> str:
    match node:
        case nodes.Imported(fact, present, otherwise):
            return _phrase(
                "imported",
                language,
                fact=FACTS[fact].label(language),
                present=_words(present, language),
                otherwise=_words(otherwise, language),
            )
        case nodes.Rating(code):
            return _phrase("rating", language, code=code)
        case nodes.ScoreOf(code):
            return _phrase("score_of", language, code=code)
        case nodes.Peers(operand):
            return _phrase("peers", language, operand=_words(operand, language))
        case nodes.Over(grain, function, operand, _):
            chinese = int(language.startswith("zh"))
            return _phrase(
                "over",
                language,
                function=_FUNCTIONS[function][chinese],
                grain=_GRAINS[grain][chinese],
                operand=_words(operand, language),
            )
        case _:
            raise TypeError(f"Not a value node: {node!r}")


def _measure_words(measure: nodes.Measure, language: str, *, function: str) -> str:
    return _phrase(
        function,
        language,
        rows=_rows_words(measure, _conditions(measure.where), language),
        row=bracketed_row(measure.row, language) if measure.row else "",
        percent="" if measure.argument is None else format(measure.argument, "f"),
    )


def _rows_words(measure: nodes.Measure, conditions: list[nodes.Row], language: str) -> str:
    rows = FACTS[measure.fact].label(language)
    if conditions:
        words = condition_words(joined("and", conditions), language)
        rows = _phrase("with", language, rows=rows, condition=words)
    return _phrase(measure.scope, language, rows=rows)


def _conditions(where: nodes.Row | None) -> list[nodes.Row]:
    if isinstance(where, nodes.BoolOp) and where.operator == "and":
        return list(where.operands)
    return [where] if where else []


def _binary_words(node: nodes.Binary, language: str) -> str:
    share = _share_words(node, language)
    if share:
        return share
    chain = ("+-", "*/")[node.operator in "*/"]
    continues = isinstance(node.left, nodes.Binary) and node.left.operator in chain
    left = _words(node.left, language) if continues else _bracketed(node.left, language)
    return f"{left} {sign(node.operator)} {_bracketed(node.right, language)}"


def _share_words(node: nodes.Binary, language: str) -> str | None:
    """Say a count by a count of the same rows: what the rows above meet besides."""
    match node:
        case nodes.Binary("/", nodes.Measured(above), nodes.Measured(below)):
            same = above.function == below.function == "count" and above.fact == below.fact
        case _:
            return None
    known, met = _conditions(below.where), _conditions(above.where)
    if not same or above.scope != below.scope or not all(_implied(one, met) for one in known):
        return None
    base = _rows_words(below, known, language)
    more = [part for part in met if part not in known]
    if not more:
        return _phrase("all", language, base=base)
    condition = condition_words(joined("and", more), language)
    return _phrase("share", language, base=base, condition=condition)


def _implied(condition: nodes.Row, by: list[nodes.Row]) -> bool:
    """Say whether a row that meets all of ``by`` surely meets the condition too."""
    match condition:
        case nodes.BoolOp("or", operands):
            return condition in by or any(_implied(operand, by) for operand in operands)
        case nodes.IsNone(operand, True):
            return condition in by or any(_needs(operand, other) for other in by)
        case _:
            return condition in by


def _needs(field: nodes.FieldRef, condition: nodes.Row) -> bool:
    """Say whether a condition can only be true where the field has a value."""
    match condition:
        case nodes.FieldRef():
            return condition == field
        case nodes.Not(operand) | nodes.InList(operand, _, _):
            return _needs(field, operand)
        case nodes.Compare(_, left, right) | nodes.Arith(_, left, right):
            return _needs(field, left) or _needs(field, right)
        case _:
            return False


def _bracketed(node: nodes.Value, language: str) -> str:
    text = _words(node, language)
    compound = isinstance(node, nodes.Binary | nodes.Call | nodes.Imported)
    return phrase("brackets", language, left=text) if compound else text
