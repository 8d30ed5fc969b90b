"""YAML to a mapping, with every problem named by its line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug, validate_unicode_slug
from django.utils.translation import gettext as _

from kpi.intake.fields import DAY_OF, ITEM_PREFIX, LINKS, spec_of, specs
from kpi.intake.located import BadText, Block, Items, Problem, Word, read_yaml
from kpi.intake.mapping.fieldtext import Notes, read_condition, read_field, words
from kpi.intake.mapping.model import (
    FORMATS,
    UNKNOWN_AGENTS,
    AgentRule,
    FieldMapping,
    FileMapping,
    KindMapping,
    LeaveOut,
)
from kpi.intake.reading.encoding import ENCODINGS
from kpi.intake.reading.table import FileOptions
from kpi.intake.reading.text import DELIMITERS

_KEYS = (
    "kind",
    "source",
    "zone",
    "file",
    "empty",
    "fields",
    "leave_out",
    "also",
    "agents",
    "queues",
    "corrects",
)
_CODE_CHARACTERS = 64
_DELIMITER_WORDS = {word: sign for sign, word in DELIMITERS.items()}


class BadMapping(ValueError):
    """The text is no mapping; ``problems`` says what is wrong on which line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def read_mapping(text: str) -> FileMapping:
    """Read a mapping.

    Raises:
        BadMapping: with every problem found, in the order of the lines.
    """
    try:
        block = read_yaml(text)
    except BadText as error:
        raise BadMapping([error.problem]) from error
    notes = Notes()
    mapping = _mapping(block, notes)
    if notes.problems or mapping is None:
        raise BadMapping(sorted(notes.problems, key=lambda problem: problem.line))
    return mapping


def _mapping(block: Block, notes: Notes) -> FileMapping | None:
    notes.only_keys(block, _KEYS)
    main = _kind_mapping(block, notes, second_of=None)
    if main is None:
        return None
    also = block.get("also")
    return FileMapping(
        main=main,
        also=_second_kind(also, notes, main) if also is not None else None,
        source=_source(block, notes),
        zone=_zone(block, notes),
        file=_file(block, notes),
        empty=words(block, "empty", notes),
        leave_out=_leave_out(block, notes),
        agents=_agents(block, notes),
        queues=_queues(block, notes),
        corrects=notes.choice(block, "corrects", ("true", "false")) == "true",
    )


def _kind_mapping(block: Block, notes: Notes, second_of: KindMapping | None) -> KindMapping | None:
    kind = notes.choice(block, "kind", tuple(DAY_OF))
    if not kind:
        if "kind" not in block:
            notes.add(block.line, _("Say which kind of fact the rows are: kind: contacts"))
        return None
    fields = block.get("fields")
    if not isinstance(fields, Block):
        notes.add(block.lines.get("fields", block.line), _("“fields” is missing."))
        return None
    read = _fields(kind, fields, notes)
    if second_of is not None:
        read = _inherited(kind, read, second_of)
    _check_required(kind, read, fields, notes)
    when = read_condition(block, "when", notes) if second_of is not None else None
    return KindMapping(kind, read, when)


def _fields(kind: str, block: Block, notes: Notes) -> dict[str, FieldMapping]:
    read = {}
    for name, value in block.items():
        spec = spec_of(kind, name)
        if spec is None:
            _note_unknown(kind, name, block.lines[name], notes)
            continue
        found = read_field(spec, value, block.lines[name], notes)
        if found is not None:
            read[name] = found
    return read


def _note_unknown(kind: str, name: str, line: int, notes: Notes) -> None:
    if kind == "reviews" and name.startswith(ITEM_PREFIX):
        text = _("A criterion is written item:code, its code of letters, digits, “_”, “-”, “.”.")
        notes.add(line, text)
        return
    notes.unknown(line, name, tuple(specs(kind)))


def _check_required(kind: str, fields: dict[str, FieldMapping], block: Block, notes: Notes) -> None:
    missing = [name for name, spec in specs(kind).items() if spec.is_required]
    for name in missing:
        if name not in block and name not in fields:
            notes.add(block.line, _("“%(field)s” must be mapped.") % {"field": name})
    if len(DAY_OF[kind]) > 1 and not {*block, *fields} & {*DAY_OF[kind]}:
        text = _("One of %(fields)s must be mapped.")
        notes.add(block.line, text % {"fields": ", ".join(DAY_OF[kind])})


def _inherited(
    kind: str, fields: dict[str, FieldMapping], main: KindMapping
) -> dict[str, FieldMapping]:
    """Fields of a second kind that the first one gives: its number, its agent, the link to it."""
    given = {}
    if "external_id" in main.fields:
        given["external_id"] = main.fields["external_id"]
        link = LINKS.get(main.kind)
        if link and link in specs(kind):
            given[link] = main.fields["external_id"]
    if "agent" in main.fields:
        given["agent"] = main.fields["agent"]
    return {**given, **fields}


