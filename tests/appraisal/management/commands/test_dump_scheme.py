import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import SchemeVersion
from appraisal.scoring.documents import list_shipped_documents

pytestmark = pytest.mark.usefixtures("library")


def dumped(*arguments):
    out = StringIO()
    call_command("dump_scheme", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("code", [one["code"] for one in list_shipped_documents()])
def test_scheme_given_out_and_taken_in_is_the_same(code, tmp_path):
    path = tmp_path / "scheme.yaml"
    path.write_text(dumped(code), encoding="utf-8")
    out = StringIO()

    call_command("load_scheme", path, "--publish", "--json", stdout=out)

    assert json.loads(out.getvalue())["changed"] is False
    assert dumped(code) == path.read_text("utf-8")


def test_version_is_chosen_by_its_number():
    document = SchemeVersion.objects.get(scheme__code="s9_after_sales_specialist").document

    assert json.loads(dumped(document["code"], "--version", "1", "--json")) == document


def test_scheme_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="There is no scheme nothing"):
        dumped("nothing")
    with pytest.raises(CommandError, match="There is no version 7 of scheme"):
        dumped("s9_after_sales_specialist", "--version", "7")
