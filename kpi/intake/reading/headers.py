"""Names of columns: what a header line must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kpi.intake.reading.table import FileRefused

# A cell of a header line that is only a number, a date or a time is data, not a name.
_DATA = re.compile(r"[-+]?[0-9][0-9.,:/\-\sTZ]*")


def clean_names(cells: Sequence[str]) -> list[str]:
    """Names without blanks around them, line breaks as one blank, a byte-order mark gone."""
    return [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]


def checked_names(cells: Sequence[str], *, line: int, most: int) -> tuple[str, ...]:
    """The names of a header line; unnamed columns at its end are kept as empty text.

    Raises:
        FileRefused: too many columns, data instead of names, an unnamed column, a name twice.
    """
    if len(cells) > most:
        raise FileRefused("too_many_columns", count=len(cells), most=most)
    names = clean_names(cells)
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileRefused("empty_file")
    if 2 * sum(bool(_DATA.fullmatch(name)) for name in names) >= len(names):
        raise FileRefused("header_missing", line=line, value=names[0])
    if "" in names:
        raise FileRefused("header_unnamed", line=line, column=names.index("") + 1)
    doubled = [name for name, count in Counter(names).items() if count > 1]
    if doubled:
        raise FileRefused("header_doubled", line=line, column=doubled[0])
    return tuple(names)
