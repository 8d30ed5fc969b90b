"""A page that is one form: where most changes of people are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from agents import services

REFUSED = 422  # a form with something to mend


@dataclass(frozen=True)
class FormPage:
    """What stands around a form."""

    title: str
    submit: str
    back: str
    intro: str = ""
    is_danger: bool = False


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; nothing where it was only opened."""
    return request.POST if request.method == "POST" else None


def serve_form(
    request: HttpRequest,
    form: forms.BaseForm,
    page: FormPage,
    save: Callable[[], str],
    *,
    then: str = "",
) -> HttpResponse:
    """Show a form, or save it and go on.

    Args:
        form: bound to what was sent, if anything was.
        save: does the deed and gives the words that it is done. Where the services refuse, the
            form says why.
        then: where to go on; back to where the form was opened from if empty.
    """
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, save())
            return redirect(then or page.back)
        except (services.Overlap, services.NotAssigned, services.RoleRefused) as error:
            form.add_error(None, str(error))
    status = REFUSED if form.errors else 200
    return render(request, "agents/form.html", {"form": form, "page": page}, status=status)
