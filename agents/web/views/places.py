"""Teams and who leads them, positions, shifts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents import access, selectors, services
from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.models import Leadership, Position, Shift, Team
from agents.web.form_page import FormPage, posted, serve_form
from agents.web.forms import people as forms


@requires("people.read")
@require_safe
def teams(request: AuthenticatedRequest) -> HttpResponse:
    """Show the tree of teams that one may look at."""
    today = timezone.localdate()
    visible = set(access.teams_visible_to(request.user, today).values_list("pk", flat=True))
    branches = [one for one in selectors.team_tree(today) if one.team.pk in visible]
    may_edit = access.allows(request.user, "people.edit")
    return render(request, "agents/teams.html", {"branches": branches, "may_edit": may_edit})


@requires("people.edit")
def team_new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a team."""
    form = forms.TeamForm(posted(request))
    page = FormPage(title=_("New team"), submit=_("Add"), back=reverse("agents:teams"))

    def save() -> str:
        return _("%(name)s is added.") % {"name": services.add_place(place=form.instance).name}

    return serve_form(request, form, page, save)


@requires("people.edit")
def leader_new(request: AuthenticatedRequest, team_id: int) -> HttpResponse:
    """Let somebody lead a team from a day on."""
    team = get_object_or_404(Team, pk=team_id)
    form = forms.LeaderForm(posted(request))
    page = FormPage(
        title=_("%(team)s: add a leader") % {"team": team.name},
        submit=_("Add"),
        back=reverse("agents:teams"),
        intro=_("A leader sees the team and the teams below it. A role says what they may do."),
    )

    def save() -> str:
        services.appoint_leader(team=team, **form.cleaned_data)
        leader = form.cleaned_data["leader"]
        return _("%(name)s leads %(team)s.") % {"name": leader.display_name, "team": team.name}

    return serve_form(request, form, page, save)


@requires("people.edit")
def leader_end(request: AuthenticatedRequest, leadership_id: int) -> HttpResponse:
    """Let a leadership end."""
    leadership = get_object_or_404(
        Leadership.objects.select_related("team", "leader"), pk=leadership_id
    )
    form = forms.EndForm(posted(request))
    page = FormPage(
        title=_("%(name)s no longer leads %(team)s")
        % {"name": leadership.leader.display_name, "team": leadership.team.name},
        submit=_("End it"),
        back=reverse("agents:teams"),
        is_danger=True,
    )

    def save() -> str:
        services.end_leadership(leadership=leadership, ends_on=form.cleaned_data["from_day"])
        return _("Saved.")

    return serve_form(request, form, page, save)


@requires("people.read")
@require_safe
def positions(request: AuthenticatedRequest) -> HttpResponse:
    """List the positions and how many people hold each."""
    context = {
        "places": _counted(Position),
        "may_edit": access.allows(request.user, "people.edit"),
    }
    return render(request, "agents/positions.html", context)


@requires("people.edit")
def position_new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a position."""
    form = forms.PositionForm(posted(request))
    page = FormPage(title=_("New position"), submit=_("Add"), back=reverse("agents:positions"))

    def save() -> str:
        return _("%(name)s is added.") % {"name": services.add_place(place=form.instance).name}

    return serve_form(request, form, page, save)


@requires("people.read")
@require_safe
def shifts(request: AuthenticatedRequest) -> HttpResponse:
    """List the shifts and how many people work in each."""
    context = {"places": _counted(Shift), "may_edit": access.allows(request.user, "people.edit")}
    return render(request, "agents/shifts.html", context)


@requires("people.edit")
def shift_new(request: AuthenticatedRequest) -> HttpResponse:
    """Add a shift."""
    form = forms.ShiftForm(posted(request))
    page = FormPage(title=_("New shift"), submit=_("Add"), back=reverse("agents:shifts"))

    def save() -> str:
        return _("%(name)s is added.") % {"name": services.add_place(place=form.instance).name}

    return serve_form(request, form, page, save)


@requires("people.edit")
def team_rename(request: AuthenticatedRequest, team_id: int) -> HttpResponse:
    """Give a team other names."""
    team = get_object_or_404(Team, pk=team_id)
    form = forms.TeamNames(posted(request), instance=team)
    return _rename(request, form, team.name, reverse("agents:teams"))


@requires("people.edit")
def position_rename(request: AuthenticatedRequest, position_id: int) -> HttpResponse:
    """Give a position other names."""
    position = get_object_or_404(Position, pk=position_id)
    form = forms.PositionNames(posted(request), instance=position)
    return _rename(request, form, position.name, reverse("agents:positions"))


@requires("people.edit")
def shift_rename(request: AuthenticatedRequest, shift_id: int) -> HttpResponse:
    """Give a shift other names."""
    shift = get_object_or_404(Shift, pk=shift_id)
    form = forms.ShiftNames(posted(request), instance=shift)
    return _rename(request, form, shift.name, reverse("agents:shifts"))


def _rename(request: AuthenticatedRequest, form: Any, name: str, back: str) -> HttpResponse:
    page = FormPage(
        title=_("Rename %(name)s") % {"name": name},
        submit=_("Rename"),
        back=back,
        intro=_("The code stays: files, schemes and formulas know it by that."),
    )

    def save() -> str:
        return _("%(name)s is renamed.") % {"name": services.rename_place(place=form.instance).name}

    return serve_form(request, form, page, save)


def _counted(model: type[Position] | type[Shift]) -> list[tuple[Position | Shift, int]]:
    today = timezone.localdate()
    held = selectors.list_assignments_on(today).values_list(f"{model._meta.model_name}_id")
    people = dict(held.annotate(people=Count("pk")))
    places = model._default_manager.order_by("name_en", "pk")
    return [(place, people.get(place.pk, 0)) for place in places]
