"""The list of people, one person, and what is done with them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents import access, selectors, services
from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.models import Agent, Alias
from agents.web.form_page import FormPage, posted, serve_form
from agents.web.forms import people as forms

PAGE_SIZE = 50


@requires("people.read")
@require_safe
def people(request: AuthenticatedRequest) -> HttpResponse:
    """List the people one may look at; htmx gets the table alone."""
    today = timezone.localdate()
    teams = access.teams_visible_to(request.user, today)
    filters = forms.PeopleFilter(request.GET, teams=teams)
    filters.is_valid()  # a filter that makes no sense is left out
    chosen = filters.cleaned_data
    found = selectors.list_people(
        user=request.user,
        on=today,
        text=chosen.get("q", ""),
        team=chosen.get("team"),
        position=chosen.get("position"),
        shift=chosen.get("shift"),
        presence=chosen.get("presence") or "here",
    )
    context = {
        "filters": filters,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_edit": access.allows(request.user, "people.edit"),
        "is_narrowed": any(chosen.values()),
    }
    template = "agents/people.html#table" if request.htmx else "agents/people.html"
    return render(request, template, context)


@requires("people.read")
@require_safe
def person(request: AuthenticatedRequest, agent_id: int) -> HttpResponse:
    """Show where a person belonged, what sources call them, whom they lead."""
    today = timezone.localdate()
    visible = access.people_visible_to(request.user, today).select_related("user")
    agent = get_object_or_404(visible, pk=agent_id)
    placed = agent.assignments.select_related("team", "position", "shift").order_by("-starts_on")
    context = {
        "agent": agent,
        "today": today,
        "assignments": [(one, one.holds_on(today)) for one in placed],
        "aliases": agent.aliases.order_by("source", "value"),
        "leaderships": agent.leaderships.select_related("team").order_by("-starts_on"),
        "held": next((one for one in placed if one.holds_on(today)), None),
        "may_edit": access.allows(request.user, "people.edit"),
        "may_see_log_in": access.allows(request.user, "users.read"),
    }
    return render(request, "agents/person.html", context)


@requires("people.edit")
def person_new(request: AuthenticatedRequest) -> HttpResponse:
    """Put a new person on record."""
    form = forms.HireForm(posted(request))
    page = FormPage(
        title=_("New person"),
        submit=_("Add"),
        back=reverse("agents:people"),
        intro=_("For many at once, import a list."),
    )

    def save() -> str:
        agent = services.hire_agent(**form.cleaned_data)
        return _("%(name)s is on record.") % {"name": agent.display_name}

    return serve_form(request, form, page, save)


@requires("people.edit")
def person_edit(request: AuthenticatedRequest, agent_id: int) -> HttpResponse:
    """Correct how a person is called."""
    agent = get_object_or_404(Agent, pk=agent_id)
    names = ("code", "name", "name_zh", "email")
    initial = {name: getattr(agent, name) for name in names}
    form = forms.PersonForm(posted(request), agent=agent, initial=initial)
    page = _page_of(agent, title=_("Correct"), submit=_("Save"))

    def save() -> str:
        services.edit_agent(agent=agent, **form.cleaned_data)
        return _("Saved.")

    return serve_form(request, form, page, save)


@requires("people.edit")
def person_move(request: AuthenticatedRequest, agent_id: int) -> HttpResponse:
    """Give a person another team, position or shift from a day on."""
    agent = get_object_or_404(Agent, pk=agent_id)
    held = agent.assignments.filter(access.holding(timezone.localdate())).first()
    initial = {"team": held.team, "position": held.position, "shift": held.shift} if held else {}
    form = forms.MoveForm(posted(request), initial=initial)
    page = _page_of(
        agent,
        title=_("Move"),
        submit=_("Move"),
        intro=_("What holds on that day ends there. Calls before it stay with the old team."),
    )

    def save() -> str:
        services.move_agent(agent=agent, **form.cleaned_data)
        return _("%(name)s is moved.") % {"name": agent.display_name}

    return serve_form(request, form, page, save)


@requires("people.edit")
def person_place(request: AuthenticatedRequest, agent_id: int) -> HttpResponse:
    """Place a person who has no place on those days: who came back, or a gap."""
    agent = get_object_or_404(Agent, pk=agent_id)
    form = forms.ReturnForm(posted(request))
    page = _page_of(agent, title=_("Add a place"), submit=_("Add"))

    def save() -> str:
        services.place_agent(agent=agent, **form.cleaned_data)
        return _("Saved.")

    return serve_form(request, form, page, save)


@requires("people.edit")
def person_end(request: AuthenticatedRequest, agent_id: int) -> HttpResponse:
    """Record that a person leaves."""
    agent = get_object_or_404(Agent, pk=agent_id)
    form = forms.EndForm(posted(request))
    page = _page_of(
        agent,
        title=_("Leaving"),
        submit=_("Record that they leave"),
        intro=_("Results stay. From that day on nobody leads or is led here any more."),
        is_danger=True,
    )

    def save() -> str:
        services.end_agent(agent=agent, **form.cleaned_data)
        return _("%(name)s is recorded as leaving.") % {"name": agent.display_name}

    return serve_form(request, form, page, save)


@requires("people.edit")
def alias_new(request: AuthenticatedRequest, agent_id: int) -> HttpResponse:
    """Add how a source calls a person."""
    agent = get_object_or_404(Agent, pk=agent_id)
    form = forms.AliasForm(posted(request))
    page = _page_of(
        agent,
        title=_("Add a name in a source"),
        submit=_("Add"),
        intro=_("By it an import finds the person. It holds for files imported from now on."),
    )

    def save() -> str:
        services.add_alias(agent=agent, **form.cleaned_data)
        return _("Saved.")

    return serve_form(request, form, page, save)


@requires("people.edit")
@require_POST
def alias_remove(request: AuthenticatedRequest, agent_id: int, alias_id: int) -> HttpResponse:
    """Forget how a source calls a person."""
    alias = get_object_or_404(Alias, pk=alias_id, agent_id=agent_id)
    services.remove_alias(alias=alias)
    messages.success(request, _("“%(value)s” is removed.") % {"value": alias.value})
    return redirect("agents:person", agent_id)


def _page_of(
    agent: Agent, *, title: str, submit: str, intro: str = "", is_danger: bool = False
) -> FormPage:
    return FormPage(
        title=f"{agent.display_name}: {title}",
        submit=submit,
        back=reverse("agents:person", args=[agent.pk]),
        intro=intro,
        is_danger=is_danger,
    )
