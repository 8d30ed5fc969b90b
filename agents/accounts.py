"""How log-in differs from the library's default."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agents.models import User


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are made by HR or the administrator, never by a visitor."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many tries. Wait a quarter of an hour, or reset your password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def post_login(
        self, request: HttpRequest, user: Any, *args: Any, **options: Any
    ) -> HttpResponse:
        """Go on in the language the person chose, unless this browser was told another one."""
        response: HttpResponse = super().post_login(request, user, *args, **options)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            remember_language(response, language_of(user))
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say how many tries are left.

        Raises:
            ValidationError: always; the form shows it.
        """
        left = self._tries_left()
        if left is None:
            raise ValidationError(_("User name and password do not match."))
        message = ngettext(
            "User name and password do not match. %(left)s try left.",
            "User name and password do not match. %(left)s tries left.",
            left,
        )
        raise ValidationError(message % {"left": left})

    def _tries_left(self) -> int | None:
        usage = getattr(self, "_login_failed_rl_usage", None)
        rates = ratelimit.get_rates(app="allauth.account", action="login_failed")
        if not usage or len(usage.usage) != len(rates):
            return None
        spent = [len(cache.get(one.cache_key, [])) for one in usage.usage]
        return min(max(rate.amount - used, 0) for rate, used in zip(rates, spent, strict=True))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and network address.

        By account alone, anybody could lock out a colleague by failing in their name.
        """
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{self.get_client_ip(request)}"


def language_of(user: User) -> str:
    """The language a person chose; empty while they chose none."""
    return user.language if user.language in dict(settings.LANGUAGES) else ""


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep a language on this browser; an empty one leaves the browser's own wish."""
    if not language:
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3_600,  # seconds
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE or "Lax",
    )
