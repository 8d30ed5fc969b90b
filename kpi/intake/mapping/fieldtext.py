"""One field of a mapping's text, and the notes taken of what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final

from django.utils.translation import gettext as _

from kpi.intake.fields import Spec
from kpi.intake.located import Block, Items, Problem, Word
from kpi.intake.mapping.model import FORMAT_WORDS, READINGS, Condition, FieldMapping

_FIELD_KEYS: Final = (
    "column",
    "columns",
    "join",
    "format",
    "formats",
    "as",
    "values",
    "otherwise",
    "empty",
    "difference",
    "constant",
    "when",
)
_DIRECTIVE: Final = re.compile(r"%(\.f|.)")
_DIRECTIVES: Final = frozenset([*"YymdebBjHkIlMSpPfzTFRZ%", ".f"])


class Notes:
    """Collects problems while a mapping is read, and reads simple values on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))

    def unknown(self, line: int, name: str, known: Sequence[str]) -> None:
        """Note a word that is none of the known ones, with the nearest or all of them."""
        near = get_close_matches(name, known, 1)
        if near:
            text = _("“%(name)s” is not known here. Did you mean “%(near)s”?")
            self.add(line, text % {"name": name, "near": near[0]})
        else:
            text = _("“%(name)s” is not known here. Known: %(known)s.")
            self.add(line, text % {"name": name, "known": ", ".join(known)})

    def only_keys(self, block: Block, known: Sequence[str]) -> None:
        for key in block:
            if key not in known:
                self.unknown(block.lines[key], key, known)

    def word(self, block: Block, key: str) -> str:
        """The text of a key, empty where it is absent."""
        value = block.get(key, "")
        if isinstance(value, (Block, Items)):
            self.add(block.lines[key], _("“%(key)s” is a single value.") % {"key": key})
            return ""
        return str(value)

    def choice(self, block: Block, key: str, choices: Sequence[str]) -> str:
        """One of the choices, empty where it is absent or wrong."""
        value = self.word(block, key)
        if not value or value in choices:
            return value
        self.unknown(block.lines[key], value, choices)
        return ""

    def positive(self, block: Block, key: str) -> int | None:
        value = self.word(block, key)
        if not value:
            return None
        if value.isascii() and value.isdigit() and 0 < int(value) < 1_000_000:
            return int(value)
        self.add(block.lines[key], _("“%(key)s” is a number from 1.") % {"key": key})
        return None

    def block(self, block: Block, key: str) -> Block:
        """A nested block; an empty one where it is absent or wrong."""
        value = block.get(key)
        if isinstance(value, Block):
            return value
        if value is not None:
            self.add(block.lines[key], _("“%(key)s” holds keys and values.") % {"key": key})
        nothing = Block()
        nothing.line, nothing.lines = block.line, {}
        return nothing


def words(block: Block, key: str, notes: Notes) -> tuple[str, ...]:
    """A list of texts, or a single one; empty where it is absent."""
    value = block.get(key)
    if value is None:
        return ()
    if isinstance(value, Word):
        return (str(value),)
    if isinstance(value, Items) and all(isinstance(item, Word) for item in value):
        return tuple(str(item) for item in value)
    notes.add(block.lines[key], _("“%(key)s” is a list of values.") % {"key": key})
    return ()


def read_condition(
    holder: Block, key: str, notes: Notes, more: tuple[str, ...] = ()
) -> Condition | None:
    """A condition on one column: ``is``, ``not``, ``empty: true`` or ``filled: true``."""
    block = holder.get(key)
    if block is None:
        return None
    if not isinstance(block, Block) or "column" not in block:
        notes.add(holder.lines.get(key, 1), _("A condition names its column."))
        return None
    notes.only_keys(block, ("column", "is", "not", "empty", "filled", *more))
    asked = [name for name in ("is", "not", "empty", "filled") if name in block]
    if len(asked) != 1:
        notes.add(block.line, _("A condition has one of: is, not, empty: true, filled: true."))
        return None
    values = words(block, asked[0], notes) if asked[0] in {"is", "not"} else ()
    if asked[0] in {"is", "not"} and not values:
        notes.add(block.line, _("Name the values that the column is held against."))
    return Condition(str(block["column"]), values, negated=asked[0] in {"not", "filled"})


