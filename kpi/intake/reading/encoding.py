"""Bytes to text: UTF-8 first, UTF-16 by its mark, GB18030 where it is plainly Chinese."""

from __future__ import annotations

import codecs
import re
from typing import Final

from kpi.intake.reading.table import FileRefused

ENCODINGS: Final = (
    "utf-8",
    "utf-16",
    "gb18030",
    "gbk",
    "big5",
    "windows-1252",
    "windows-1254",
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_NON_ASCII_PAIR: Final = re.compile(rb"[\x80-\xff][\x00-\xff]")
# Share of byte pairs that must lie where Chinese text has nearly all of its characters.
_PLAINLY_CHINESE: Final = 0.8


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of a file and the name of the encoding it was read with.

    Args:
        encoding: one of ``ENCODINGS``, where a mapping says so.

    Raises:
        FileRefused: the bytes are not in that encoding, or in none that is read.
    """
    if encoding:
        named = "utf-8-sig" if encoding == "utf-8" else encoding
        return _strictly(data, named, shown=encoding), encoding
    for mark, codec, shown in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec, shown=shown), shown
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if not _is_plainly_chinese(data):
            raise _refusal(data, error, "utf-8") from error
    return _strictly(data, "gb18030", shown="gb18030"), "gb18030"


def _strictly(data: bytes, codec: str, *, shown: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise _refusal(data, error, shown) from error


def _refusal(data: bytes, error: UnicodeDecodeError, shown: str) -> FileRefused:
    line = len(data[: error.start].splitlines() or [b""])
    if data[: error.start].endswith((b"\n", b"\r")):
        line += 1
    return FileRefused("encoding", line=line, offset=error.start, encoding=shown)


def _is_plainly_chinese(data: bytes) -> bool:
    """Whether the bytes read as GB18030 and lie where simplified Chinese text does.

    GB18030 accepts much that was never meant as such: damaged UTF-8 and Western text too.
    """
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    pairs = _NON_ASCII_PAIR.findall(data)
    usual = sum(0xA1 <= pair[0] <= 0xF7 and pair[1] >= 0xA1 for pair in pairs)
    return usual >= _PLAINLY_CHINESE * len(pairs)
