"""Hold a list of people against what is on record, and file it in one piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agents.models import Agent, Alias, Assignment, Position, Shift, Team
from agents.roster.entries import Entries, Entry, Problem, has_chinese
from agents.signals import places_changed

Place = TypeVar("Place", Team, Position, Shift)


class Refused(ValueError):
    """The list has problems, so nothing of it was filed."""


@dataclass
class Plan:
    """What filing a list would do. Nothing is filed while there are problems."""

    entries: list[Entry]
    problems: list[Problem]
    new_people: list[str] = field(default_factory=list)
    known_people: list[str] = field(default_factory=list)
    new_teams: list[str] = field(default_factory=list)
    new_positions: list[str] = field(default_factory=list)
    new_shifts: list[str] = field(default_factory=list)

    @property
    def makes_places(self) -> bool:
        """Whether teams, positions or shifts would be added."""
        return bool(self.new_teams or self.new_positions or self.new_shifts)


class _Places(Generic[Place]):
    """Teams, positions or shifts by every way people write them."""

    def __init__(self, model: type[Place]) -> None:
        self.model: type[Place] = model
        self.known: dict[str, Place] = {}
        for place in model._default_manager.all():
            self._learn(place)

    def _learn(self, place: Place) -> None:
        for word in (place.code, place.name_en, place.name_zh):
            if word:
                self.known.setdefault(word.casefold(), place)

    def _find(self, word: str) -> Place | None:
        return self.known.get(word.casefold()) or self.known.get(_slug(word))

    def unknown(self, words: Iterable[str]) -> list[str]:
        """Those of the words that stand for nothing on record."""
        return [word for word in dict.fromkeys(words) if word and self._find(word) is None]

    def get(self, word: str) -> Place:
        """The place, added to the record if it is not there."""
        place = self._find(word)
        if place is None:
            code = _slug(word) or f"{self.model._meta.model_name}-{len(self.known) + 1}"
            chinese = word if has_chinese(word) else ""
            place = self.model._default_manager.create(code=code, name_en=word, name_zh=chinese)
            self._learn(place)
        return place


def _slug(word: str) -> str:
    return slugify(word, allow_unicode=True)[:64]


def plan_filing(read: Entries) -> Plan:
    """Say what filing would do, and everything against it. Queries: 6."""
    entries = read.entries
    known = _known_people(entries)
    codes = list(dict.fromkeys(entry.code for entry in entries))
    return Plan(
        entries=entries,
        problems=[*read.problems, *_overlaps(entries, known), *_taken_aliases(entries)],
        new_people=[code for code in codes if code not in known],
        known_people=[code for code in codes if code in known],
        new_teams=_Places(Team).unknown(entry.team for entry in entries),
        new_positions=_Places(Position).unknown(entry.position for entry in entries),
        new_shifts=_Places(Shift).unknown(entry.shift for entry in entries),
    )


@transaction.atomic
def file_people(read: Entries) -> Plan:
    """File a list as a whole: people, where they belong, and the places that it names.

    An assignment that holds when a line begins is cut there; a line that is on record already
    changes nothing, so the same file can be filed twice.

    Raises:
        Refused: something is wrong with it; nothing is filed.
    """
    plan = plan_filing(read)
    if plan.problems:
        raise Refused(_("The list has problems. Nothing was filed."))
    teams, positions, shifts = _Places(Team), _Places(Position), _Places(Shift)
    for code, lines in _by_person(plan.entries).items():
        agent = _file_person(code, lines)
        for entry in lines:
            _file_assignment(
                entry,
                Assignment(
                    agent=agent,
                    team=teams.get(entry.team),
                    position=positions.get(entry.position),
                    shift=shifts.get(entry.shift) if entry.shift else None,
                    starts_on=entry.starts_on,
                    ends_on=entry.ends_on,
                ),
            )
        places_changed.send(sender=Assignment, agent=agent, from_day=lines[0].starts_on)
    return plan


def _by_person(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Each person's lines by date; an open line ends where the next one begins."""
    lines: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.starts_on):
        held = lines[entry.code]
        if held and held[-1].ends_on is None:
            held[-1] = replace(held[-1], ends_on=entry.starts_on)
        held.append(entry)
    return lines


