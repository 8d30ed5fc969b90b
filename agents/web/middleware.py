"""What a page needs to know of the organisation before anything else."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from agents import selectors

# Asked by machines, or needed by the set-up itself.
_ALWAYS_OPEN = ("/healthz", "/me/language/")


class OrganisationFirst:
    """Lead everybody to the set-up until it is done; from then on show the organisation's time.

    Days and times on pages are those of the organisation's zone: ``timezone.localdate()`` is its
    today. Queries: 1.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(_ALWAYS_OPEN):
            return self.get_response(request)
        organisation = selectors.get_organisation()
        if organisation is None:
            set_up = reverse("agents:set_up")
            return self.get_response(request) if request.path == set_up else redirect(set_up)
        with timezone.override(ZoneInfo(organisation.zone)):
            return self.get_response(request)
