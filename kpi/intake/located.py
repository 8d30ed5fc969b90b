"""YAML read with the line of every key and value, so that a problem can be shown where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from kpi.intake.limits import MAPPING_CHARACTERS, MAPPING_DEPTH, MAPPING_DIGITS


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a text, on a line from 1."""

    line: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


class Word(str):
    """A scalar as it was written; ``value`` is what YAML makes of it (true, 5, None)."""

    value: Any
    line: int


class Block(dict[str, Any]):
    """A mapping; ``lines`` has the line of each key."""

    line: int
    lines: dict[str, int]


class Items(list[Any]):
    """A sequence."""

    line: int


class BadText(ValueError):
    """The text is no YAML that is read here."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


def read_yaml(text: str) -> Block:
    """Read a YAML mapping.

    Raises:
        BadText: with the line of the first thing wrong.
    """
    if len(text) > MAPPING_CHARACTERS:
        raise BadText(1, _("The text is too long."))
    try:
        aliases = _aliases(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = getattr(mark, "line", 0) + 1
        raise BadText(line, str(error.problem)) from error
    except BadText:
        raise
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadText(1, _("This is not YAML.")) from error
    if aliases:
        raise BadText(aliases[0], _("References (*name) are not read."))
    if not isinstance(node, yaml.MappingNode):
        raise BadText(1, _("Write keys and values, such as “kind: contacts”."))
    return _block(node)


def _aliases(text: str) -> list[int]:
    """Lines on which the text refers to another part of itself, which could make it endless.

    Reading stops where the text goes too deep: the time it takes grows with the square of that.

    Raises:
        BadText: it goes deeper than any mapping does.
    """
    found, depth = [], 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            found.append(line)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAPPING_DEPTH:
            raise BadText(line, _("The brackets or indents go too deep."))
    return found


def _convert(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _block(node)
    if isinstance(node, yaml.SequenceNode):
        items = Items(_convert(child) for child in node.value)
        items.line = node.start_mark.line + 1
        return items
    word = Word(_text(node))
    word.line = node.start_mark.line + 1
    word.value = _plain_value(node)
    return word


def _text(node: yaml.Node) -> str:
    """What is written; escapes can name characters that no file and no database holds."""
    text: str = node.value
    if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise BadText(node.start_mark.line + 1, _("This holds a character that is no text."))
    return text


def _plain_value(node: yaml.Node) -> Any:
    tag = node.tag.rpartition(":")[2]
    if tag == "null":
        return None
    if tag == "bool":
        return node.value.lower() in {"true", "yes", "on"}
    if tag == "int" and _is_whole(node.value):
        return int(node.value)
    return node.value


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= MAPPING_DIGITS


def _block(node: yaml.MappingNode) -> Block:
    block = Block()
    block.line, block.lines = node.start_mark.line + 1, {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise BadText(line, _("A key must be a word."))
        name = _text(key)
        if name in block:
            raise BadText(line, _("“%(key)s” stands here twice.") % {"key": name})
        block[name] = _convert(value)
        block.lines[name] = line
    return block
