"""Where a visitor is led before anything else: the set-up, as long as there is no organisation."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from agents import selectors

_ALWAYS_OPEN = ("/healthz", "/me/language/")


class FirstRun:
    """Send visitors to the set-up until it is done.

    Only those who are not logged in are asked about, so the pages of the others cost no query
    more: without an organisation nobody has a log-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if _may_be_first(request) and selectors.get_organisation() is None:
            return redirect("agents:set_up")
        return self.get_response(request)


def _may_be_first(request: HttpRequest) -> bool:
    if request.user.is_authenticated or request.path.startswith(_ALWAYS_OPEN):
        return False
    static = request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/")
    return not static and request.path != reverse("agents:set_up")
