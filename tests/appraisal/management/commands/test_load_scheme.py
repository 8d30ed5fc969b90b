import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from appraisal.models import SchemeVersion

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
