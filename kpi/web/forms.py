"""Forms of imports: they validate shape, the services decide."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from kpi.models import ImportBatch, Source
from kpi.models.imports import Kind

_ENDINGS = ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson"


class UploadForm(forms.Form):
    """A file, and what one knows of it; all but the file may stay empty."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        help_text=_("CSV, TSV, Excel (.xlsx), JSON or JSON lines"),
        widget=forms.FileInput(attrs={"accept": _ENDINGS}),
    )
    kind = forms.ChoiceField(label=_("What the rows are"), required=False)
    source = forms.SlugField(
        label=_("Where it comes from"),
        max_length=64,
        required=False,
        help_text=_("A known source or a new one, such as phone; empty takes it from the file."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    zone = forms.CharField(
        label=_("Time zone of its clock"),
        max_length=64,
        required=False,
        help_text=_("Empty is the source's, else the organisation's."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    sheet = forms.CharField(
        label=_("Sheet"),
        max_length=120,
        required=False,
        help_text=_("Of a workbook; empty is the first one with cells."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        kind.choices = [("", _("Recognise it")), *Kind.choices]  # type: ignore[attr-defined]

    def clean_zone(self) -> str:
        """Take only zones that this machine knows."""
        zone = str(self.cleaned_data["zone"]).strip()
        if zone and zone not in available_timezones():
            raise ValidationError(
                _("No time zone is called this. Write one such as Asia/Shanghai.")
            )
        return zone


class MappingForm(forms.Form):
    """A mapping as text."""

    text = forms.CharField(
        label=_("Mapping"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 18, "spellcheck": "false", "class": "mapping-text", "wrap": "off"}
        ),
    )


class PersonForm(forms.Form):
    """Who is meant by a name in a file."""

    called = forms.CharField(max_length=160, widget=forms.HiddenInput)
    agent = forms.CharField(
        label=_("Staff number or name"),
        max_length=160,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )

    def clean_agent(self) -> Agent:
        """Find the one person."""
        return find_person(str(self.cleaned_data["agent"]))


def find_person(text: str) -> Agent:
    """The one person of a staff number, or of a name where it is unique.

    Raises:
        ValidationError: nobody, or several.
    """
    text = text.strip()
    found = Agent.objects.filter(code=text).first()
    if found is not None:
        return found
    named = list(Agent.objects.filter(name=text)[:2] or Agent.objects.filter(name_zh=text)[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise ValidationError(_("Several people are called this. Write the staff number."))
    raise ValidationError(_("Nobody on record has this staff number or name."))


class BatchFilter(forms.Form):
    """Which imports are shown."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *ImportBatch.State.choices],
    )
    source = forms.ModelChoiceField(
        label=_("Source"),
        required=False,
        queryset=Source.objects.order_by("code"),
        to_field_name="code",
        empty_label=_("All sources"),
    )
