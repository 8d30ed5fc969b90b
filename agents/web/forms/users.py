"""Forms of log-ins and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agents import access
from agents.models import Agent, RoleGrant, User
from agents.web.forms.people import PersonField, offer

# Everybody with a person behind the log-in is an agent; nobody is made one.
ROLES = [(role.value, role.label) for role in RoleGrant.Role if role != RoleGrant.Role.AGENT]


class RolesForm(forms.Form):
    """What a log-in may do."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Somebody who is appraised sees their own results without any role."),
    )

    def clean_roles(self) -> list[str]:
        """Check that no two of them exclude each other."""
        roles: list[str] = self.cleaned_data["roles"]
        if pairs := access.conflicting_roles(roles):
            first, second = (RoleGrant.Role(role).label for role in pairs[0])
            raise ValidationError(
                _("One person cannot be both %(first)s and %(second)s."),
                params={"first": first, "second": second},
            )
        return roles


class UserForm(RolesForm):
    """A new log-in."""

    agent = PersonField(
        None,
        label=_("Person"),
        required=False,
        empty_label=_("Nobody who is appraised"),
        help_text=_("Whose results this log-in sees as its own."),
    )
    username = forms.CharField(
        label=_("User name"), max_length=150, validators=[User.username_validator]
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Needed to reset a forgotten password without the administrator."),
    )
    field_order = ["agent", "username", "email", "roles"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "agent", Agent.objects.filter(user__isnull=True).order_by("name", "pk"))

    def clean_username(self) -> str:
        """Check that nobody has this user name."""
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("This user name is taken."))
        return username

    def clean_email(self) -> str:
        """Check that nobody logs in with this address."""
        email: str = self.cleaned_data["email"]
        if email and User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("Another log-in has this e-mail address."))
        return email
