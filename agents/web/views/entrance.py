"""First run, language, and a person's own settings."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from agents import accounts, selectors, services
from agents.access import open_to_all, requires
from agents.http import AuthenticatedRequest
from agents.web.form_page import REFUSED, posted
from agents.web.forms import entrance as forms


@open_to_all
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Ask for the organisation and its first HR user; afterwards this page does not exist."""
    if selectors.get_organisation() is not None:
        raise Http404
    if request.method == "POST":
        form = forms.SetUpForm(request.POST)
        if form.is_valid():
            return _set_up(request, form)
    else:
        form = forms.SetUpForm(initial={"language": translation.get_language()})
    context = {"form": form, "zones": forms.zones()}
    return render(request, "agents/set_up.html", context, status=REFUSED if form.errors else 200)


def _set_up(request: HttpRequest, form: forms.SetUpForm) -> HttpResponse:
    values = {key: value for key, value in form.cleaned_data.items() if key != "password_again"}
    try:
        user = services.set_up_organisation(**values, now=timezone.now())
    except services.AlreadySetUp as error:
        raise Http404 from error
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    response = redirect("/")
    accounts.remember_language(response, user.language)
    return response


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, for this browser and for the person."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        services.choose_language(user=request.user, language=chosen)
    return set_language(request)


@requires("self")
@require_http_methods(["GET", "POST"])
def own_settings(request: AuthenticatedRequest) -> HttpResponse:
    """Show and change what a person decides alone: language, password, second factor."""
    initial = {"language": translation.get_language()}
    form = forms.LanguageForm(posted(request), initial=initial)
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        services.choose_language(user=request.user, language=chosen)
        with translation.override(chosen):
            messages.success(request, _("Saved."))
        response = redirect("agents:settings")
        accounts.remember_language(response, chosen)
        return response
    status = REFUSED if form.errors else 200
    return render(request, "agents/settings.html", {"form": form}, status=status)


@open_to_all
def closed(request: HttpRequest, **_: object) -> HttpResponse:
    """Stand where the library has pages that this product does not use: there is none.

    Raises:
        Http404: always.
    """
    raise Http404
