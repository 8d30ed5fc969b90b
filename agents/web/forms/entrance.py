"""Forms of the first run and of a person's own settings."""

from __future__ import annotations

import zoneinfo
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agents.models import User


@cache
def zones() -> list[str]:
    """The names of time zones that places have, for choosing."""
    names = zoneinfo.available_timezones()
    places = (name for name in names if "/" in name and not name.startswith("Etc/"))
    return [*sorted(places), "UTC"]


class ZoneField(forms.CharField):
    """The name of a time zone."""

    def clean(self, value: Any) -> str:
        """Give the name.

        Raises:
            ValidationError: there is no such zone.
        """
        name: str = super().clean(value)
        if name not in zoneinfo.available_timezones():
            raise ValidationError(
                _("“%(name)s” is no time zone. Write one such as Europe/Berlin or Asia/Shanghai."),
                params={"name": name},
            )
        return name


class SetUpForm(forms.Form):
    """What the first run asks: the organisation and its first HR user."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=160)
    zone = ZoneField(
        label=_("Time zone"),
        help_text=_("Where your days begin and end. Shifts and months are cut by it."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    username = forms.CharField(
        label=_("Your user name"),
        max_length=150,
        validators=[User.username_validator],
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("A forgotten password is reset by e-mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        help_text=_("At least 12 characters. A few words are easier to keep than signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check the password: strong enough, and twice the same."""
        values = super().clean() or {}
        password = values.get("password")
        if not password:
            return values
        user = User(username=values.get("username", ""), email=values.get("email", ""))
        try:
            validate_password(password, user)
        except ValidationError as error:
            self.add_error("password", error)
        if password != values.get("password_again"):
            self.add_error("password_again", _("The two passwords are not the same."))
        return values


class LanguageForm(forms.Form):
    """The language a person works in."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
