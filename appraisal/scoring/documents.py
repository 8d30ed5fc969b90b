"""Scheme documents as text: YAML with exact numbers, and the shipped schemes."""

from copy import deepcopy
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from agents.careful_yaml import Careful
from appraisal.scoring.reading import Problem, SchemeError, as_decimal

SHIPPED = Path(__file__).resolve().parent.parent / "schemes"


class ExactLoader(Careful, yaml.SafeLoader):
    """Reads ``0.95`` as the decimal that is written, not as the nearest float."""


def exact_number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | str:
    """Give the number as written; what is no such number stays text and is refused later."""
    text = str(loader.construct_scalar(node)).replace("_", "")
    value = as_decimal(text)
    return text if value is None else value


ExactLoader.add_constructor("tag:yaml.org,2002:float", exact_number)


def read_document(text: str) -> dict[str, Any]:
    """Read the YAML text of a scheme.

    Raises:
        SchemeError: the text is not YAML, or not a mapping; the problem names the line.
    """
    try:
        document = yaml.load(text, Loader=ExactLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}" if error.problem_mark else "text"
        raise SchemeError([Problem(line, error.problem or "is not YAML")]) from error
    except yaml.YAMLError as error:
        raise SchemeError(
            [Problem("text", "is not YAML: it has a character that is not allowed")]
        ) from error
    except RecursionError as error:
        raise SchemeError([Problem("text", "is nested too deeply")]) from error
    if not isinstance(document, dict):
        raise SchemeError([Problem("scheme", "must be a mapping of names to values")])
    return document


def read_shipped(path: Path) -> dict[str, Any]:
    """Read a file that comes with the product; the document is the caller's to change."""
    return deepcopy(read_once(path))


@cache
def read_once(path: Path) -> dict[str, Any]:
    """Read a file once in a process: what comes with the product does not change under it."""
    return read_document(path.read_text("utf-8"))


def list_shipped_documents() -> list[dict[str, Any]]:
    """Read the shipped schemes, in the order of their numbers: ``s2_...`` before ``s10_...``."""
    paths = sorted(SHIPPED.glob("s*.yaml"), key=lambda path: int(path.stem.split("_")[0][1:]))
    return [read_shipped(path) for path in paths]
