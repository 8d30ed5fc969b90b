import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import SchemeVersion
from appraisal.services import drafts
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("library")

S9 = "s9_after_sales_specialist"


@pytest.fixture
def file(tmp_path):
    """The shipped scheme of after-sales with one threshold changed."""
    text = StringIO()
    call_command("dump_scheme", S9, stdout=text)
    path = tmp_path / "scheme.yaml"
    path.write_text(text.getvalue().replace("at: '0.85'", "at: '0.86'"), encoding="utf-8")
    return path


def load(*arguments):
    out = StringIO()
    call_command("load_scheme", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_file_becomes_a_draft(file):
    assert load(file) == {"code": S9, "version": 2, "state": "draft", "changed": True}


def test_file_is_published_by_two_people(cast, file):
    told = load(file, "--publish", "--edited-by", "hana", "--approved-by", "mona")

    assert told == {"code": S9, "version": 2, "state": "published", "changed": True}
    version = SchemeVersion.objects.get(scheme__code=S9, number=2)
    assert (version.edited_by, version.approved_by) == (cast.hana, cast.mona)


def test_same_file_again_changes_nothing(file):
    load(file, "--publish")

    assert load(file, "--publish") == {
        "code": S9, "version": 2, "state": "published", "changed": False
    }  # fmt: skip
    out = StringIO()
    call_command("load_scheme", file, stdout=out)
    assert out.getvalue().strip() == f"{S9}: version 2, published, as before"


def begun_by(user):
    """A draft that somebody began on the pages."""
    scheme = SchemeVersion.objects.get(scheme__code=S9).scheme
    return drafts.start_draft(scheme=scheme, edited_by=user, now=NOW)


def test_draft_that_somebody_wrote_is_replaced_only_on_demand(cast, file):
    draft = begun_by(cast.hana)
    with pytest.raises(CommandError, match=r"a draft that hana edited last.*--replace"):
        load(file)
    draft.refresh_from_db()
    assert draft.edited_by == cast.hana
    out = StringIO()

    call_command("load_scheme", file, "--replace", stdout=out)

    assert out.getvalue().splitlines() == [
        f"{S9}: version 2, draft",
        "replaced the draft, last edited by hana at 2026-11-03 08:40 UTC",
    ]


def test_draft_that_waits_is_replaced_only_on_demand_and_waits_no_more(cast, file):
    draft = begun_by(cast.hana)
    change = draft.document | {"cycles": ["month"]}
    draft = drafts.save_draft(version=draft, change=change, edited_by=cast.hana, now=NOW)[0]
    drafts.ask_approval(version=draft, asked_by=cast.hana, note="", now=NOW)
    with pytest.raises(CommandError, match="Version 2 waits for approval"):
        load(file)

    told = load(file, "--replace")

    assert (told["state"], told["replaced"]) == (
        "draft",
        {
            "state": "draft that waited for approval",
            "edited_by": "hana",
            "edited_at": "2026-11-03 08:40 UTC",
        },
    )


def test_draft_of_the_system_is_replaced_and_named(file):
    load(file)
    file.write_text(file.read_text("utf-8").replace("'0.86'", "'0.87'"), encoding="utf-8")

    assert load(file)["replaced"]["edited_by"] == "nobody by name"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--publish", "--edited-by", "hana", "--approved-by", "hana"), "Two people"),
        (("--edited-by", "mona"), "Only HR"),
        (("--edited-by", "nobody"), "There is no user nobody."),
    ],
)
def test_wrong_people_are_refused(cast, file, arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("load_scheme", file, *arguments)


def test_faulty_file_is_refused_with_its_places(file):
    file.write_text(file.read_text("utf-8").replace("weight: 1", "weight: -1", 1), encoding="utf-8")

    with pytest.raises(CommandError, match=r"items\[0\].weight"):
        call_command("load_scheme", file)


def test_file_that_is_none_is_refused(tmp_path):
    binary = tmp_path / "photo.jpg"
    binary.write_bytes(b"\xff\xd8\xff")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_scheme", tmp_path / "missing.yaml")
    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("load_scheme", binary)


def test_draft_says_what_keeps_it_from_being_sent(file):
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("kpi: ", "kpi: un", 1), encoding="utf-8")
    out = StringIO()

    call_command("load_scheme", file, stdout=out)

    first, *left = out.getvalue().splitlines()
    assert first == f"{S9}: version 2, draft"
    assert left == [
        "to mend before it is sent: items[0].kpi: is not a KPI that is in use here",
    ]
