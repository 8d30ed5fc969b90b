from decimal import Decimal

import pytest

from appraisal.models import Scheme, SchemeVersion
from appraisal.scoring.documents import list_shipped_documents, read_document
from appraisal.scoring.scheme import SchemeError, dump_scheme, parse_scheme
from appraisal.services import schemes
from tests.factories import NOW


@pytest.fixture
def document():
    return next(one for one in list_shipped_documents() if one["code"] == "s2_call_centre_agent")


def test_shipped_schemes_are_loaded_once(library):
    assert schemes.load_shipped_schemes(now=NOW) == 0

    codes = {one["code"] for one in list_shipped_documents()}
    assert set(Scheme.objects.values_list("code", flat=True)) == codes
    states = SchemeVersion.objects.values_list("scheme__code", "number", "state")
    assert set(states) == {(code, 1, "published") for code in codes}


def test_changed_document_becomes_the_next_version_and_keeps_the_old_one(library, document):
    document["grades"][0]["from"] = 92

    assert schemes.add_version(document, now=NOW) is True

    versions = SchemeVersion.objects.filter(scheme__code=document["code"]).order_by("number")
    assert [one.number for one in versions] == [1, 2]
    assert [str(one.document["grades"][0]["from"]) for one in versions] == ["90", "92"]


def test_version_carries_what_lists_show(library, document):
    version = SchemeVersion.objects.get(scheme__code=document["code"])

    assert (version.name_en, version.name_zh) == ("Call-centre agent", "呼叫中心坐席考核")
    assert (version.positions, version.cycles) == (["agent"], ["month", "quarter", "year"])


def test_faulty_document_changes_nothing(library, document):
    document["items"][0]["weight"] = -1

    with pytest.raises(SchemeError):
        schemes.add_version(document, now=NOW)

    assert SchemeVersion.objects.filter(scheme__code=document["code"]).count() == 1


def test_version_that_is_followed_is_retired(library, document):
    schemes.add_version(document | {"cycles": ["month"]}, now=NOW)

    states = SchemeVersion.objects.filter(scheme__code=document["code"]).order_by("number")
    assert [one.state for one in states] == ["retired", "published"]


def test_upgrade_leaves_a_scheme_that_hr_made_its_own(cast, library, document):
    own = document | {"cycles": ["month"]}
    schemes.add_version(own, now=NOW, edited_by=cast.hana, approved_by=cast.mona)

    assert schemes.load_shipped_schemes(now=NOW) == 0

    in_use = SchemeVersion.objects.get(scheme__code=document["code"], state="published")
    assert in_use.document["cycles"] == ["month"]


def test_migration_leaves_what_the_system_loaded_since(library, document):
    schemes.add_version(document | {"cycles": ["month"]}, now=NOW)

    assert schemes.load_shipped_schemes(now=NOW) == 0


def test_upgrade_brings_back_no_scheme_that_was_retired(library, document):
    SchemeVersion.objects.filter(scheme__code=document["code"]).update(state="retired")

    assert schemes.load_shipped_schemes(now=NOW) == 0


def test_one_person_does_not_publish_alone(cast, library, document):
    with pytest.raises(schemes.SamePerson):
        schemes.add_version(document, now=NOW, edited_by=cast.hana, approved_by=cast.hana)


@pytest.mark.parametrize("code", [one["code"] for one in list_shipped_documents()])
def test_document_written_as_yaml_is_read_back_identically(code):
    shipped = next(one for one in list_shipped_documents() if one["code"] == code)
    document = dump_scheme(parse_scheme(shipped))

    read = read_document(schemes.write_document(document))

    assert read == document
    assert schemes.write_document(dump_scheme(parse_scheme(read))) == schemes.write_document(
        document
    )


def test_exact_numbers_become_whole_ones_or_text():
    numbers = {"a": [Decimal("0.950"), Decimal("60.00")], "b": {"c": 3}}

    assert schemes.plain(numbers) == {"a": ["0.95", 60], "b": {"c": 3}}
