"""From names and values of columns to the fields of one kind of fact."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from kpi.formula.fields import CODE_LABELS
from kpi.intake import synonyms
from kpi.intake.fields import DAY_OF, ITEM_PREFIX, Spec, spec_of, specs
from kpi.intake.looking import (
    Look,
    duration_reading,
    is_clock_time,
    is_flag,
    is_number,
    joined_formats,
    meanings,
    moment_formats,
)
from kpi.intake.mapping.model import FieldMapping, KindMapping
from kpi.intake.parsing.moments import Clock
from kpi.intake.reading.table import LINE

_NOBODY: Final = ("no_server", "none", "null", "n/a", "na", "-", "无", "unknown", "nobody")
_NO_CUSTOMER: Final = ("0", "anonymous", "unknown", "匿名", "未知", "无")
_CODE_WORDS: Final = {
    "channel": synonyms.CHANNELS,
    "direction": synonyms.DIRECTIONS,
    "outcome": synonyms.OUTCOMES,
    ("tickets", "kind"): synonyms.TICKET_KINDS,
    ("trainings", "kind"): synonyms.TRAINING_KINDS,
    ("events", "kind"): synonyms.EVENT_KINDS,
}
# What makes a row known where no column numbers the rows.
_NATURAL_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "contacts": ("started_at", "agent", "customer"),
    "tickets": ("created_at", "customer", "agent"),
    "surveys": ("contact", "ticket", "answered_at", "agent"),
    "reviews": ("contact", "reviewed_at", "agent"),
    "shifts": ("date", "agent"),
    "trainings": ("date", "agent", "kind", "course"),
    "events": ("date", "agent", "kind", "note"),
    "figures": ("figure", "date", "agent"),
}


@dataclass(slots=True)
class Guess:
    """The fields found for one kind, how well they show it, and what is doubtful."""

    kind: str
    fields: dict[str, FieldMapping] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    @property
    def mapping(self) -> KindMapping:
        known = [name for name in specs(self.kind) if name in self.fields]
        items = [name for name in self.fields if name.startswith(ITEM_PREFIX)]
        ordered = [*known, *items]
        return KindMapping(self.kind, {name: self.fields[name] for name in ordered})

    @property
    def has_day(self) -> bool:
        """Whether a field is found that dates the fact."""
        return any(name in self.fields for name in DAY_OF[self.kind])


class Guesser:
    """Finds the fields of a kind among the columns of a sample."""

    def __init__(self, frame: pl.DataFrame, looks: dict[str, Look], clock: Clock) -> None:
        self.frame = frame
        self.looks = looks
        self.clock = clock
        self.formats: dict[str, list[str]] = {}
        self.names = {name: synonyms.plain(name) for name in looks}

    def column(self, wanted: str) -> Look | None:
        """The filled column whose name stands first in a list of synonyms."""
        order = synonyms.places(wanted)
        found = [
            (order[called], look)
            for name, look in self.looks.items()
            for called in (self.names[name], synonyms.without_unit(self.names[name]))
            if called in order and not look.is_empty
        ]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def guess(self, kind: str) -> Guess:
        """Everything of one kind that the columns show."""
        guess = Guess(kind)
        for name, wanted in synonyms.FIELDS[kind].items():
            look = self.column(wanted)
            if look is None:
                continue
            found = self._field(kind, specs(kind)[name], look, guess)
            if found is not None:
                guess.fields[name] = found
        special = {
            "contacts": self._contact_fields,
            "tickets": self._ticket_fields,
            "surveys": self._survey_fields,
            "reviews": self._review_fields,
            "trainings": self._training_fields,
        }
        if kind in special:
            special[kind](guess)
        if not guess.has_day and set(guess.fields) - {"external_id", "agent", "customer"}:
            self._day_by_values(guess)
        self._key(guess)
        return guess

    def guess_named(self, kind: str, columns: dict[str, str]) -> Guess:
        """The fields of a file that calls its columns as the fields are called.

        Every column is mapped, an empty one too: what cannot be read is rejected row by row
        and not passed over, and the next file of the source is read alike.
        """
        guess = self.guess(kind)
        named = {name: self._named(kind, name, column, guess) for name, column in columns.items()}
        constants = {name: one for name, one in guess.fields.items() if one.constant is not None}
        guess.fields = {**constants, **{name: one for name, one in named.items() if one}}
        return guess

    def _named(self, kind: str, name: str, column: str, guess: Guess) -> FieldMapping | None:
        spec, look, plain = spec_of(kind, name), self.looks[column], FieldMapping((column,))
        guessed = guess.fields.get(name)
        if spec is None or name == "external_id":
            return plain
        if look.is_empty:
            is_given = guessed is not None and guessed.constant is not None
            return None if is_given and not spec.is_required else plain
        if guessed is not None and guessed.columns == (column,):
            return guessed
        return self._field(kind, spec, look, guess) or plain

    def _field(self, kind: str, spec: Spec, look: Look, guess: Guess) -> FieldMapping | None:
        plain = FieldMapping(columns=(look.name,))
        if spec.type == "seconds":
            reading = duration_reading(look.sample, self.names[look.name])
            return replace(plain, reading=reading) if reading else None
        if spec.type in {"moment", "date"}:
            return self._dated(plain, look, guess)
        if spec.type == "flag":
            return self._flag(plain, look)
        if spec.type == "code":
            return self._code(plain, look, kind, spec, guess)
        if spec.type in {"decimal", "whole"}:
            return self._number(plain, look, spec)
        if spec.type in {"agent", "customer"}:
            return self._person(plain, look, spec)
        return plain

    def _moment_formats(self, look: Look) -> list[str]:
        """Found once for a column, however many fields and kinds ask for it."""
        if look.name not in self.formats:
            self.formats[look.name] = moment_formats(look.sample, self.clock)
        return self.formats[look.name]

    def _dated(self, plain: FieldMapping, look: Look, guess: Guess) -> FieldMapping | None:
        formats = self._moment_formats(look)
        if not formats:
            return None
        _note_ambiguous(formats, look.name, guess)
        return replace(plain, formats=() if formats[0] == "iso" else (formats[0],))

    def _flag(self, plain: FieldMapping, look: Look) -> FieldMapping | None:
        if is_flag(look.sample):
            return plain
        if is_number(look.sample):
            return replace(plain, values={"0": False}, otherwise=True, has_otherwise=True)
        return None

    def _code(
        self, plain: FieldMapping, look: Look, kind: str, spec: Spec, guess: Guess
    ) -> FieldMapping | None:
        if look.words and all(word.lower() in spec.choices for word in look.words):
            return plain
        words = _CODE_WORDS.get(spec.name) or _CODE_WORDS.get((kind, spec.name)) or {}
        words = {**_labels(spec), **words}
        meant = meanings(look, words)
        if meant is None:
            return None
        unknown = [word for word, meaning in meant.items() if meaning is None]
        guess.doubts += [f"{look.name}: {word}" for word in unknown]
        return replace(plain, values=dict(meant))

    def _number(self, plain: FieldMapping, look: Look, spec: Spec) -> FieldMapping | None:
        if is_number(look.sample):
            return plain
        if look.sample.str.ends_with("%").all() and is_number(look.sample.str.strip_suffix("%")):
            return replace(plain, reading="percent")
        return None

    def _person(self, plain: FieldMapping, look: Look, spec: Spec) -> FieldMapping:
        nothing = _NOBODY if spec.type == "agent" else _NO_CUSTOMER
        lowered = look.sample.str.to_lowercase()
        found = look.sample.filter(lowered.is_in(list(nothing))).unique().sort()
        return replace(plain, empty=tuple(found.to_list()))

    def _contact_fields(self, guess: Guess) -> None:
        self._start_of_parts(guess)
        self._differences(guess)
        outcome = self.column(synonyms.FIELDS["contacts"]["outcome"])
        if outcome is not None and "outcome" in guess.fields:
            self._answers_by_outcome(guess, outcome)
        connected = self.column(synonyms.CONNECTED)
        whole_column = connected is not None and connected.filled == self.frame.height
        if "answered" not in guess.fields and connected is not None and not whole_column:
            guess.fields["answered"] = FieldMapping(columns=(connected.name,), reading="filled")
        if not {"wait_s", "talk_s", "answered", "outcome", "queue"} & set(guess.fields):
            return
        guess.fields.setdefault("direction", FieldMapping(constant="in"))
        guess.fields.setdefault("channel", FieldMapping(constant="phone"))

    def _day_by_values(self, guess: Guess) -> None:
        """The first column of dates, whatever its name; to be looked at by a person."""
        day = DAY_OF[guess.kind][0]
        for look in self.looks.values():
            found = self._dated(FieldMapping(columns=(look.name,)), look, guess)
            if found is not None and not is_number(look.sample):
                guess.fields[day] = found
                guess.doubts.append(look.name)
                return

    def _start_of_parts(self, guess: Guess) -> None:
        """The start from a column of dates and one of times of day."""
        date, time = self.column(synonyms.DATES), self.column(synonyms.TIMES)
        if "started_at" in guess.fields or date is None:
            return
        if time is None or not is_clock_time(time.sample):
            time = next((look for look in self.looks.values() if is_clock_time(look.sample)), None)
        if time is None:
            return
        formats = joined_formats(date.sample, time.sample, self.clock)
        if formats:
            _note_ambiguous(formats, date.name, guess)
            columns = (date.name, time.name)
            guess.fields["started_at"] = FieldMapping(columns=columns, formats=(formats[0],))

    def _differences(self, guess: Guess) -> None:
        """Waiting and talking from the ends of both, where no column gives them."""
        start = guess.fields.get("started_at")
        connected, ended = self.column(synonyms.CONNECTED), self.column(synonyms.ENDED)
        if start is None or len(start.columns) != 1 or connected is None:
            return
        if not self._moment_formats(connected):
            return
        if "wait_s" not in guess.fields:
            pair = (start.columns[0], connected.name)
            guess.fields["wait_s"] = FieldMapping(difference=pair, formats=start.formats)
        if "talk_s" not in guess.fields and ended is not None:
            pair = (connected.name, ended.name)
            guess.fields["talk_s"] = FieldMapping(difference=pair, formats=start.formats)

    def _answers_by_outcome(self, guess: Guess, look: Look) -> None:
        """Answered and abandoned by what the outcome says."""
        meant = guess.fields["outcome"].values or {word: word.lower() for word in look.words}
        for name in ("answered", "abandoned"):
            values = {word: None if to is None else to == name for word, to in meant.items()}
            found = FieldMapping(columns=(look.name,), values=dict(values))
            guess.fields.setdefault(name, found)

    def _ticket_fields(self, guess: Guess) -> None:
        status = self.column(synonyms.STATUS)
        created, replied = guess.fields.get("created_at"), self.column(synonyms.FIRST_REPLIED)
        if "solved" not in guess.fields and status is not None and status.words:
            solved: dict[str, str | bool | None] = {
                word: True for word in status.words if word.lower() in synonyms.SOLVED_STATES
            }
            guess.fields["solved"] = FieldMapping(
                columns=(status.name,), values=solved, otherwise=False, has_otherwise=True
            )
        if "first_response_s" not in guess.fields and created is not None and replied is not None:
            pair = (created.columns[0], replied.name)
            guess.fields["first_response_s"] = FieldMapping(
                difference=pair, formats=created.formats
            )

    def _survey_fields(self, guess: Guess) -> None:
        look = self.column(synonyms.FIELDS["surveys"]["score"])
        if look is None:
            return
        for words, scale in ((synonyms.RATINGS, "1-5"), (synonyms.GOOD_OR_BAD, "binary")):
            meant = meanings(look, words)
            if meant and "score" not in guess.fields:
                values = {**_of_script(words, look.words[0]), **meant}
                guess.fields["score"] = FieldMapping(columns=(look.name,), values=dict(values))
                guess.fields["scale"] = FieldMapping(constant=scale)
        if "score" in guess.fields and "scale" not in guess.fields:
            guess.fields["scale"] = FieldMapping(constant=_scale(look.sample))

    def _review_fields(self, guess: Guess) -> None:
        """Columns called item:voice are criteria of the form."""
        for name, look in self.looks.items():
            spec = spec_of("reviews", name) if name.startswith(ITEM_PREFIX) else None
            if spec is not None and not look.is_empty:
                guess.fields[name] = FieldMapping(columns=(name,))

    def _training_fields(self, guess: Guess) -> None:
        guess.fields.setdefault("kind", FieldMapping(constant="course"))

    def _key(self, guess: Guess) -> None:
        """Columns that together number the rows: the named one, with another where it repeats."""
        named = guess.fields.get("external_id")
        if named is None:
            parts = [
                guess.fields[name] for name in _NATURAL_KEYS[guess.kind] if name in guess.fields
            ]
            columns = tuple(dict.fromkeys(name for part in parts for name in part.columns))
            if columns:
                guess.fields["external_id"] = FieldMapping(columns=columns, join="-")
                guess.doubts.append(" + ".join(columns))
            return
        columns = self._unique_columns(named.columns[0])
        if len(columns) > 1:
            guess.fields["external_id"] = FieldMapping(columns=columns, join="-")

    def _unique_columns(self, key: str) -> tuple[str, ...]:
        distinct_rows = self.frame.drop(LINE).n_unique()
        numbered = self.frame.filter(pl.col(key).is_not_null())
        if numbered[key].n_unique() >= min(numbered.height, distinct_rows):
            return (key,)
        place = list(self.looks).index(key)
        for name in [*reversed(list(self.looks)[:place]), *list(self.looks)[place + 1 :]]:
            if self.frame.select(name, key).n_unique() >= distinct_rows:
                return (name, key)
        return (key,)


def _labels(spec: Spec) -> dict[str, str]:
    """What people call the codes of a field, in both languages, and the codes themselves."""
    named = {label.lower(): code for code in spec.choices for label in CODE_LABELS.get(code, ())}
    return named | {code: code for code in spec.choices}


def _note_ambiguous(formats: list[str], column: str, guess: Guess) -> None:
    """Note that day and month cannot be told apart by the values seen."""
    orders = {pattern[:5] for pattern in formats} & {"%m/%d", "%d/%m"}
    if len(orders) > 1:
        guess.doubts.append(f"{column}: {formats[0]}")


def _of_script(words: dict[str, str], like: str) -> dict[str, str]:
    """The words of a dictionary that are English, or Chinese, as the given one is."""
    return {word: to for word, to in words.items() if word.isascii() == like.isascii()}


def _scale(sample: pl.Series) -> str:
    value = sample.str.replace_all(",", "").cast(pl.Float64, strict=False)
    highest, lowest = float(value.max() or 0), float(value.min() or 0)  # type: ignore[arg-type]
    if highest <= 1:
        return "binary"
    return "1-5" if highest <= 5 and lowest >= 1 else "0-10"
