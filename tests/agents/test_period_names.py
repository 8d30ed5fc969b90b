import pytest
from django.utils import translation

from agents import periods
from agents.period_names import long_name


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("2026-10", "October 2026"),
        ("2026-Q3", "Quarter 3 of 2026"),
        ("2026", "Year 2026"),
        ("2026-10-05..2026-10-12", "5 Oct 2026 to 11 Oct 2026"),
    ],
)
def test_period_is_named_with_its_year(code, english):
    with translation.override("en"):
        assert long_name(periods.parse(code)) == english
