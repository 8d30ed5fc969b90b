"""Log-ins and roles."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents import selectors, services
from agents.access import requires
from agents.http import AuthenticatedRequest
from agents.models import Agent, RoleGrant, User
from agents.web.form_page import FormPage, posted, serve_form
from agents.web.forms import users as forms

LONGEST_ID = 19  # digits of the largest id that the database gives


@requires("users.read")
@require_safe
def users(request: AuthenticatedRequest) -> HttpResponse:
    """List the log-ins and their roles."""
    text = request.GET.get("q", "").replace("\0", "")[:100].strip()
    found = _users()
    if text:
        found = found.filter(
            Q(username__icontains=text)
            | Q(email__icontains=text)
            | Q(agent__name__icontains=text)
            | Q(agent__name_zh__icontains=text)
        )
    context = {
        "rows": [(user, _role_names(user)) for user in found],
        "text": text,
        "may_edit": selectors.may_edit_users(request.user),
    }
    template = "agents/users.html#table" if request.htmx else "agents/users.html"
    return render(request, template, context)


@requires("users.read")
@require_safe
def user(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Show one log-in."""
    shown = get_object_or_404(_users(), pk=user_id)
    may_edit = selectors.may_edit_users(request.user) and shown.pk != request.user.pk
    context = {
        "shown": shown,
        "roles": _role_names(shown),
        "grants": shown.role_grants.select_related("granted_by__agent").order_by("role"),
        "may_edit": may_edit,
        "is_self": shown.pk == request.user.pk,
    }
    return render(request, "agents/user.html", context)


@requires("users.read")
def user_new(request: AuthenticatedRequest) -> HttpResponse:
    """Make a log-in; the first password is shown once."""
    _check_may_edit(request)
    form = forms.UserForm(posted(request), initial=_initial(request.GET.get("agent", "")))
    page = FormPage(
        title=_("New log-in"),
        submit=_("Add"),
        back=reverse("agents:users"),
        intro=_("The first password is made here and shown once."),
    )

    def save() -> str:
        password = _new_password()
        made = services.create_user(
            **form.cleaned_data, password=password, granted_by=request.user, now=timezone.now()
        )
        return _password_words(made, password)

    return serve_form(request, form, page, save)


@requires("users.read")
def user_roles(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Change what a log-in may do."""
    _check_may_edit(request)
    shown = get_object_or_404(_users(), pk=user_id)
    held = [grant.role for grant in shown.role_grants.all()]
    form = forms.RolesForm(posted(request), initial={"roles": held})
    page = FormPage(
        title=_("Roles of %(name)s") % {"name": shown.display_name},
        submit=_("Save"),
        back=reverse("agents:user", args=[shown.pk]),
    )

    def save() -> str:
        services.set_roles(
            user=shown,
            roles=form.cleaned_data["roles"],
            granted_by=request.user,
            now=timezone.now(),
        )
        return _("Saved.")

    return serve_form(request, form, page, save)


@requires("users.read")
@require_POST
def user_switch(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Switch a log-in off or on."""
    _check_may_edit(request)
    shown = get_object_or_404(_users(), pk=user_id)
    try:
        services.switch_user(user=shown, is_active=not shown.is_active, switched_by=request.user)
    except services.RoleRefused as error:
        messages.error(request, str(error))
    else:
        done = _("The log-in is switched on.") if shown.is_active else _("It is switched off.")
        messages.success(request, done)
    return redirect("agents:user", user_id)


@requires("users.read")
@require_POST
def user_password(request: AuthenticatedRequest, user_id: int) -> HttpResponse:
    """Give a log-in a new password, shown once."""
    _check_may_edit(request)
    shown = get_object_or_404(_users().exclude(pk=request.user.pk), pk=user_id)
    password = _new_password()
    services.set_password(user=shown, password=password)
    messages.success(request, _password_words(shown, password))
    return redirect("agents:user", user_id)


def _initial(agent_id: str) -> dict[str, object]:
    """What a new log-in of a person begins with; nothing where no such person lacks one."""
    known = Agent.objects.filter(user__isnull=True)
    is_id = agent_id.isdecimal() and len(agent_id) <= LONGEST_ID
    agent = known.filter(pk=agent_id).first() if is_id else None
    return {"agent": agent, "username": agent.code, "email": agent.email} if agent else {}


def _check_may_edit(request: AuthenticatedRequest) -> None:
    if not selectors.may_edit_users(request.user):
        raise Http404


def _users() -> QuerySet[User]:
    found = User.objects.select_related("agent").prefetch_related("role_grants")
    return found.order_by("-is_active", "username", "pk")


def _role_names(shown: User) -> list[str]:
    held = {grant.role for grant in shown.role_grants.all()}
    if shown.agent_id:
        held.add(RoleGrant.Role.AGENT)
    return [str(role.label) for role in RoleGrant.Role if role in held]


def _new_password() -> str:
    return secrets.token_urlsafe(12)


def _password_words(shown: User, password: str) -> str:
    words = _("Password of %(name)s: %(password)s. It is shown only now; pass it on in person.")
    return words % {"name": shown.username, "password": password}