def _known_people(entries: Sequence[Entry]) -> dict[str, list[Assignment]]:
    people = Agent.objects.filter(code__in={entry.code for entry in entries})
    return {
        agent.code: list(agent.assignments.all())
        for agent in people.prefetch_related("assignments")
    }


def _overlaps(entries: Sequence[Entry], known: dict[str, list[Assignment]]) -> list[Problem]:
    found = []
    for code, lines in _by_person(entries).items():
        for before, entry in pairwise(lines):
            if before.starts_on == entry.starts_on or _end(before) > entry.starts_on:
                message = _("overlaps line %(line)s of the same person") % {"line": before.line}
                found.append(Problem(entry.line, "from", str(entry.starts_on), message))
        for entry in lines:
            found.extend(_covered(entry, known.get(code, [])))
    return found


def _end(entry: Entry) -> date:
    return entry.ends_on or date.max


def _covered(entry: Entry, held: list[Assignment]) -> list[Problem]:
    """A line may cut what holds when it begins, but not swallow what begins later."""
    later = [one.starts_on for one in held if entry.starts_on < one.starts_on < _end(entry)]
    if not later:
        return []
    message = _("reaches into an assignment on record from %(day)s; end or correct one of them")
    return [Problem(entry.line, "from", str(entry.starts_on), message % {"day": min(later)})]


def _taken_aliases(entries: Sequence[Entry]) -> list[Problem]:
    owners: dict[tuple[str, str], str] = {
        (alias.source, alias.value): alias.agent.code
        for alias in Alias.objects.select_related("agent")
    }
    found = []
    for entry in entries:
        for source, value in entry.aliases:
            owner = owners.setdefault((source, value), entry.code)
            if owner != entry.code:
                message = _("already stands for %(code)s") % {"code": owner}
                found.append(Problem(entry.line, "aliases", value, message))
    return found


def _file_person(code: str, lines: list[Entry]) -> Agent:
    last = lines[-1]
    given = {"name": last.name, "name_zh": last.name_zh, "email": last.email}
    agent, is_new = Agent.objects.get_or_create(
        code=code, defaults={**given, "hired_on": lines[0].starts_on}
    )
    if not is_new:
        for name, text in given.items():
            setattr(agent, name, text or getattr(agent, name))
    agent.hired_on = min(agent.hired_on or date.max, lines[0].starts_on)
    agent.left_on = last.ends_on
    agent.save(update_fields=["name", "name_zh", "email", "hired_on", "left_on"])
    for source, value in {alias for entry in lines for alias in entry.aliases}:
        Alias.objects.get_or_create(source=source, value=value, defaults={"agent": agent})
    return agent


def _file_assignment(entry: Entry, wanted: Assignment) -> None:
    held = wanted.agent.assignments.filter(starts_on__lte=entry.starts_on).order_by("-starts_on")
    before = held.first()
    if before is not None and before.starts_on == entry.starts_on:
        before.team, before.position, before.shift = wanted.team, wanted.position, wanted.shift
        before.ends_on = wanted.ends_on
        before.save(update_fields=["team", "position", "shift", "ends_on"])
        return
    if before is not None and (before.ends_on is None or before.ends_on > entry.starts_on):
        if before.ends_on is None and wanted.ends_on is None and _same_place(before, wanted):
            return
        before.ends_on = entry.starts_on
        before.save(update_fields=["ends_on"])
    wanted.save(force_insert=True)


def _same_place(one: Assignment, other: Assignment) -> bool:
    return (one.team_id, one.position_id, one.shift_id) == (
        other.team_id,
        other.position_id,
        other.shift_id,
    )
