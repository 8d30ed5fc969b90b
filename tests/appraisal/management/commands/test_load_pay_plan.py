"""``load_pay_plan``: a file in, a draft on record."""

import json

import pytest
from django.core.management import CommandError, call_command

from appraisal.pay.documents import list_shipped_plans, write_document
from tests.pay import set_draft


def test_file_becomes_a_draft_and_says_what_is_missing(library, tmp_path, capsys):
    document = list_shipped_plans()[0] | {"code": "our_own"}
    path = tmp_path / "plan.yaml"
    path.write_text(write_document(json.loads(json.dumps(document, default=str))), "utf-8")

    call_command("load_pay_plan", str(path), "--json")

    told = json.loads(capsys.readouterr().out)
    assert (told["code"], told["version"]) == ("our_own", 1)
    assert "sale_rate" in told["missing"]


def test_faulty_file_is_refused_with_every_problem(library, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text("code: x\nlines: [{type: magic}]\n", "utf-8")

    with pytest.raises(CommandError, match=r"lines\[0\]\.type"):
        call_command("load_pay_plan", str(path))


def test_missing_file_is_named(library, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_pay_plan", str(tmp_path / "nothing.yaml"))


@pytest.mark.parametrize("code", ["x" * 65, "a b", "../etc"])
def test_plan_that_no_page_could_show_is_refused(library, tmp_path, code):
    path = tmp_path / "plan.yaml"
    document = json.loads(json.dumps(list_shipped_plans()[0] | {"code": code}, default=str))
    path.write_text(write_document(document), "utf-8")

    with pytest.raises(CommandError, match=r"code: must be of letters, digits, - and _"):
        call_command("load_pay_plan", str(path))


def test_figures_that_somebody_set_are_replaced_only_on_demand(cast, library, tmp_path, capsys):
    draft = set_draft(cast.hana)
    path = tmp_path / "plan.yaml"
    document = json.loads(json.dumps(list_shipped_plans()[0], default=str))
    path.write_text(write_document(document), "utf-8")

    with pytest.raises(CommandError, match=r"a draft that hana edited last\. .*--replace"):
        call_command("load_pay_plan", str(path))
    draft.refresh_from_db()
    assert draft.edited_by == cast.hana

    call_command("load_pay_plan", str(path), "--replace", "--json")
    assert "sale_rate" in json.loads(capsys.readouterr().out)["missing"]
