"""What can be wrong with a formula, each with its place and what is allowed instead."""

from difflib import get_close_matches
from typing import Final

# Code to English template. The templates are kept apart from their values for translation.
MESSAGES: Final[dict[str, str]] = {
    "empty": "The formula is empty. Example: count(contacts, where=answered).",
    "too_long": "The formula has {length} characters; at most {limit} are allowed.",
    "too_deep": "The formula is nested more than {limit} levels deep.",
    "too_large": "The formula has more than {limit} parts. Split it into two KPIs.",
    "syntax": "The formula cannot be read here. Check brackets, quotes and commas.",
    "comment": "A formula holds no comments; put them in the KPI's description.",
    "not_allowed": "{what} is not part of the formula language.",
    "bad_number": "Write numbers as digits with at most one decimal point, such as 30 or 0.5.",
    "unknown_fact": "There is no kind of fact called {name}.{hint} Allowed: {allowed}.",
    "unknown_field": "The {fact} have no field {name}.{hint} Allowed: {allowed}.",
    "unknown_function": "There is no function {name}.{hint} Allowed: {allowed}.",
    "field_outside": "The field {name} stands alone. Write the kind of fact first: {allowed}.",
    "fact_in_where": "Inside where= fields stand alone: write {field}, not {fact}.{field}.",
    "two_facts": "One measure is over one kind of fact: {fact}, not also {other}.",
    "fact_alone": "{function}() needs a field or an expression, such as {example}.",
    "count_needs_fact": "count() takes a kind of fact, such as count(contacts, where=answered).",
    "not_an_aggregate": "Rows must be counted or summed first. Allowed: {allowed}.",
    "nothing_measured": "The formula measures nothing. Example: count(contacts).",
    "arguments": "{function}() is written {usage}.",
    "unknown_argument": "Here {function}() has no argument {name}; it is written {usage}.",
    "needs_number": "{function}() needs a number, but this is {kind}.{hint}",
    "needs_condition": "A condition is needed here, but this is {kind}.{hint}",
    "needs_text": "{function}() needs a code in quotes, such as {example}.",
    "cannot_compare": "These cannot be compared: {left} and {right}.{hint}",
    "cannot_order": "{kind} has no order: only == and != and in are allowed.",
    "unknown_code": "The {field} is never {value}.{hint} Allowed: {allowed}.",
    "bad_date": "{value} is not a date. Write it as in {example}.",
    "compare_none": "Write {field} is None or {field} is not None.",
    "is_needs_field": "Only a field can be tested with is None or is not None.",
    "in_needs_list": "in needs a list of values in brackets, such as {example}.",
    "cannot_calculate": "{operator} needs numbers on both sides, but this is {kind}.",
    "unit_mismatch": "{left} and {right} cannot be added, subtracted or compared.",
    "unit_product": "{left} times {right} has no meaning as a KPI.",
    "unit_root": "The square root of {unit} has no meaning as a KPI.",
    "zero_division": "Dividing by zero is not allowed.",
    "percentile_range": "The percentile is a number above 0 and below 100, such as 90.",
    "scope_nested": "{inner}() cannot stand inside {outer}().",
    "over_alone": "over() gives one value per {grain}. Put it inside one of: {allowed}.",
    "over_where": "An over() inside {function}() takes no where=; put it in the measures.",
    "unknown_grain": "over() goes by {allowed}, not by {name}.",
    "imported_needs_fact": "imported() starts with a kind of fact. Allowed: {allowed}.",
    "bad_code": "A code is lower-case letters, digits and underscores, not {value}.",
}


class FormulaError(Exception):
    """The formula cannot be used; says where and what is allowed.

    Args:
        code: key of ``MESSAGES``.
        offset: first character of the faulty part, counted from 0.
        length: its number of characters, at least 1.
        params: values of the message's placeholders.
    """

    def __init__(self, code: str, *, offset: int, length: int, params: dict[str, str]) -> None:
        self.code = code
        self.params = params
        self.offset = offset
        self.length = max(1, length)
        self.template = MESSAGES[code]
        self.message = self.template.format(**params)
        super().__init__(self.message)


def did_you_mean(name: str, allowed: tuple[str, ...]) -> str:
    """Give `` Did you mean x?`` for a near miss, else nothing."""
    near = get_close_matches(name, allowed, n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""
