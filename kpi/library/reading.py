"""Read the shipped definitions from their YAML files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from agents.careful_yaml import Careful
from kpi.library.definition import Definition, WrongDefinition, parse_definition

FOLDER: Final = Path(__file__).parent
_TIMESTAMP: Final = "tag:yaml.org,2002:timestamp"
# The same loader in C, four times as fast, where the wheel has it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class WrongLibrary(Exception):
    """The library cannot be used; ``problems`` names each KPI and file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one KPI, or with a whole file where ``code`` is empty."""

    file: str
    code: str
    kind: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.code}" if self.code else self.file
        return f"{place}: {self.message}"


class _Loader(Careful, _SafeLoader):
    """Safe YAML in which a date stays the text it is in JSON."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@cache
def shipped_definitions(folder: Path = FOLDER) -> tuple[Definition, ...]:
    """Give the shipped definitions, by file name and in the order of each file.

    Raises:
        WrongLibrary: with every problem of every file.
    """
    definitions, problems = read_folder(folder)
    if problems:
        raise WrongLibrary(problems)
    return tuple(definitions)


def read_folder(folder: Path) -> tuple[list[Definition], list[Problem]]:
    """Read all definitions of a folder: the good ones, and what is wrong with the others."""
    definitions: list[Definition] = []
    problems: list[Problem] = []
    homes: dict[str, str] = {}
    for file, code, document in _entries(folder, problems):
        if homes.setdefault(code, file) != file:
            message = _("The code is taken by a KPI of %(file)s.") % {"file": homes[code]}
            problems.append(Problem(file, code, "duplicate", message))
            continue
        try:
            definitions.append(parse_definition(code, document))
        except WrongDefinition as error:
            problems += [Problem(file, code, "definition", text) for text in error.problems]
    return definitions, problems


def read_documents(path: Path) -> dict[str, Any]:
    """Give the documents of one file by code, unchecked.

    Raises:
        WrongLibrary: the file is no list of KPIs.
        OSError: it cannot be read.
    """
    problems: list[Problem] = []
    documents = _documents(path, problems)
    if problems:
        raise WrongLibrary(problems)
    return documents


def _entries(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, str, object]]:
    for path in sorted(folder.glob("*.yaml")):
        for code, document in _documents(path, problems).items():
            yield path.name, code, document


def _documents(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        documents = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "", "file", _("The file is not UTF-8.")))
        return {}
    except RecursionError:
        problems.append(Problem(path.name, "", "file", _("The file is nested too deeply.")))
        return {}
    except yaml.YAMLError as error:
        problems.append(Problem(path.name, "", "file", str(error)))
        return {}
    if not isinstance(documents, dict):
        message = _("The file is not a list of KPIs by their code.")
        problems.append(Problem(path.name, "", "file", message))
        return {}
    return {str(code): document for code, document in documents.items()}
