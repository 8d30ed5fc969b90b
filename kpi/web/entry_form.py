"""The form of a record that is entered on a page, made from the fields of its kind."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.models import Agent
from kpi.formula.fields import code_label
from kpi.intake.column_help import NOTES
from kpi.intake.fields import Spec
from kpi.models import Fact
from kpi.services.entries import Said
from kpi.web.batches import field_name
from kpi.web.forms import find_person
from kpi.web.pages import language
from kpi.web.sheets import Sheet

_UNITS = {"seconds": lambda: _("Seconds, or hours:minutes:seconds such as 7:30:00")}
_MOST_CHARACTERS = 2_000


class EntryForm(forms.Form):
    """The fields of a sheet as texts; what they may hold is decided by the import's rules."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)
    agent = forms.CharField(
        max_length=160,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )

    def __init__(self, sheet: Sheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        agent = self.fields["agent"]
        agent.label, agent.required = _("Staff number or name"), sheet.needs_person
        if not sheet.needs_person:
            agent.help_text = _("Empty: the figure is the whole centre's.")
        self.fields["key"].initial = uuid4().hex
        for name, spec in sheet.specs.items():
            if not (name == "kind" and len(sheet.choices) == 1):
                self.fields[name] = _field(sheet, spec)

    def clean_key(self) -> str:
        """What tells a form that was sent twice from two forms."""
        try:
            return UUID(str(self.cleaned_data["key"])).hex
        except ValueError:
            return uuid4().hex

    def clean_agent(self) -> Agent | None:
        """Find the one person, where one is named."""
        text = str(self.cleaned_data["agent"])
        return find_person(text) if text.strip() else None

    @property
    def said(self) -> Said:
        """What a valid form says."""
        values = {name: str(self.cleaned_data.get(name) or "") for name in self.sheet.fields}
        if len(self.sheet.choices) == 1:
            values["kind"] = self.sheet.choices[0]
        return Said(self.sheet.kind, self.cleaned_data["agent"], values)

    def refuse(self, problems: dict[str, str]) -> None:
        """Show what the rules say against fields."""
        for name, text in problems.items():
            self.add_error(name if name in self.fields else None, ValidationError(text))


def _field(sheet: Sheet, spec: Spec) -> forms.Field:
    required = spec.is_required
    label = field_name(sheet.kind, spec.name)
    said: dict[str, Any] = {
        "label": label[:1].upper() + label[1:],
        "required": required,
        "help_text": _hint(sheet.kind, spec),
    }
    if spec.type == "code":
        codes = sheet.choices if spec.name == "kind" else spec.choices
        choices = [(code, _capital(code_label(code, language=language()))) for code in codes]
        return forms.ChoiceField(choices=[("", "–"), *choices], **said)
    if spec.type == "flag":
        return forms.ChoiceField(choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))], **said)
    return forms.CharField(max_length=_MOST_CHARACTERS, widget=_widget(spec), **said)


def _widget(spec: Spec) -> forms.Widget:
    if spec.type == "date":
        return forms.DateInput(attrs={"type": "date"})
    if spec.type == "moment":
        return forms.DateTimeInput(attrs={"type": "datetime-local"})
    if spec.name == "note":
        return forms.Textarea(attrs={"rows": 3})
    is_number = spec.type in {"whole", "decimal"}
    return forms.TextInput(attrs={"inputmode": "decimal"} if is_number else {})


def _hint(kind: str, spec: Spec) -> str:
    if spec.type in _UNITS:
        return _UNITS[spec.type]()
    note = NOTES.get((kind, spec.name))
    return note[language().startswith("zh")] if note else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def initial_of(sheet: Sheet, fact: Fact) -> dict[str, str]:
    """The fields of an entry as the form writes them."""
    found = {name: _written(fact, spec) for name, spec in sheet.specs.items()}
    return {**found, "agent": fact.agent.code if fact.agent else ""}


def _written(fact: Fact, spec: Spec) -> str:
    value = getattr(fact, "day" if spec.name == "date" else spec.name)
    if value is None:
        return ""
    if spec.type == "flag":
        return "yes" if value else "no"
    if spec.type == "moment":
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M:%S")
    if spec.type == "decimal":
        return f"{value.normalize():f}"
    return str(value)
