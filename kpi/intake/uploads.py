"""Uploaded files on disk: streamed under a passing name, kept under their digest."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kpi.intake.reading.table import FileRefused

_NAME_CHARACTERS = 255
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file: its place below the folder of uploads, digest and size in bytes."""

    path: str
    sha256: str
    size: int


def uploads_folder() -> Path:
    """Where uploads lie."""
    return Path(settings.APPRAISAL_VAR) / "uploads"


def store(content: Iterable[bytes], *, most_bytes: int) -> Stored:
    """Write a file as it comes in; it has its lasting name only when it is whole.

    Raises:
        FileRefused: more bytes than allowed; nothing stays on disk.
    """
    folder = uploads_folder()
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, passing = tempfile.mkstemp(dir=folder, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in content:
                size += len(chunk)
                if size > most_bytes:
                    raise FileRefused("too_large", most=most_bytes // 1_000_000)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        name = digest.hexdigest()
        place = folder / name[:2] / name
        place.parent.mkdir(exist_ok=True)
        Path(passing).replace(place)
    except BaseException:
        Path(passing).unlink(missing_ok=True)
        raise
    return Stored(f"{name[:2]}/{name}", name, size)


def find(path: str, sha256: str) -> Path:
    """The stored file, if it still is what was stored.

    Raises:
        FileRefused: it is gone, or its content is another.
    """
    place = uploads_folder() / path
    if not place.is_file():
        raise FileRefused("not_there")
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise FileRefused("changed")
    return place


def remove(path: str) -> None:
    """Delete a stored file; one that is gone already is fine."""
    kept = uploads_folder() / path
    if kept.is_file():  # a batch of the demo centre names no file
        kept.unlink(missing_ok=True)


def shown_name(name: str) -> str:
    """The name a file came with, without folders and without what cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[-_NAME_CHARACTERS:] or "file"
