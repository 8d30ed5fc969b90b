"""What changes people: hiring, moving, ending, leading, roles, and the first set-up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents import access
from agents.models import (
    Agent,
    Alias,
    Assignment,
    Leadership,
    Named,
    Organisation,
    Position,
    RoleGrant,
    Shift,
    Team,
    User,
)
from agents.signals import places_changed


class AlreadySetUp(Exception):
    """The organisation exists; the first set-up is over."""


class Overlap(Exception):
    """Somebody already holds such a place on one of these days."""


class NotAssigned(Exception):
    """The agent has no assignment on that day, so there is nothing to move or end."""


class RoleRefused(Exception):
    """The role may not be granted: to oneself, or beside one that excludes it."""


@transaction.atomic
def set_up_organisation(  # a form's fields
    *, name: str, zone: str, language: str, username: str, email: str, password: str, now: datetime
) -> User:
    """Create the organisation and its first HR user.

    Raises:
        AlreadySetUp: there is one already; nothing is changed.
        ValidationError: the password is too weak.
    """
    if Organisation.objects.exists():
        raise AlreadySetUp(_("The organisation is already set up."))
    user = User(username=username, email=email, language=language)
    validate_password(password, user)
    Organisation.objects.create(name=name, zone=zone, language=language)
    user.set_password(password)
    user.save(force_insert=True)
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.HR, granted_at=now)
    return user


def place_agent(
    *,
    agent: Agent,
    team: Team,
    position: Position,
    shift: Shift | None,
    starts_on: date,
    ends_on: date | None = None,
) -> Assignment:
    """Assign an agent to a team, position and shift over ``[starts_on, ends_on)``.

    Raises:
        Overlap: another assignment holds on one of these days; nothing is changed.
    """
    try:
        with transaction.atomic():
            placed = Assignment.objects.create(
                agent=agent,
                team=team,
                position=position,
                shift=shift,
                starts_on=starts_on,
                ends_on=ends_on,
            )
            _come_back(agent, ends_on)
            places_changed.send(sender=Assignment, agent=agent, from_day=starts_on)
            return placed
    except IntegrityError as error:
        if "assignment_no_overlap" not in str(error):
            raise
        message = _("{name} already has an assignment on some of these days. End or move it first.")
        raise Overlap(message.format(name=agent.name)) from error


def _come_back(agent: Agent, ends_on: date | None) -> None:
    """Somebody who has a place again has not left, or leaves later."""
    if agent.left_on is not None and (ends_on is None or ends_on > agent.left_on):
        agent.left_on = ends_on
        agent.save(update_fields=["left_on"])


@transaction.atomic
def hire_agent(  # a form's fields
    *,
    code: str,
    name: str,
    name_zh: str = "",
    email: str = "",
    hired_on: date,
    team: Team,
    position: Position,
    shift: Shift | None,
) -> Agent:
    """Put a new person on record, assigned from the first day."""
    agent = Agent.objects.create(
        code=code, name=name, name_zh=name_zh, email=email, hired_on=hired_on
    )
    place_agent(agent=agent, team=team, position=position, shift=shift, starts_on=hired_on)
    return agent


@transaction.atomic
def move_agent(
    *, agent: Agent, team: Team, position: Position, shift: Shift | None, from_day: date
) -> Assignment:
    """End what holds on a day and assign anew from it on.

    Raises:
        NotAssigned: nothing holds on that day.
        Overlap: a later assignment already stands; nothing is changed.
    """
    held = _held_on(agent, from_day)
    ends_on = held.ends_on
    if held.starts_on == from_day:
        held.delete()
    else:
        held.ends_on = from_day
        held.save(update_fields=["ends_on"])
    return place_agent(
        agent=agent, team=team, position=position, shift=shift, starts_on=from_day, ends_on=ends_on
    )


@transaction.atomic
def end_agent(*, agent: Agent, from_day: date) -> Agent:
    """Record that somebody leaves; from this day on no assignment holds.

    Raises:
        NotAssigned: nothing holds on the day before.
    """
    Assignment.objects.filter(agent=agent, starts_on__gte=from_day).delete()
    held = agent.assignments.order_by("-starts_on").first()
    if held is None:
        raise NotAssigned(
            _("{name} has no assignment before {day}.").format(name=agent.name, day=from_day)
        )
    if held.ends_on is None or held.ends_on > from_day:
        held.ends_on = from_day
        held.save(update_fields=["ends_on"])
    agent.left_on = from_day
    agent.save(update_fields=["left_on"])
    Leadership.objects.filter(leader=agent, ends_on__isnull=True, starts_on__lt=from_day).update(
        ends_on=from_day
    )
    places_changed.send(sender=Assignment, agent=agent, from_day=from_day)
    return agent


def _held_on(agent: Agent, day: date) -> Assignment:
    held = agent.assignments.filter(access.holding(day)).first()
    if held is None:
        raise NotAssigned(_("{name} has no assignment on {day}.").format(name=agent.name, day=day))
    return held


def appoint_leader(
    *, team: Team, leader: Agent, starts_on: date, ends_on: date | None = None
) -> Leadership:
    """Let somebody lead a team, and with it what is below it, from a day on.

    Raises:
        Overlap: the same person already leads the team on one of these days.
    """
    try:
        with transaction.atomic():
            return Leadership.objects.create(
                team=team, leader=leader, starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError as error:
        if "leadership_no_overlap" not in str(error):
            raise
        message = _("{name} already leads {team} on some of these days.")
        raise Overlap(message.format(name=leader.name, team=team.name)) from error


def add_alias(*, source: str, value: str, agent: Agent) -> Alias:
    """Remember how a source calls an agent; an empty source stands for any."""
    alias, _created = Alias.objects.update_or_create(
        source=source, value=value, defaults={"agent": agent}
    )
    return alias


@transaction.atomic
def set_roles(*, user: User, roles: Iterable[str], granted_by: User | None, now: datetime) -> None:
    """Give a user exactly these roles.

    Args:
        granted_by: missing only when the system itself does it.
    Raises:
        RoleRefused: to oneself, or two that exclude each other; nothing is changed.
    """
    wanted = set(roles)
    if granted_by is not None and granted_by.pk == user.pk:
        raise RoleRefused(_("Nobody changes their own roles. Ask another administrator."))
    if pairs := access.conflicting_roles(wanted):
        first, second = (RoleGrant.Role(role).label for role in pairs[0])
        message = _("One person cannot be both {first} and {second}.")
        raise RoleRefused(message.format(first=first, second=second))
    user.role_grants.exclude(role__in=wanted).delete()
    held = set(user.role_grants.values_list("role", flat=True))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, granted_by=granted_by, granted_at=now)
        for role in sorted(wanted - held)
    )


def choose_language(*, user: User, language: str) -> None:
    """Remember the language a person works in."""
    user.language = language
    user.save(update_fields=["language"])


def edit_agent(*, agent: Agent, code: str, name: str, name_zh: str, email: str) -> Agent:
    """Correct how a person is called. Where they belong is changed by moving."""
    agent.code, agent.name, agent.name_zh, agent.email = code, name, name_zh, email
    agent.save(update_fields=["code", "name", "name_zh", "email"])
    return agent


def end_leadership(*, leadership: Leadership, ends_on: date) -> Leadership:
    """Let a leadership end; from this day on it gives no rights.

    Raises:
        Overlap: it would end before it began; nothing is changed.
    """
    if ends_on <= leadership.starts_on:
        message = _("It began on {day}. It can end on the day after at the earliest.")
        raise Overlap(message.format(day=leadership.starts_on))
    leadership.ends_on = ends_on
    leadership.save(update_fields=["ends_on"])
    return leadership


@transaction.atomic
def create_user(  # a form's fields
    *,
    username: str,
    email: str,
    agent: Agent | None,
    roles: Iterable[str],
    password: str,
    granted_by: User,
    now: datetime,
) -> User:
    """Make a log-in, for a person on record or for somebody who is not appraised.

    Raises:
        RoleRefused: two of the roles exclude each other; nothing is changed.
    """
    user = User.objects.create_user(username, email, password, agent=agent)
    set_roles(user=user, roles=roles, granted_by=granted_by, now=now)
    return user


def switch_user(*, user: User, is_active: bool, switched_by: User) -> None:
    """Switch a log-in off or on again. Open sessions end with the next request.

    Raises:
        RoleRefused: nobody switches off the own log-in.
    """
    if user.pk == switched_by.pk:
        raise RoleRefused(_("Nobody switches off their own log-in. Ask another administrator."))
    user.is_active = is_active
    user.save(update_fields=["is_active"])


def set_password(*, user: User, password: str) -> None:
    """Give a log-in a new password; its sessions end."""
    user.set_password(password)
    user.save(update_fields=["password"])


def remove_alias(*, alias: Alias) -> None:
    """Forget how a source calls an agent; facts imported by it stay as they are."""
    Alias.objects.filter(pk=alias.pk).delete()


def add_place(*, place: Named) -> Named:
    """Add a team, position or shift."""
    place.save(force_insert=True)
    return place


def rename_place(*, place: Named) -> Named:
    """Give a team, position or shift other names; its code stays, by which files know it."""
    place.save(update_fields=["name_en", "name_zh"])
    return place
