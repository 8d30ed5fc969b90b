"""Forms of people, where they belong, and who leads them."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Alias, Position, Shift, Team

EARLIEST, LATEST = date(1950, 1, 1), date(2100, 1, 1)


class DayField(forms.DateField):
    """A day that somebody can mean, written as the browser's calendar does."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)

    def clean(self, value: Any) -> date | None:
        """Give the day.

        Raises:
            ValidationError: no date, or centuries away.
        """
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise ValidationError(_("Write a day between 1950 and 2100."))
        return day


class NamedField(forms.ModelChoiceField):
    """One of the teams, positions or shifts, by the name in the language of the page."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return str(obj.name)


class PersonField(forms.ModelChoiceField):
    """One of the people, by name and staff number."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and staff number."""
        return f"{obj.display_name}, {obj.code}"


def offer(form: forms.BaseForm, name: str, choices: QuerySet[Any]) -> None:
    """Say what can be chosen in one field of a form."""
    cast("forms.ModelChoiceField", form.fields[name]).queryset = choices


def _all(model: type[Model], order: str = "name_en") -> QuerySet[Any]:
    return model._default_manager.order_by(order, "pk")


class PeopleFilter(forms.Form):
    """What the list of people is narrowed to."""

    q = forms.CharField(
        label=_("Name, staff number, e-mail"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    team = NamedField(None, label=_("Team"), required=False, empty_label=_("All teams"))
    position = NamedField(None, label=_("Position"), required=False, empty_label=_("All positions"))
    shift = NamedField(None, label=_("Shift"), required=False, empty_label=_("All shifts"))
    presence = forms.ChoiceField(
        label=_("Presence"),
        required=False,
        choices=[("here", _("Here now")), ("gone", _("Without a place now")), ("all", _("All"))],
    )

    def __init__(self, *args: Any, teams: QuerySet[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "team", teams.order_by("name_en", "pk"))
        offer(self, "position", _all(Position))
        offer(self, "shift", _all(Shift))


class PlaceForm(forms.Form):
    """Where somebody belongs."""

    team = NamedField(None, label=_("Team"))
    position = NamedField(None, label=_("Position"))
    shift = NamedField(None, label=_("Shift"), required=False, empty_label=_("No fixed shift"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, model in (("team", Team), ("position", Position), ("shift", Shift)):
            offer(self, name, _all(model))


class PersonForm(forms.Form):
    """How a person is called."""

    code = forms.CharField(label=_("Staff number"), max_length=64)
    name = forms.CharField(label=_("Name"), max_length=120)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def __init__(self, *args: Any, agent: Agent | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agent = agent

    def clean_code(self) -> str:
        """Check that nobody else has this staff number."""
        code: str = self.cleaned_data["code"]
        other = Agent.objects.filter(code=code).first()
        if other is not None and other != self.agent:
            raise ValidationError(
                _("%(name)s has this staff number already."), params={"name": other.display_name}
            )
        return code


class HireForm(PersonForm, PlaceForm):
    """A new person, and where they begin."""

    hired_on = DayField(label=_("First day"))
    field_order = ["code", "hired_on", "name", "name_zh", "email", "team", "position", "shift"]


class MoveForm(PlaceForm):
    """Another team, position or shift from a day on."""

    from_day = DayField(label=_("From"), help_text=_("The first day in the new place."))
    field_order = ["from_day", "team", "position", "shift"]


class DatedForm(forms.Form):
    """From when until when something holds."""

    starts_on = DayField(label=_("From"))
    ends_on = DayField(
        label=_("Until"), required=False, help_text=_("The first day that no longer counts.")
    )

    def clean(self) -> dict[str, Any]:
        """Check the order of the two days."""
        values = super().clean() or {}
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on <= starts_on:
            self.add_error("ends_on", _("Must be after the first day."))
        return values


class ReturnForm(PlaceForm, DatedForm):
    """A place for somebody who has none on the day."""

    field_order = ["starts_on", "ends_on", "team", "position", "shift"]


class EndForm(forms.Form):
    """The day from which somebody or something no longer counts."""

    from_day = DayField(
        label=_("First day that no longer counts"),
        help_text=_("The day after the last working day."),
    )


class AliasForm(forms.Form):
    """How a source calls a person."""

    value = forms.CharField(
        label=_("Called"),
        max_length=160,
        help_text=_("Extension, log-in, e-mail or name, as the file writes it."),
    )
    source = forms.CharField(
        label=_("In the source"),
        max_length=64,
        required=False,
        help_text=_("Empty: in every source."),
    )

    def clean(self) -> dict[str, Any]:
        """Check that it does not stand for somebody already."""
        values = super().clean() or {}
        taken = Alias.objects.filter(source=values.get("source"), value=values.get("value"))
        if alias := taken.select_related("agent").first():
            message = _("This already stands for %(name)s.") % {"name": alias.agent.display_name}
            self.add_error("value", message)
        return values


class LeaderForm(DatedForm):
    """Who leads a team, from when until when."""

    leader = PersonField(None, label=_("Leader"))
    field_order = ["leader", "starts_on", "ends_on"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "leader", _all(Agent, "name"))


class _NamedForm(forms.ModelForm):
    code = forms.SlugField(
        label=_("Code"),
        max_length=64,
        allow_unicode=True,
        help_text=_("Letters, digits and hyphens. It stands in addresses and files."),
    )


class TeamForm(_NamedForm):
    """A team and what it belongs to."""

    parent = NamedField(None, label=_("Belongs to"), required=False, empty_label=_("Nothing above"))

    class Meta:
        model = Team
        fields = ("name_en", "name_zh", "code", "parent")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "parent", _all(Team))


class PositionForm(_NamedForm):
    """A position."""

    class Meta:
        model = Position
        fields = ("name_en", "name_zh", "code")


class ShiftForm(_NamedForm):
    """A shift and its hours."""

    class Meta:
        model = Shift
        fields = ("name_en", "name_zh", "code", "starts_at", "ends_at")
        widgets = {
            "starts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "ends_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }


class TeamNames(forms.ModelForm):
    """Other names of a team."""

    class Meta:
        model = Team
        fields = ("name_en", "name_zh")


class PositionNames(forms.ModelForm):
    """Other names of a position."""

    class Meta:
        model = Position
        fields = ("name_en", "name_zh")


class ShiftNames(forms.ModelForm):
    """Other names of a shift."""

    class Meta:
        model = Shift
        fields = ("name_en", "name_zh")


class RosterForm(forms.Form):
    """A list of people as a file."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or Excel (.xlsx), at most 5 MB."))
