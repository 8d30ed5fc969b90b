from io import StringIO

import pytest
from django.core.management import call_command

from kpi.library.reading import shipped_definitions
from tests.factories import empty_library

pytestmark = pytest.mark.django_db


def test_it_says_what_it_did():
    empty_library()
    number = len(shipped_definitions())
    first, second = StringIO(), StringIO()

    call_command("load_library", stdout=first)
    call_command("load_library", stdout=second)

    assert first.getvalue() == f"KPIs: {number} added, 0 changed, 0 as before.\n"
    assert second.getvalue() == f"KPIs: 0 added, 0 changed, {number} as before.\n"
