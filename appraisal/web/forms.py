"""Forms of cycles: they validate shape, the services decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents import periods
from agents.periods import Period

_LONGEST_DAYS = 366
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


def _day_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, required=False, **options)


class OpenCycleForm(forms.Form):
    """A month, quarter or year by its code, or any days by the first and the last one."""

    period = forms.CharField(
        label=_("Month, quarter or year"),
        max_length=32,
        required=False,
        help_text=_("2026-10, 2026-Q3 or 2026"),
    )
    starts_on = _day_field(label=_("Or any days: from"))
    last_day = _day_field(label=_("to"), help_text=_("The last day, inclusive."))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean(self) -> dict[str, Any]:
        """Turn what was entered into one period."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        period = self._entered(cleaned)
        if period is not None:
            self._check(period)
            cleaned["chosen"] = period
        return cleaned

    def _entered(self, cleaned: dict[str, Any]) -> Period | None:
        text = str(cleaned.get("period", "")).strip()
        starts_on, last_day = cleaned.get("starts_on"), cleaned.get("last_day")
        if text and (starts_on or last_day):
            self.add_error(None, _("Name a period or give days, not both."))
        elif text:
            return self._parsed(text)
        elif starts_on and last_day:
            return self._between(starts_on, last_day)
        else:
            self.add_error(None, _("Name a period, or give the first and the last day."))
        return None

    def _parsed(self, text: str) -> Period | None:
        try:
            return periods.parse(text)
        except periods.BadPeriod:
            message = _("“%(text)s” is no period. Write 2026-10, 2026-Q3 or 2026.")
            self.add_error("period", message % {"text": text})
        return None

    def _between(self, starts_on: date, last_day: date) -> Period | None:
        if last_day < starts_on:
            self.add_error("last_day", _("The last day lies before the first."))
            return None
        if last_day.year > _LAST_YEAR:
            self.add_error("last_day", _("That year is out of range."))
            return None
        return periods.custom(starts_on, last_day + timedelta(days=1))

    def _check(self, period: Period) -> None:
        place = "starts_on" if period.kind == "custom" else "period"
        if not _FIRST_YEAR <= period.starts_on.year <= _LAST_YEAR:
            self.add_error(place, _("That year is out of range."))
        elif period.starts_on > self._today:
            self.add_error(place, _("That period has not begun: there is nothing to compute yet."))
        elif (period.ends_on - period.starts_on).days > _LONGEST_DAYS:
            self.add_error(place, _("A cycle is a year at most."))


class NoteForm(forms.Form):
    """What HR wants the manager to know."""

    note = forms.CharField(
        label=_("Note to the manager"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """Why a run goes back to HR."""

    answer = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
