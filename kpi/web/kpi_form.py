"""The form in which HR writes a KPI, and the document that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from kpi.formula.fields import FACTS
from kpi.library.definition import ANCHORS, THEMES, UNITS
from kpi.models import KPIVersion
from kpi.services import drafts

# Parts that carry both languages, with their labels, and whether they are long.
_TEXTS: Final = {
    "name": (_("Name in English"), _("Name in Chinese"), False),
    "sample": (_("What the sample counts, English"), _("What the sample counts, Chinese"), False),
    "meaning": (_("What it says, English"), _("What it says, Chinese"), True),
    "attribution": (_("Who it counts for, English"), _("Who it counts for, Chinese"), True),
    "leaves_out": (_("What it leaves out, English"), _("What it leaves out, Chinese"), True),
}
_HELP: Final = {
    "sample": _("Several of them, such as calls."),
    "meaning": _("One or two sentences for the people who are appraised by it."),
    "attribution": _("Such as: the agent who took the call."),
    "leaves_out": _("Such as: calls that nobody answered."),
}
_LANGUAGES: Final = ("en", "zh")
_LIMITS: Final = {"name": 120, "sample": 40}
_KEPT: Final = ("source", "example")


class FormulaForm(forms.Form):
    """What the check and the preview need: the formula and how it is dated and counted."""

    formula = forms.CharField(
        label=_("Formula"),
        max_length=4000,
        required=False,
        help_text=_(
            "Counts, sums or averages of records, such as"
            " count(contacts, where=answered) / count(contacts)."
        ),
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "data-formula": ""}
        ),
    )
    unit = forms.ChoiceField(
        label=_("Unit"),
        required=False,
        choices=list(UNITS.items()),
        help_text=_("How the value is written; it must fit what the formula gives."),
    )
    anchor = forms.ChoiceField(
        label=_("Dated by"),
        required=False,
        choices=list(ANCHORS.items()),
        help_text=_("The day that decides in which period a record counts."),
    )
    minimum_sample = forms.IntegerField(
        label=_("Smallest sample"),
        min_value=0,
        max_value=1_000_000,
        required=False,
        help_text=_("With fewer cases the value is shown but gives no points. 0: any number."),
    )


class KPIForm(FormulaForm):
    """All of a KPI. Only its shape is checked here: a draft may still lack much."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=list(THEMES.items()),
        help_text=_("Where it stands in the list of KPIs."),
    )
    better = forms.ChoiceField(
        label=_("Better"),
        choices=KPIVersion.Direction.choices,
        help_text=_("Whether a change is shown as good or bad; points come from the scheme."),
    )
    scope = forms.ChoiceField(
        label=_("Whose figure it is"),
        choices=KPIVersion.Scope.choices,
        help_text=_("One of the team or the centre is the same for everybody there."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, (english, chinese, is_long) in _TEXTS.items():
            for language, label in zip(_LANGUAGES, (english, chinese), strict=True):
                self.fields[f"{part}_{language}"] = forms.CharField(
                    label=label,
                    max_length=_LIMITS.get(part, 2000),
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput,
                    help_text=_HELP.get(part, "") if language == "en" else "",
                )

    def document(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The definition as the form says it; the worked example stays as it was."""
        said = self.cleaned_data
        parts: dict[str, Any] = {
            name: said[name] for name in ("theme", "unit", "better", "scope", "anchor")
        }
        parts["formula"] = " ".join(said["formula"].split())
        parts["minimum_sample"] = said["minimum_sample"] or 0
        for part in _TEXTS:
            parts[part] = {language: said[f"{part}_{language}"] for language in _LANGUAGES}
        kept = {part: before[part] for part in _KEPT if before.get(part)}
        if parts["formula"] != before.get("formula"):
            kept.pop("example", None)  # it was worked out for another formula
        return parts | kept


class NewKPIForm(forms.Form):
    """The code and the names a new KPI begins with."""

    code = forms.RegexField(
        rf"^{drafts.CODE}$",
        label=_("Code"),
        help_text=_(
            "Lower-case letters, digits and _, such as first_reply_in_time."
            " It cannot be changed later."
        ),
        error_messages={"invalid": _("Write lower-case letters, digits and _ only.")},
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120)

    def document(self) -> dict[str, Any]:
        """What the draft begins with."""
        said = self.cleaned_data
        return {
            "name": {"en": said["name_en"], "zh": said["name_zh"]},
            "theme": next(iter(THEMES)),
            "formula": "",
            "unit": "share",
            "better": "higher",
            "scope": "agent",
            "anchor": "day",
            "minimum_sample": 1,
        }


class ReturnForm(forms.Form):
    """Why a version is given back."""

    note = forms.CharField(
        label=_("What should be different"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def initial_of(version: KPIVersion) -> dict[str, Any]:
    """What the form begins with: the definition as it stands."""
    document = version.definition
    names = ("theme", "formula", "unit", "better", "scope", "anchor", "minimum_sample")
    initial = {name: document.get(name) for name in names}
    for part in _TEXTS:
        words = document.get(part)
        for language in _LANGUAGES:
            text = words.get(language, "") if isinstance(words, Mapping) else ""
            initial[f"{part}_{language}"] = text
    return initial


def text_pairs(form: KPIForm) -> list[tuple[forms.BoundField, forms.BoundField]]:
    """The fields of both languages, beside each other."""
    return [(form[f"{part}_en"], form[f"{part}_zh"]) for part in _TEXTS]


def vocabulary(language: str) -> dict[str, Any]:
    """What may stand in a formula, for completion: kinds of facts with their fields and codes."""
    return {
        fact.name: {
            "label": fact.label(language),
            "fields": {
                field.name: {"label": field.label(language), "codes": list(field.choices)}
                for field in fact.fields.values()
                if field.kind not in {"batch"}
            },
        }
        for fact in FACTS.values()
    }
