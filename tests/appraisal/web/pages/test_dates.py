from datetime import date

import pytest
from django.utils import translation

from appraisal.web.pages import dates


@pytest.mark.parametrize(("language", "text"), [("en", "1 Sep"), ("zh-hans", "9月1日")])
def test_a_day_is_written_without_a_zero_before_the_month(language, text):
    with translation.override(language):
        assert dates.day_text(date(2026, 9, 1)) == text