def _second_kind(block: Any, notes: Notes, main: KindMapping) -> KindMapping | None:
    if not isinstance(block, Block):
        notes.add(1, _("“also” holds a kind and its fields."))
        return None
    notes.only_keys(block, ("kind", "when", "fields"))
    second = _kind_mapping(block, notes, second_of=main)
    if second and second.kind == main.kind:
        notes.add(block.line, _("“also” must be another kind than the file's own."))
    return second


def _source(block: Block, notes: Notes) -> str:
    source = notes.word(block, "source")
    if source and not is_source_code(source):
        notes.add(block.lines["source"], _("A source is letters, digits, hyphens, underscores."))
    return source


def is_source_code(text: str) -> bool:
    """Whether a text can be the code of a source."""
    return _passes(validate_slug, text)


def _passes(validate: Callable[[str], None], text: str) -> bool:
    try:
        validate(text)
    except ValidationError:
        return False
    return len(text) <= _CODE_CHARACTERS


def _team_code(text: str, line: int, notes: Notes) -> str:
    if text and not _passes(validate_unicode_slug, text):
        notes.add(line, _("“%(code)s” is no code: letters, digits, hyphens.") % {"code": text})
    return text


def _zone(block: Block, notes: Notes) -> str:
    zone = notes.word(block, "zone")
    if zone and not is_zone(zone):
        text = _("“%(zone)s” is no time zone. Write one such as Asia/Shanghai.")
        notes.add(block.lines["zone"], text % {"zone": zone})
    return zone


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _file(block: Block, notes: Notes) -> FileOptions:
    file = notes.block(block, "file")
    keys = ("format", "delimiter", "encoding", "header", "columns", "sheet", "records")
    notes.only_keys(file, keys)
    delimiter = notes.choice(file, "delimiter", (*_DELIMITER_WORDS, "\t"))
    return FileOptions(
        format=notes.choice(file, "format", FORMATS) or None,
        delimiter=_DELIMITER_WORDS.get(delimiter, delimiter) or None,
        encoding=notes.choice(file, "encoding", ENCODINGS) or None,
        header=notes.positive(file, "header"),
        columns=words(file, "columns", notes),
        sheet=notes.word(file, "sheet") or None,
        records=notes.word(file, "records") or None,
    )


def _leave_out(block: Block, notes: Notes) -> tuple[LeaveOut, ...]:
    rules = block.get("leave_out", Items())
    if not isinstance(rules, Items):
        notes.add(block.lines["leave_out"], _("“leave_out” is a list of rules."))
        return ()
    read = []
    for rule in rules:
        if not isinstance(rule, Block):
            notes.add(rules.line, _("A rule has a column, its values and a reason."))
            continue
        condition = read_condition(Block({"": rule}), "", notes, more=("reason",))
        reason = notes.word(rule, "reason")
        if not reason:
            notes.add(rule.line, _("Give the reason why these rows are left out."))
        if condition and reason:
            read.append(LeaveOut(condition, reason))
    return tuple(read)


def _agents(block: Block, notes: Notes) -> AgentRule:
    agents = notes.block(block, "agents")
    notes.only_keys(agents, ("unknown", "position", "team", "from"))
    unknown: Any = notes.choice(agents, "unknown", UNKNOWN_AGENTS) or "park"
    position, team = (
        _team_code(notes.word(agents, key), agents.lines.get(key, 1), notes)
        for key in ("position", "team")
    )
    if unknown == "create" and not (position and team):
        notes.add(agents.line, _("To create people, name their position and team."))
    return AgentRule(unknown, position, team, _starts_on(agents, notes))


def _starts_on(agents: Block, notes: Notes) -> date | None:
    text = notes.word(agents, "from")
    if text in {"", "first day"}:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        notes.add(agents.lines["from"], _("Write “first day” or a date such as 2026-01-31."))
        return None


def _queues(block: Block, notes: Notes) -> dict[str, str]:
    queues = notes.block(block, "queues")
    for queue, team in queues.items():
        if not isinstance(team, Word) or not team:
            notes.add(queues.lines[queue], _("Name the code of the queue's team."))
        _team_code(str(team), queues.lines[queue], notes)
    return {queue: str(team) for queue, team in queues.items()}


def check_columns(mapping: FileMapping, columns: Sequence[str], text: str = "") -> list[Problem]:
    """Columns that a mapping needs and a file lacks, as problems on the lines naming them.

    Args:
        text: what the mapping was read from; without it the line is 1.
    """
    lines = text.splitlines()
    has = ", ".join(columns[:40])

    def line_of(name: str) -> int:
        return next((at for at, line in enumerate(lines, 1) if name in line), 1)

    message = _("The file has no column “%(column)s”. It has: %(has)s.")
    return [
        Problem(line_of(name), message % {"column": name, "has": has})
        for name in mapping.needed_columns
        if name not in columns
    ]
