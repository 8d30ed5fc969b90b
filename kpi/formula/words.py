"""Say row expressions in words, in English and Chinese."""

from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from kpi.formula import nodes
from kpi.formula.fields import FACTS, Field, code_label

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "==": ("{left} {right}", "{left}为{right}"),
    "!=": ("{left} not {right}", "{left}不为{right}"),
    "<": ("{left} under {right}", "{left}小于{right}"),
    "<=": ("{left} at most {right}", "{left}不超过{right}"),
    ">": ("{left} over {right}", "{left}大于{right}"),
    ">=": ("{left} at least {right}", "{left}不低于{right}"),
    "before": ("{left} before {right}", "{left}早于{right}"),
    "until": ("{left} not after {right}", "{left}不晚于{right}"),
    "after": ("{left} after {right}", "{left}晚于{right}"),
    "since": ("{left} not before {right}", "{left}不早于{right}"),
    "in": ("{left} {right}", "{left}为{right}"),
    "not in": ("{left} not among {right}", "{left}不属于{right}"),
    "missing": ("{left} not recorded", "{left}无记录"),
    "known": ("{left} recorded", "{left}有记录"),
    "not": ("not {left}", "非{left}"),
    "and": (", ", "、"),
    "or": (" or ", "或"),
    "brackets": ("({left})", "（{left}）"),
    "either": (" or ", "或"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "period_start": ("the start of the period", "期初"),
    "period_end": ("the end of the period", "期末次日"),
}
_UNITS: Final[dict[str, tuple[str, str]]] = {
    "s": (" s", " 秒"),
    "min": (" min", " 分钟"),
    "h": (" h", " 小时"),
    "day": (" days", " 天"),
    "percent": ("%", "%"),
    "points": (" points", " 分"),
}
_ONES: Final = {"day": " day", "points": " point"}
_DATES: Final = {"<": "before", "<=": "until", ">": "after", ">=": "since"}
_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def phrase(key: str, language: str, **parts: str) -> str:
    """Fill a phrase of the language in; Chinese for ``zh...``, else English."""
    english, chinese = PHRASES[key]
    return (chinese if language.startswith("zh") else english).format(**parts)


def sign(operator: str) -> str:
    """Give the sign as printed: × and ÷ for * and /."""
    return _SIGNS[operator]


def condition_words(node: nodes.Row, language: str) -> str:
    """Say a condition, or any row expression, in words."""
    match node:
        case nodes.BoolOp(operator, operands):
            parts = [_bracketed(operand, language, operator) for operand in operands]
            return phrase(operator, language).join(parts)
        case nodes.Not(operand):
            return _not_words(operand, language)
        case nodes.IsNone(operand, negated):
            left = condition_words(operand, language)
            return phrase("known" if negated else "missing", language, left=left)
        case nodes.InList(operand, values, negated):
            return _in_words(operand, values, language, key="not in" if negated else "in")
        case nodes.Compare(operator, left, right):
            return _compare_words(operator, left, right, language)
        case _:
            return row_words(node, language)


def row_words(node: nodes.Row, language: str, *, like: Field | None = None) -> str:
    """Say a field, a value or arithmetic in words; ``like`` lends a value its unit."""
    match node:
        case nodes.FieldRef(fact, name):
            return FACTS[fact].fields[name].label(language)
        case nodes.Literal(value):
            return _value_words(value, language, like=like)
        case nodes.PeriodBound(which):
            return phrase(f"period_{which}", language)
        case nodes.Arith(operator, left, right):
            sides = [bracketed_row(side, language) for side in (left, right)]
            return f" {sign(operator)} ".join(sides)
        case _:
            return condition_words(node, language)


def _compare_words(operator: str, left: nodes.Row, right: nodes.Row, language: str) -> str:
    field = field_of(left) or field_of(right)
    if field and field.kind in ("date", "datetime"):
        operator = _DATES.get(operator, operator)
    if isinstance(right, nodes.Literal) and isinstance(right.value, bool):
        wanted = right.value == (operator == "==")
        return row_words(left, language) if wanted else _not_words(left, language)
    return phrase(
        operator,
        language,
        left=row_words(left, language, like=field),
        right=row_words(_folded(right), language, like=field),
    )


def _folded(node: nodes.Row) -> nodes.Row:
    """Work written factors out: ``7 * 86400`` is one number of seconds."""
    match node:
        case nodes.Arith("*", nodes.Literal(left), nodes.Literal(right)):
            return nodes.Literal(cast(Any, left) * cast(Any, right))
        case _:
            return node


def _not_words(operand: nodes.Row, language: str) -> str:
    if language.startswith("zh") and isinstance(operand, nodes.FieldRef):
        label = row_words(operand, language)
        return f"未{label[1:]}" if label.startswith("已") else f"{label}为否"
    return phrase("not", language, left=_bracketed(operand, language, "not"))


def _in_words(
    operand: nodes.Row, values: tuple[nodes.Literal, ...], language: str, *, key: str
) -> str:
    like = field_of(operand)
    listed = [row_words(value, language, like=like) for value in values]
    right = phrase("either", language).join(listed)
    return phrase(key, language, left=row_words(operand, language), right=right)


def field_of(node: nodes.Row) -> Field | None:
    """Give the first field that an expression reads."""
    match node:
        case nodes.FieldRef(fact, name):
            return FACTS[fact].fields[name]
        case nodes.Arith(_, left, right):
            return field_of(left) or field_of(right)
        case _:
            return None


def _value_words(value: object, language: str, *, like: Field | None) -> str:
    match value:
        case bool():
            return phrase("yes" if value else "no", language)
        case int() | Decimal():
            return _number_words(Decimal(value), language, unit=(like and like.unit) or "")
        case date():
            return value.isoformat()
        case _:
            coded = like is not None and like.kind == "code"
            return code_label(str(value), language=language) if coded else f"“{value}”"


def _number_words(number: Decimal, language: str, *, unit: str) -> str:
    if unit == "s" and number:
        # 604800 s is no figure to read: whole hours and days are said as such, a day as 24 h.
        for larger, seconds in (("day", 86400), ("h", 3600)):
            if number % seconds == 0 and number != 86400 * (larger == "day"):
                number, unit = number / seconds, larger
                break
    english, chinese = _UNITS.get(unit, ("", ""))
    text = format(number, ",f")
    if language.startswith("zh"):
        return f" {text}{chinese}"
    return f"{text}{_ONES.get(unit, english) if text == '1' else english}"


def _bracketed(node: nodes.Row, language: str, within: str) -> str:
    text = condition_words(node, language)
    mixed = isinstance(node, nodes.BoolOp) and node.operator != within
    return phrase("brackets", language, left=text) if mixed else text


def bracketed_row(node: nodes.Row, language: str) -> str:
    """Say a row expression, arithmetic in brackets."""
    text = row_words(node, language)
    return phrase("brackets", language, left=text) if isinstance(node, nodes.Arith) else text
