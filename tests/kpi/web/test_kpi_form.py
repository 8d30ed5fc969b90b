"""The form of a KPI says what each field is for."""

import pytest

from kpi.web.kpi_form import KPIForm, NewKPIForm

SELF_EXPLAINING = {"name_en", "name_zh"}


@pytest.mark.parametrize("form", [KPIForm(), NewKPIForm()], ids=["editor", "new"])
def test_every_field_says_what_it_is_for(form):
    silent = {name for name, field in form.fields.items() if not field.help_text}

    # What is said of the English text holds for the Chinese one beside it.
    assert {name for name in silent if not name.endswith("_zh")} <= SELF_EXPLAINING


def test_field_shows_its_help_beside_the_control():
    form = KPIForm()

    assert "in which period a record counts" in str(form["anchor"].help_text)
    assert form["scope"].label == "Whose figure it is"
