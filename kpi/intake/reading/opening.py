"""Which reader a file is for, by its content; the name must not say otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from kpi.intake.reading import records, text, workbook
from kpi.intake.reading.encoding import decode
from kpi.intake.reading.table import FileRefused, Request, Table

_ENDINGS: Final = {"xlsx": "xlsx", "json": "json", "jsonl": "jsonl", "ndjson": "jsonl"}
_SIGNATURES: Final = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
# Names of what is never a table, whatever a short or made-up content looks like.
_NEVER_TABLES: Final = (
    "apk", "app", "avi", "bat", "bin", "bmp", "class", "cmd", "com", "deb", "dll", "dmg", "doc",
    "docx", "exe", "gif", "iso", "jar", "jpeg", "jpg", "mov", "mp3", "mp4", "msi", "odt", "pdf",
    "png", "ppt", "pptx", "pyc", "rpm", "sh", "so", "wav", "webp",
)  # fmt: skip
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|table|\?xml|svg)", re.IGNORECASE)
_HEAD_BYTES = 4_096
_MOST_CONTROL = 0.05
_MB = 1_000_000


def read_table(path: Path, *, name: str, request: Request) -> Table:
    """Read a file of any accepted form.

    Args:
        path: where the content lies.
        name: what the file was called; only its ending is used.

    Raises:
        FileRefused: with the reason; nothing of the file is used then.
    """
    form = file_format(path, name=name, request=request)
    if form == "xlsx":
        return workbook.read_workbook(path, request)
    most = request.limits.text_bytes if form == "csv" else request.limits.json_bytes
    if path.stat().st_size > most:
        raise FileRefused("too_large", most=most // _MB)
    data = path.read_bytes()
    if form == "csv":
        return text.read_text(data, request)
    return records.read_records(data, request, by_line=form == "jsonl")


def file_format(path: Path, *, name: str, request: Request) -> str:
    """``csv``, ``xlsx``, ``json`` or ``jsonl``.

    Raises:
        FileRefused: another kind of file, or content that the name does not announce.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    named = request.options.format or _ENDINGS.get(ending, "csv")
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise FileRefused("empty_file")
    if ending in _NEVER_TABLES:
        raise FileRefused("binary")
    found = _content(head, path, encoding=request.options.encoding)
    if ending == "xls" or found == "xls":
        raise FileRefused("not_read", found="xls", instead=".xlsx")
    if found == "xlsx" and named == "xlsx":
        return "xlsx"
    if found:
        shown = f".{ending}" if ending else "text"
        raise FileRefused("other_kind", named=shown, found=found)
    if named == "xlsx":
        raise FileRefused("workbook_damaged")
    return named


def _content(head: bytes, path: Path, *, encoding: str | None) -> str:
    """What a file is by its first bytes; nothing for text."""
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return "xlsx" if kind == "zip" and workbook.is_workbook(path) else kind
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "HTML"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    if control > _MOST_CONTROL * len(head) or (control and not encoding and not _is_text(head)):
        raise FileRefused("binary")
    return ""


def _is_text(head: bytes) -> bool:
    """Whether the head reads as text in any encoding that is found by looking.

    It may be cut in the middle of a character.
    """
    for cut in range(min(4, len(head))):
        try:
            decode(head[: len(head) - cut])
        except FileRefused:
            continue
        return True
    return False
