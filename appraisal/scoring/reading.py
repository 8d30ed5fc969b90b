"""Read a scheme document field by field and gather every problem in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

NOTHING = Decimal(0)
UNFIT_CODE = "must be of letters, digits, - and _, at most 64"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a document, and where."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class SchemeError(ValueError):
    """The scheme document cannot be used; ``problems`` names everything wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Text:
    """A name or a description in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """Give the text for a language code such as ``en`` or ``zh-hans``."""
        return self.zh if language.startswith("zh") else self.en

    def dump(self) -> dict[str, str]:
        """Give the text as the document writes it."""
        return {"en": self.en, "zh": self.zh}


class Reader:
    """One mapping of a document: reads typed fields, notes problems, goes on.

    A faulty or missing field gives a neutral value, so that all problems of a document
    are found in one pass; the caller raises ``SchemeError`` at the end if there are any.
    """

    def __init__(self, document: object, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self._read: set[str] = set()
        self._fields: Mapping[str, Any] = {}
        if isinstance(document, Mapping):
            self._fields = document
        else:
            self.note("", "must be a mapping of names to values")

    def note(self, key: str, message: str) -> None:
        """Remember a problem of a field, or of the whole mapping if ``key`` is empty."""
        place = ".".join(part for part in (self.path, key) if part)
        self.problems.append(Problem(place or "scheme", message))

    def is_noted(self, *keys: str) -> bool:
        """Say whether a problem of one of these fields is known.

        What is compared with a faulty field would be refused for nothing: once the field is
        mended, it may well be right.
        """
        places = {".".join(part for part in (self.path, key) if part) for key in keys}
        return any(problem.path in places for problem in self.problems)

    def has(self, key: str) -> bool:
        """Say whether the field is given and not empty."""
        return self._fields.get(key) is not None

    def get(self, key: str) -> Any:
        """Give the raw value of a field, ``None`` if it is not given."""
        self._read.add(key)
        return self._fields.get(key)

    def text(self, key: str) -> str:
        """Read a non-empty line of text."""
        value = self.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.note(key, "is missing" if value is None else "must be a text")
        return ""

    def names(self, key: str, *, required: bool = True) -> Text:
        """Read a text in both languages, ``{en: ..., zh: ...}``."""
        if not required and not self.has(key):
            self.get(key)
            return Text("", "")
        if not self.has(key):
            self.get(key)
            self.note(key, "is missing: give en and zh")
            return Text("", "")
        inner = self.inner(key)
        text = Text(inner.text("en"), inner.text("zh"))
        inner.finish()
        return text

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """Read one of a few words."""
        value, words = self.get(key), list(allowed)
        if value is None and default is not None:
            return default
        if value not in words:
            self.note(key, f"must be one of {', '.join(words)}")
            return default or words[0]
        return str(value)

    def number(
        self,
        key: str,
        default: Decimal | None = None,
        *,
        low: Decimal | int | None = None,
        high: Decimal | int | None = None,
    ) -> Decimal:
        """Read an exact number between two bounds, both allowed."""
        raw = self.get(key)
        if raw is None:
            if default is None:
                self.note(key, "is missing")
            return NOTHING if default is None else default
        value = as_decimal(raw)
        if value is None:
            self.note(key, "must be a number with at most nine decimal places")
            return NOTHING
        if (low is not None and value < low) or (high is not None and value > high):
            self.note(key, bounds_text(low, high))
        return value

    def optional_number(self, key: str) -> Decimal | None:
        """Read a number that may be left out."""
        if self.has(key):
            return self.number(key)
        self.get(key)
        return None

    def whole(self, key: str, default: int | None = None, *, low: int = 0) -> int:
        """Read a whole number."""
        value = self.number(key, None if default is None else Decimal(default), low=low)
        if value != value.to_integral_value():
            self.note(key, "must be a whole number")
        return int(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Read a non-empty list of codes."""
        value = self.get(key)
        if isinstance(value, list | tuple) and value and all(isinstance(w, str) for w in value):
            return tuple(value)
        self.note(key, "must be a list with at least one code")
        return ()

    def inner(self, key: str) -> "Reader":
        """Read a mapping inside this one."""
        return Reader(self.get(key), f"{self.path}.{key}".lstrip("."), self.problems)

    def entries(self, key: str, *, required: bool = True) -> list["Reader"]:
        """Read a list of mappings."""
        value = self.get(key)
        if value is None and not required:
            return []
        if not isinstance(value, list | tuple) or (required and not value):
            self.note(key, "must be a list with at least one entry")
            return []
        base = f"{self.path}.{key}".lstrip(".")
        return [Reader(entry, f"{base}[{at}]", self.problems) for at, entry in enumerate(value)]

    def finish(self) -> None:
        """Note every field that nobody asked for: most often a misspelt name."""
        for key in self._fields:
            if key not in self._read:
                self.note(str(key), "is not known here; check the spelling")


def as_decimal(raw: object) -> Decimal | None:
    """Give an exact decimal of up to nine places, or ``None`` if it is not such a number.

    A float is taken by its shortest text, which is what was typed.
    """
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal | float):
        return None
    try:
        value = Decimal(raw if isinstance(raw, int | Decimal) else str(raw).strip())
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= 10**9 or value != round(value, 9):
        return None
    return value


def bounds_text(low: Decimal | int | None, high: Decimal | int | None) -> str:
    """Say between which bounds a number must lie."""
    if high is None:
        return f"must be at least {low}"
    return f"must be at most {high}" if low is None else f"must be from {low} to {high}"


def dump_number(value: Decimal) -> int | str:
    """Write a number exactly: whole numbers as such, others as text."""
    return int(value) if value == value.to_integral_value() else format(value.normalize(), "f")
