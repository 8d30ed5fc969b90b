"""JSON and JSON lines to a table: nested names joined by dots, a path to where the rows are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from json import JSONDecodeError, JSONDecoder, decoder, scanner
from typing import Any, Final

import polars as pl

from kpi.intake.reading.encoding import decode
from kpi.intake.reading.table import (
    LINE,
    FileRefused,
    Request,
    Table,
    clean_cells,
    control_faults,
    problems,
)

_NAME_AND_VALUE: Final = {"name", "value"}


class _Placed(dict[str, Any]):
    """An object and where in the text it begins."""

    at: int = 0


def read_records(data: bytes, request: Request, *, by_line: bool) -> Table:
    """Read a list of objects, or the one at the mapping's path.

    Raises:
        FileRefused: no JSON, nothing at the path, too many names.
    """
    text, encoding = decode(data, request.options.encoding)
    found = _from_lines(text, request) if by_line else _from_document(text, request)
    rows = list(found)
    if not rows:
        raise FileRefused("header_only" if text.strip() else "empty_file")
    columns = tuple(dict.fromkeys(chain.from_iterable(record for _, record in rows)))
    if not columns:
        raise FileRefused("header_only")
    if len(columns) > request.limits.text_columns:
        raise FileRefused("too_many_columns", count=len(columns), most=request.limits.text_columns)
    frame = pl.DataFrame(
        {name: pl.Series([row.get(name) for _, row in rows], dtype=pl.String) for name in columns}
    ).with_columns(pl.Series(LINE, [line for line, _ in rows], dtype=pl.UInt32))
    frame = clean_cells(frame, columns, problems()["line"])
    if frame.is_empty():
        raise FileRefused("header_only")
    form = "jsonl" if by_line else "json"
    return Table(columns, frame, control_faults(frame, columns), form, encoding=encoding)


def _from_lines(text: str, request: Request) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        document = _parse(line, first_line=number)
        for _, row in _rows(document, request.options.records):
            yield number, row


def _from_document(text: str, request: Request) -> Iterator[tuple[int, dict[str, str]]]:
    document = _parse(text, first_line=1)
    last, line = 0, 1
    for at, row in _rows(document, request.options.records):
        if at >= last:
            line, last = line + text.count("\n", last, at), at
        yield line, row


def _parse(text: str, *, first_line: int) -> Any:
    try:
        return _PlacingDecoder().decode(text)
    except JSONDecodeError as error:
        line = error.lineno + first_line - 1
        raise FileRefused("json", line=line, column=error.colno) from error
    except RecursionError as error:
        raise FileRefused("json_deep") from error


class _PlacingDecoder(JSONDecoder):
    """Keeps numbers as they are written and remembers where objects begin."""

    def __init__(self) -> None:
        super().__init__(parse_float=str, parse_int=str, parse_constant=str)
        self.parse_object = _placed_object
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


def _placed_object(s_and_end: tuple[str, int], *args: Any, **options: Any) -> tuple[Any, int]:
    value, end = decoder.JSONObject(s_and_end, *args, **options)  # type: ignore[attr-defined]
    placed = _Placed(value)
    placed.at = s_and_end[1] - 1
    return placed, end


def _rows(document: Any, path: str | None) -> Iterator[tuple[int, dict[str, str]]]:
    """Place and flat names of each record, those of what it lies in included."""
    if path is None:
        path = "[]" if isinstance(document, list) else ""
    elif isinstance(document, list) and not path.startswith("[]"):
        path = f"[].{path}"
    steps = [step for step in path.replace("[]", ".[]").split(".") if step]
    found = _walk(document, steps, [], {})
    for number, (record, prefix, outer) in enumerate(found, 1):
        if not isinstance(record, _Placed):
            raise FileRefused("json_object", number=number)
        yield record.at, {**outer, **dict(_flatten(record, prefix))}


def _walk(
    value: Any, steps: list[str], prefix: list[str], outer: dict[str, str]
) -> Iterator[tuple[Any, list[str], dict[str, str]]]:
    """Follow a path; on the way down, take along the plain values of what is passed."""
    if not steps:
        yield value, prefix, outer
        return
    step, rest = steps[0], steps[1:]
    if step == "[]":
        if not isinstance(value, list):
            raise FileRefused("json_records")
        for item in value:
            yield from _walk(item, rest, prefix, outer)
        return
    if not isinstance(value, dict) or step not in value:
        found = ", ".join(value) if isinstance(value, dict) else type(value).__name__
        shown = ".".join([*prefix, *steps]).replace(".[]", "[]")
        raise FileRefused("json_path", path=shown, missing=step, found=found[:300])
    passed = {key: item for key, item in value.items() if key != step}
    taken = {**outer, **dict(_flatten(passed, prefix))}
    yield from _walk(value[step], rest, [*prefix, step], taken)


def _flatten(value: dict[str, Any], prefix: list[str]) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        path = [*prefix, key]
        if isinstance(item, dict):
            yield from _flatten(item, path)
        elif isinstance(item, list):
            yield from _flatten_list(item, path)
        elif item is not None:
            yield ".".join(path), _text(item)


def _flatten_list(items: list[Any], path: list[str]) -> Iterator[tuple[str, str]]:
    """A list of plain values as one text; one of names and values as so many columns."""
    if items and all(isinstance(item, dict) and item.keys() >= _NAME_AND_VALUE for item in items):
        for item in items:
            if not isinstance(item["value"], (dict, list)) and item["value"] is not None:
                yield ".".join([*path, str(item["name"])]), _text(item["value"])
    elif not any(isinstance(item, (dict, list)) for item in items):
        yield ".".join(path), ", ".join(_text(item) for item in items if item is not None)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).encode("utf-8", "replace").decode()
