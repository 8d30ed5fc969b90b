"""What holds for every page: who keeps it, how long a session lasts, the second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from agents.access import roles_of
from agents.models import RoleGrant, User

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class NoStore:
    """Forbid browsers and proxies to keep pages that may show personal data.

    A view that set its own ``Cache-Control`` keeps it. Static files never come this far:
    WhiteNoise answers them before.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response


class NoNullCharacter:
    """Refuse an address that holds a character which no text of the database may hold."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a null character.")
        return self.get_response(request)


class OnlyUtf8:
    """Read every form as UTF-8, whatever encoding its sender names.

    Django refuses another one where the body is first read, and once more where the page that
    says so is made: the answer would be a fault of the server.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.encoding = "utf-8"
        return self.get_response(request)


class SessionLimits:
    """End a session that rested too long, and every session after its longest time.

    A browser told to stay logged in is no exception. Queries: none, but for one write a minute.
    """

    SINCE, SEEN = "limits_since", "limits_seen"  # seconds since the epoch, kept in the session
    NOTED_EVERY_S = 60

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            self._limit(request, now=int(timezone.now().timestamp()))
        return self.get_response(request)

    def _limit(self, request: HttpRequest, *, now: int) -> None:
        session = request.session
        since, seen = session.get(self.SINCE, now), session.get(self.SEEN, now)
        if now - seen >= settings.SESSION_IDLE_S or now - since >= settings.SESSION_COOKIE_AGE:
            logout(request)
            messages.warning(request, _("Your session has ended. Log in again to go on."))
        elif self.SEEN not in session or now - seen >= self.NOTED_EVERY_S:
            session[self.SINCE], session[self.SEEN] = since, now


class RequireSecondFactor:
    """Lead who holds a strong role to the set-up of a second factor until there is one.

    Open without it: what is needed to set it up, to log out and to change the language.
    Queries: 2 where the setting asks for it, else none.
    """

    ROLES = frozenset({RoleGrant.Role.HR, RoleGrant.Role.MANAGER, RoleGrant.Role.ADMINISTRATOR})
    OPEN = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "agents:language",
            "healthz",
            "mfa_activate_totp",
            "mfa_index",
            "set_language",
        }
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Answer in the place of the view where the second factor is missing."""
        found = request.resolver_match
        if not settings.REQUIRE_MFA or (found and found.view_name in self.OPEN):
            return None
        if not self._is_missing(cast("User", request.user)):
            return None
        messages.info(request, _("Your role needs a second factor. Set it up to go on."))
        return _lead_to(request, "mfa_activate_totp")

    def _is_missing(self, user: User) -> bool:
        if roles_of(user).isdisjoint(self.ROLES):
            return False
        return not is_mfa_enabled(user, types=[Authenticator.Type.TOTP])


def _lead_to(request: Any, name: str) -> HttpResponseBase:
    """Redirect a page; where htmx asked for a part of one, let the whole page go there."""
    response = redirect(name)
    return HttpResponseClientRedirect(response.url) if request.htmx else response
