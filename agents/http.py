"""Requests as our views get them, typed."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from agents.models import User


class HtmxRequest(HttpRequest):
    """A request that may come from htmx."""

    htmx: HtmxDetails


class AuthenticatedRequest(HtmxRequest):
    """A request of a logged-in person; what ``agents.access.requires`` lets through."""

    user: User
