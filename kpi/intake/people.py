"""Who the names of a file are: found, added to the records, or unknown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from agents.models import Agent, Alias, Assignment, Position, Team
from agents.signals import places_changed
from kpi.intake.mapping.model import AgentRule

_CODE_CHARACTERS = 64
# The team and the position that a recognised file gives when nobody is on record yet.
_CHINESE = {"imported": "导入", "agent": "坐席"}


@dataclass(frozen=True, slots=True)
class Created:
    """What an import added to the records besides its facts."""

    agents: int = 0
    teams: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()


def find_agents(texts: Sequence[str], *, source: str) -> dict[str, int]:
    """Agent ids by what a file calls them.

    A source's own alias wins over one of any source, then the staff number, the e-mail
    address, the exact name. A name that two people share is nobody's.
    """
    names = _by_name()
    found: dict[str, int] = {text: names[text] for text in texts if text in names}
    emails = _by_email()
    found |= {text: emails[text.lower()] for text in texts if text.lower() in emails}
    found |= dict(Agent.objects.filter(code__in=texts).values_list("code", "id"))
    for of_source in ("", source):
        aliases = Alias.objects.filter(source=of_source, value__in=texts)
        found |= dict(aliases.values_list("value", "agent_id"))
    return found


def shared_names() -> frozenset[str]:
    """Names that more than one person has."""
    counts = Counter(name for name, _ in _names())
    return frozenset(name for name, count in counts.items() if count > 1)


def _by_email() -> dict[str, int]:
    rows = Agent.objects.exclude(email="").values_list("email", "id")
    return _unshared((email.lower(), agent) for email, agent in rows)


def _by_name() -> dict[str, int]:
    return _unshared(_names())


def _names() -> list[tuple[str, int]]:
    rows = Agent.objects.values_list("name", "name_zh", "id")
    return [(name, agent) for *names, agent in rows for name in {*names} if name]


def _unshared(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    listed = list(pairs)
    counts = Counter(name for name, _ in listed)
    return {name: agent for name, agent in listed if counts[name] == 1}


def create_agents(
    first_days: dict[str, date], *, source: str, rule: AgentRule
) -> tuple[dict[str, int], Created]:
    """Add people under the names a file has for them, from the first day it shows them.

    Args:
        first_days: what the file calls each, and the first day seen.

    Returns:
        Their ids by that name, and what was added.
    """
    if not first_days:
        return {}, Created()
    team, new_team = Team.objects.get_or_create(code=rule.team, defaults=_names_of(rule.team))
    position, new_position = Position.objects.get_or_create(
        code=rule.position, defaults=_names_of(rule.position)
    )
    names = sorted(first_days)
    agents = Agent.objects.bulk_create(_agent(name) for name in names)
    Alias.objects.bulk_create(
        Alias(source=source, value=name, agent=agent)
        for name, agent in zip(names, agents, strict=True)
    )
    Assignment.objects.bulk_create(
        Assignment(
            agent=agent,
            team=team,
            position=position,
            starts_on=rule.starts_on or first_days[name],
        )
        for name, agent in zip(names, agents, strict=True)
    )
    created = Created(len(agents), (team.code,) * new_team, (position.code,) * new_position)
    return {name: agent.pk for name, agent in zip(names, agents, strict=True)}, created


def _names_of(code: str) -> dict[str, str]:
    return {"name_en": code, "name_zh": _CHINESE.get(code, "")}


def _agent(name: str) -> Agent:
    return Agent(code=_code(name), name=name[:120], email=name if "@" in name else "")


def _code(name: str) -> str:
    """The name as staff number; a long one is cut and told from others by its digest."""
    if len(name) <= _CODE_CHARACTERS:
        return name
    tail = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _CODE_CHARACTERS - 9]}-{tail}"


def extend_back(seen: dict[str, date], *, known: dict[str, int], rule: AgentRule) -> None:
    """Let people whom an import added start earlier, when a file shows them earlier.

    Only where nobody has touched them since: no day of joining, and the first place still the
    one that the mapping gives.

    Args:
        seen: what the file calls each, and the first day it shows them.
        known: agent ids by that name.
    """
    first_days: dict[int, date] = {}
    for name, day in seen.items():
        if name in known:
            first_days[known[name]] = min(day, first_days.get(known[name], day))
    firsts = (
        Assignment.objects.filter(
            agent__in=first_days, agent__hired_on=None, agent__aliases__isnull=False
        )
        .select_related("agent", "team", "position")
        .order_by("agent_id", "starts_on")
        .distinct("agent_id")
    )
    moved = []
    for first in firsts:
        is_ours = (first.team.code, first.position.code) == (rule.team, rule.position)
        if is_ours and rule.starts_on is None and first_days[first.agent_id] < first.starts_on:
            first.starts_on = first_days[first.agent_id]
            moved.append(first)
    Assignment.objects.bulk_update(moved, ["starts_on"], batch_size=500)
    for first in moved:
        places_changed.send(sender=Assignment, agent=first.agent, from_day=first.starts_on)


def queue_teams(queues: dict[str, str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Team ids by queue, and the codes of teams that had to be added."""
    codes = sorted(set(queues.values()))
    known = dict(Team.objects.filter(code__in=codes).values_list("code", "id"))
    missing = [code for code in codes if code not in known]
    for team in Team.objects.bulk_create(Team(code=code, name_en=code) for code in missing):
        known[team.code] = team.pk
    return {queue: known[code] for queue, code in queues.items()}, tuple(missing)
