"""Writes the cast: organisation, teams, people, where they stand, and their log-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.contrib.auth.hashers import make_password

from agents import services
from agents.models import Agent, Alias, Organisation, Position, Shift, Team, User
from feedback.demo.cast import Cast, Person
from feedback.demo.timeline import ZONE

ORGANISATION = "Harbour Service Centre / 海港客服中心"
MAIL = "harbour.example"
# Everybody in the demo has it, so it protects nothing: see the refusal in seed_demo.
PASSWORD = "harbour-demo-2026"  # noqa: S105


@dataclass(frozen=True)
class Register:
    """The ids that the database gave: by code, of users by log-in."""

    teams: dict[str, Team]
    positions: dict[str, Position]
    shifts: dict[str, Shift]
    agents: dict[str, Agent]
    users: dict[str, User]


def write_people(cast: Cast, *, now: datetime) -> Register:
    """Put the whole cast on record, with one log-in each."""
    Organisation.objects.create(name=ORGANISATION, zone=ZONE, language="en")
    teams = _write_teams(cast)
    register = Register(
        teams=teams,
        positions={
            entry["code"]: Position.objects.create(
                code=entry["code"], name_en=entry["en"], name_zh=entry["zh"]
            )
            for entry in cast.positions
        },
        shifts={entry["code"]: _write_shift(entry) for entry in cast.shifts},
        agents={},
        users={},
    )
    encoded = make_password(PASSWORD)
    for person in cast.people:
        register.agents[person.code] = _write_person(person, register)
        register.users[person.login] = _write_user(person, register, encoded, now=now)
    for other in cast.others:
        register.users[other["login"]] = _write_other(other, encoded, now=now)
    _write_aliases(cast, register)
    return register


def _write_teams(cast: Cast) -> dict[str, Team]:
    teams: dict[str, Team] = {}
    for entry in cast.teams:
        parent = teams.get(entry.get("parent", ""))
        teams[entry["code"]] = Team.objects.create(
            code=entry["code"], name_en=entry["en"], name_zh=entry["zh"], parent=parent
        )
    return teams


def _write_shift(entry: Mapping[str, Any]) -> Shift:
    return Shift.objects.create(
        code=entry["code"],
        name_en=entry["en"],
        name_zh=entry["zh"],
        starts_at=time(entry["starts"]),
        ends_at=time(entry["ends"]),
    )


def _write_person(person: Person, register: Register) -> Agent:
    first, *later = person.places
    agent = services.hire_agent(
        code=person.code,
        name=person.name,
        name_zh=person.name_zh,
        email=f"{person.login}@{MAIL}",
        hired_on=person.hired_on,
        team=register.teams[first.team],
        position=register.positions[first.position],
        shift=register.shifts[first.shift],
    )
    for place in later:
        services.move_agent(
            agent=agent,
            team=register.teams[place.team],
            position=register.positions[place.position],
            shift=register.shifts[place.shift],
            from_day=place.starts_on,
        )
    for lead in person.leads:
        services.appoint_leader(
            team=register.teams[lead.team],
            leader=agent,
            starts_on=lead.starts_on,
            ends_on=lead.ends_on,
        )
    if person.left_on is not None:
        services.end_agent(agent=agent, from_day=person.left_on)
    return agent


def _write_user(person: Person, register: Register, encoded: str, *, now: datetime) -> User:
    first, _, last = person.name.partition(" ")
    user = User.objects.create(
        username=person.login,
        first_name=first,
        last_name=last,
        email=f"{person.login}@{MAIL}",
        password=encoded,
        agent=register.agents[person.code],
        is_active=person.left_on is None,
        date_joined=now,
    )
    services.set_roles(user=user, roles=[person.role], granted_by=None, now=now)
    return user


def _write_other(entry: Mapping[str, str], encoded: str, *, now: datetime) -> User:
    first, _, last = entry["name"].partition(" ")
    user = User.objects.create(
        username=entry["login"],
        first_name=first,
        last_name=last,
        email=f"{entry['login']}@{MAIL}",
        password=encoded,
        date_joined=now,
    )
    services.set_roles(user=user, roles=[entry["role"]], granted_by=None, now=now)
    return user


def _write_aliases(cast: Cast, register: Register) -> None:
    """How the telephone exchange, the chat and the other systems call people."""
    aliases = []
    for person in cast.people:
        agent = register.agents[person.code]
        called = {"phone": f"6{person.code[1:]}", "chat": person.login.split(".")[1]}
        aliases += [
            Alias(source=source, value=value, agent=agent) for source, value in called.items()
        ]
        aliases.append(Alias(source="", value=f"{person.login}@{MAIL}", agent=agent))
    Alias.objects.bulk_create(aliases)