def read_field(spec: Spec, value: Any, line: int, notes: Notes) -> FieldMapping | None:
    """One field: the name of its column, or a block that says how it is made."""
    if isinstance(value, Word):
        return FieldMapping(columns=(str(value),))
    if not isinstance(value, Block):
        notes.add(line, _("Name a column, or say how the field is made."))
        return None
    notes.only_keys(value, _FIELD_KEYS)
    origins = [key for key in ("column", "columns", "difference", "constant") if key in value]
    if len(origins) != 1:
        notes.add(line, _("Give one of: column, columns, difference, constant."))
        return None
    mapping = FieldMapping(
        columns=words(value, "column", notes) or words(value, "columns", notes),
        join=_join(value, notes),
        formats=_formats(spec, value, notes),
        reading=_reading(spec, value, notes),
        values=_values(spec, value, notes),
        otherwise=_mapped(value.get("otherwise")),
        has_otherwise="otherwise" in value,
        empty=words(value, "empty", notes),
        difference=_difference(spec, value, notes),
        constant=notes.word(value, "constant") if "constant" in value else None,
        when=read_condition(value, "when", notes),
    )
    _check_results(spec, mapping, line, notes)
    return mapping


def _join(block: Block, notes: Notes) -> str:
    return notes.word(block, "join") if "join" in block else " "


def _formats(spec: Spec, block: Block, notes: Notes) -> tuple[str, ...]:
    key = "formats" if "formats" in block else "format"
    formats = words(block, key, notes)
    timed = spec.type in {"moment", "date"} or "difference" in block
    if formats and not timed:
        notes.add(block.lines[key], _("A format belongs to a date or a time."))
    for pattern in formats:
        if timed and pattern not in FORMAT_WORDS and not _is_pattern(pattern):
            text = _("“%(format)s” is no time format. Write iso, epoch, or one such as %(like)s.")
            details = {"format": pattern, "like": "%Y-%m-%d %H:%M:%S"}
            notes.add(block.lines[key], text % details)
    return formats


def _is_pattern(pattern: str) -> bool:
    found = _DIRECTIVE.findall(pattern)
    return bool(found) and all(directive in _DIRECTIVES for directive in found)


def _reading(spec: Spec, block: Block, notes: Notes) -> str:
    known = READINGS.get(spec.type, ("text",))
    return notes.choice(block, "as", known)


def _mapped(value: Any) -> str | bool | None:
    if not isinstance(value, Word) or value.value is None:
        return None
    return value.value if isinstance(value.value, bool) else str(value)


def _values(spec: Spec, block: Block, notes: Notes) -> dict[str, str | bool | None] | None:
    if "values" not in block:
        return None
    values = notes.block(block, "values")
    for key, value in values.items():
        if not isinstance(value, Word):
            notes.add(values.lines[key], _("Say what the value means."))
    return {key: _mapped(value) for key, value in values.items()}


def _difference(spec: Spec, block: Block, notes: Notes) -> tuple[str, str] | None:
    if "difference" not in block:
        return None
    pair = words(block, "difference", notes)
    if len(pair) != 2 or spec.type != "seconds":
        notes.add(
            block.lines["difference"],
            _("A difference is of two columns, start and end, and fills a duration."),
        )
        return None
    return pair[0], pair[1]


def _check_results(spec: Spec, mapping: FieldMapping, line: int, notes: Notes) -> None:
    """Note results of a value map that the field cannot hold."""
    results = [*(mapping.values or {}).values()]
    if mapping.has_otherwise:
        results.append(mapping.otherwise)
    if mapping.constant is not None and spec.type in {"code", "flag"}:
        results.append({"true": True, "false": False}.get(mapping.constant, mapping.constant))
    for result in results:
        if result is None:
            continue
        if spec.type == "flag" and not isinstance(result, bool):
            text = _("“%(value)s” must be true, false or null.")
            notes.add(line, text % {"value": result})
        if spec.type == "code" and spec.choices and result not in spec.choices:
            notes.unknown(line, str(result), spec.choices)
